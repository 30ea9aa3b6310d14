#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "models/pretrained.hpp"
#include "training/options.hpp"

#include <string>
#include <vector>

/// What training asks of what it is given. Each question returns all that is wrong in its respect: `train` refuses with
/// the first that finds something, before anything is computed; `check` says the whole.
namespace kaziranga::training {

/// Of the options alone: images are named, the head is one that is trained, every setting of tune.grid is one, and the
/// folders that are written into lie outside the images.
std::vector<core::Problem> faults_of_options(const Options& options);

/// Of the classes that the data has.
std::vector<core::Problem> faults_of_classes(const Options& options, const std::vector<std::string>& classes);

/// Of the images that can be used: some of each class, and validation where a key waits for it.
std::vector<core::Problem> faults_of_images(const Options& options, const std::vector<std::string>& classes,
                                            const data::Samples& train, const data::Samples& val);

/// Of the network with its weights: what model.freeze and train.unfreeze name is in it, and it has the source classes
/// that head.inputs asks for.
std::vector<core::Problem> faults_of_network(const Options& options, const models::LoadedNetwork& loaded);

/// @throws core::Error with the faults, when there are any
void refuse(std::vector<core::Problem> faults);

}  // namespace kaziranga::training
