#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "core/preprocessing.hpp"
#include "models/backbone.hpp"
#include "models/weights/state_dict.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What a checkpoint says beside its weights: everything that is needed to use them.
struct CheckpointInfo {
    std::string architecture;
    core::Preprocessing preprocessing;
    std::vector<std::string> classes;  ///< in order of their index
    std::string head;                  ///< how the output layer was trained
    std::string config;                ///< the resolved config, without what only says where the run was made
    std::string backbone_hash;
    int64_t epoch = 0;                 ///< after which the weights were taken
};

inline constexpr int64_t kCheckpointVersion = 1;

/// Writes the whole network, output layer included, under its Python names: the file loads into torchvision or timm as
/// it is. The bytes depend on weights and info alone.
void save_checkpoint(const std::filesystem::path& path, const models::Backbone& network, const CheckpointInfo& info);

struct Checkpoint {
    CheckpointInfo info;
    models::StateDict weights;
};

/// @throws core::Error when the file is damaged, no checkpoint of this program, or of a newer version
Checkpoint load_checkpoint(const std::filesystem::path& path);

}  // namespace kaziranga::training
