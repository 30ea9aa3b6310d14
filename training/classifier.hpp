#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/preprocessing.hpp"
#include "data/dataset.hpp"
#include "models/registry.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// A network that is complete: it can say of an image which class it is.
struct Classifier {
    std::shared_ptr<models::Backbone> network;
    std::string architecture;
    core::Preprocessing preprocessing;
    std::vector<std::string> test_views = {"centre"};
    std::vector<std::string> classes;  ///< in order of their index
    std::vector<std::string> titles;   ///< what a person calls them; empty where the classes' names say it
    Options options;                   ///< device, precision, data and the like; never the model
};

/// Opens a run folder (its best weights), a checkpoint file, or a config whose network has its own output layer
/// (head.type: pretrained).
/// @param overrides  key=value on top of what the checkpoint's config says; model.*, head.* and features.test_views are
/// refused there
/// @throws core::Error when it is none of these
Classifier open_classifier(const std::filesystem::path& source, const std::vector<std::string>& overrides);

/// Logits of images, and which of them could not be used.
struct Logits {
    at::Tensor values;  ///< [N, K] float32, row i for samples[i]
    data::Samples samples;
    std::vector<core::Problem> skipped;
};

/// Inspects, reads and classifies images with progress.
/// @throws core::Error listing the images that cannot be used, unless data.on_error is skip; when none is left
Logits classify(const Classifier& classifier, const data::Samples& samples);

/// What val evaluates: the labelled folder, or without one the run's own test split (validation where there is none).
/// @throws core::Error when there is neither, or the classes do not match by name
data::Samples evaluation_samples(const Classifier& classifier, const std::filesystem::path& folder);

}  // namespace kaziranga::training
