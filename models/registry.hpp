#pragma once

#include "core/preprocessing.hpp"
#include "models/backbone.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::models {

/// Whose network it is: one of this name there takes the weights as they are.
struct Peer {
    std::string library;  ///< "torchvision", "timm"; empty where the network is only ours
    std::string model;    ///< "resnet18", "tf_efficientnet_lite0"
};

/// A network that can be asked for by name.
struct Architecture {
    std::string name;                  ///< "resnet18", "efficientnet_lite0"
    std::vector<std::string> aliases;  ///< "tf_efficientnet_lite0"
    Peer peer;
    core::Preprocessing preprocessing;      ///< of its published ImageNet weights
    std::vector<std::string> weight_files;  ///< file names its published weights are known under, best first
    std::function<std::shared_ptr<Backbone>(int64_t num_classes)> make;  ///< random initial weights
};

/// @throws core::Error for an unknown name, listing the names and the nearest
const Architecture& find_architecture(const std::string& name);

/// All names, in order.
std::vector<std::string> architecture_names();

}  // namespace kaziranga::models
