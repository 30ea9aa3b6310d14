#pragma once

#include "core/preprocessing.hpp"
#include "models/backbone.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
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

/// The names under which published weights are looked for: the published files, then usual names for renamed files.
/// @param published  best first; null pointers are skipped
std::vector<std::string> weight_files(std::span<const char* const> published, const std::vector<std::string>& names);

/// The networks of one family, smallest first. A new family needs its source file and a place in these two lines.
using Family = std::vector<Architecture>();
Family resnets, efficientnet_lites;
inline constexpr Family* kFamilies[] = {resnets, efficientnet_lites};

}  // namespace kaziranga::models
