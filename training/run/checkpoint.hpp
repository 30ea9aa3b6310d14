#pragma once

#include "core/hash.hpp"
#include "core/preprocessing.hpp"
#include "models/backbone.hpp"
#include "models/registry.hpp"
#include "models/weights/state_dict.hpp"
#include "training/features/options.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::training {

/// The description in a checkpoint: everything that is needed to use the weights.
struct CheckpointInfo {
    std::string architecture;
    core::Preprocessing preprocessing;
    std::vector<std::string> classes;  ///< in order of their index
    std::vector<ViewKind> test_views;  ///< views whose mean logits are the logits of an image
    std::string head;                  ///< the head.type of the output layer
    models::HeadSpec head_spec;        ///< the form of the output layer
    std::string config;  ///< the resolved config, without keys that only say where the run was made and without paths
                         ///< of the machine
    std::string backbone_hash;  ///< result of hash_backbone
    std::string head_hash;      ///< result of hash_head
    int64_t epoch = 0;          ///< epoch after which the weights were taken
};

inline constexpr int64_t kCheckpointVersion = 4;
/// The last version whose files had a checksum of the weights only; such files can still be read.
inline constexpr int64_t kUnsealedVersion = 3;

/// Writes the whole network, including the output layer, under its Python names. The file loads directly into
/// torchvision or timm if the head is linear in the features of the last stage. The bytes depend only on weights and
/// info.
void save_checkpoint(const std::filesystem::path& path, const models::Backbone& network, const CheckpointInfo& info);

/// The library and the model that a checkpoint loads into; empty if the network or the kind of its head exists only
/// here.
models::Peer peer_of(const models::Architecture& architecture, const models::HeadSpec& head);

struct Checkpoint {
    CheckpointInfo info;
    models::StateDict weights;
};

/// @throws core::Error when the file is damaged, no checkpoint of this program, or of a newer version
Checkpoint load_checkpoint(const std::filesystem::path& path);

}  // namespace kaziranga::training
