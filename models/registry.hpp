#pragma once

#include "core/preprocessing.hpp"
#include "models/backbone.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::models {

/// The same network in another library: it can load the weights without changes.
struct Peer {
    std::string library;  ///< "torchvision", "timm"; empty if no other library has the network
    std::string model;    ///< "resnet18", "tf_efficientnet_lite0"
};

/// A network that can be requested by name.
struct Architecture {
    std::string name;                  ///< "resnet18", "efficientnet_lite0"
    std::vector<std::string> aliases;  ///< "tf_efficientnet_lite0"
    Peer peer;
    core::Preprocessing preprocessing;      ///< of its published ImageNet weights
    std::vector<std::string> weight_files;  ///< known file names of its published weights, best first
    std::function<std::shared_ptr<Backbone>(int64_t num_classes)> make;  ///< random initial weights
};

/// @throws core::Error for an unknown name, with all names and the nearest one
const Architecture& find_architecture(const std::string& name);

/// All names, in order.
std::vector<std::string> architecture_names();

}  // namespace kaziranga::models
