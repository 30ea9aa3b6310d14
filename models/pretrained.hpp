#pragma once

#include "models/options.hpp"
#include "models/registry.hpp"
#include "models/source_head.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace kaziranga::models {

/// Finds the file of a network's published weights. Searches $KAZIRANGA_WEIGHTS, ./weights, weights/ beside the folder
/// of the program, and the caches of torch.hub.
/// @throws core::Error with the file names and the folders when none of them has it
std::filesystem::path find_pretrained(const Architecture& architecture);

/// The file that model.weights names, unless that is random: find_pretrained() or the path itself, which need not
/// exist.
std::filesystem::path weights_file(const ModelOptions& options);

struct LoadedNetwork {
    std::shared_ptr<Backbone> network;
    SourceLayer source;  ///< the output layer that the new one replaced; undefined if the file has none
};

/// Builds the network that the options name and loads its weights.
/// @param num_classes    outputs of the new, zeroed output layer; 0 keeps the published one with its number of outputs
/// @param seed           for random weights
LoadedNetwork load_network(const ModelOptions& options, int64_t num_classes, uint64_t seed);

}  // namespace kaziranga::models
