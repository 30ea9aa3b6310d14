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

/// What a checkpoint says beside its weights: everything that is needed to use them.
struct CheckpointInfo {
    std::string architecture;
    core::Preprocessing preprocessing;
    std::vector<std::string> classes;  ///< in order of their index
    std::vector<ViewKind> test_views;  ///< that its logits are the mean of
    std::string head;                  ///< how the output layer was found
    models::HeadSpec head_spec;        ///< what it is
    std::string config;                ///< the resolved config, without what only says where the run was made and
                                       ///< without paths of the machine
    std::string backbone_hash;         ///< hash_backbone's
    std::string head_hash;             ///< hash_head's
    int64_t epoch = 0;                 ///< after which the weights were taken
};

inline constexpr int64_t kCheckpointVersion = 4;
/// The last version whose files had a checksum of their weights alone; they can still be read.
inline constexpr int64_t kUnsealedVersion = 3;

/// Writes the whole network, output layer included, under its Python names: the file loads into torchvision or timm as
/// it is where the head is linear in the features of the last stage. The bytes depend on weights and info alone.
void save_checkpoint(const std::filesystem::path& path, const models::Backbone& network, const CheckpointInfo& info);

/// Whose network a checkpoint loads into: nothing where the network or the kind of its head is only ours.
models::Peer peer_of(const models::Architecture& architecture, const models::HeadSpec& head);

struct Checkpoint {
    CheckpointInfo info;
    models::StateDict weights;
};

/// @throws core::Error when the file is damaged, no checkpoint of this program, or of a newer version
Checkpoint load_checkpoint(const std::filesystem::path& path);

}  // namespace kaziranga::training
