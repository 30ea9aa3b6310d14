#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "models/pretrained.hpp"
#include "training/options.hpp"

#include <string>
#include <vector>

/// Checks of the inputs of training. Each function returns all faults of its kind. `train` refuses with the first
/// function that finds a fault, before anything is computed; `check` reports the faults of all.
namespace kaziranga::training {

/// The faults of the options alone: images must be named, the head must be one that is trained, every setting of
/// tune.grid must be valid, and the folders that are written into must lie outside the images.
std::vector<core::Problem> faults_of_options(const Options& options);

/// The faults of the classes of the data.
std::vector<core::Problem> faults_of_classes(const Options& options, const std::vector<std::string>& classes);

/// The faults of the usable images: each class needs some, and validation needs some if a key waits for it.
std::vector<core::Problem> faults_of_images(const Options& options, const std::vector<std::string>& classes,
                                            const data::Samples& train, const data::Samples& val);

/// The faults of the network with its weights: it must contain what model.freeze and train.unfreeze name, and must have
/// the source classes that head.inputs asks for.
std::vector<core::Problem> faults_of_network(const Options& options, const models::LoadedNetwork& loaded);

/// @throws core::Error with the faults, if there are any
void refuse(std::vector<core::Problem> faults);

}  // namespace kaziranga::training
