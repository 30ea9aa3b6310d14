#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "models/pretrained.hpp"
#include "training/options.hpp"

#include <string>
#include <vector>

/// Checks of the inputs of training. Each function returns all problems of its kind. `train` refuses with the first
/// function that finds a problem, before anything is computed; `check` reports the problems of all.
namespace kaziranga::training {

/// The problems of the options alone: images must be named, the head must be one that is trained, every setting of
/// tune.grid must be valid, and the folders that are written into must lie outside the images.
std::vector<core::Problem> problems_of_options(const Options& options);

/// The problems of the classes of the data.
std::vector<core::Problem> problems_of_classes(const Options& options, const std::vector<std::string>& classes);

/// The problems of the usable images: each class needs some, and validation needs some if a key waits for it.
std::vector<core::Problem> problems_of_images(const Options& options, const std::vector<std::string>& classes,
                                              const data::Samples& train, const data::Samples& val);

/// The problems of the network with its weights: it must contain what model.freeze and train.unfreeze name, and must
/// have the source classes that head.inputs asks for.
std::vector<core::Problem> problems_of_network(const Options& options, const models::LoadedNetwork& loaded);

/// @throws core::Error with the problems, if there are any
void refuse(std::vector<core::Problem> problems);

}  // namespace kaziranga::training
