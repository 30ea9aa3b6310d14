#pragma once

#include "core/hash.hpp"
#include "models/registry.hpp"
#include "models/source_head.hpp"
#include "training/features/extraction.hpp"
#include "training/heads/selection.hpp"
#include "training/loop/trainer.hpp"
#include "training/options.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/run_splits.hpp"
#include "training/run/usable_images.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace kaziranga::training {

/// The inputs of a method; all of them outlive it.
struct RunContext {
    const Options& options;
    const models::Architecture& architecture;
    models::Backbone& network;
    const models::SourceLayer& source;  ///< the output layer of the pretraining; may be undefined
    RunImages& images;
    ImageSieve& sieve;
    const std::vector<std::string>& classes;
    const RunFolder& folder;
    c10::Device device;
};

FeatureExtractor::Settings extractor_settings(const RunContext& context);

/// A way to train the network: its head on cached features, or more of it on images.
class Method {
  public:
    virtual ~Method() = default;

    /// Does the long work before training, such as computing features. Removes images that turn out unusable from the
    /// run.
    /// @throws core::Error for such images if data.on_error is refuse
    virtual void prepare() = 0;

    /// A hash of everything that the training depends on, except the config.
    virtual core::Hash128 identity() const = 0;

    virtual TrainingState train(TrainingState state, const SaveState& save) = 0;

    /// Puts weights that train() returned into the network.
    virtual void install(const models::StateDict& weights) = 0;

    /// Logits [N, K] of the usable images of a split with the network in its current state, by the views of
    /// features.test_views. For training images uses fewer views: those that a head was fitted to, or the first.
    virtual at::Tensor logits(data::Split split) = 0;
};

/// Trains a new head on the features of a frozen backbone, which are computed once per image and view.
std::unique_ptr<Method> make_head_training(const RunContext& context);

/// Trains more of the network than its head, on images that are decoded again in each epoch. Modules named in
/// model.freeze keep their weights and their batch-norm statistics.
/// @throws core::Error for a name in model.freeze that is no module
std::unique_ptr<Method> make_fine_tuning(const RunContext& context);

/// The features of one split and their labels.
struct SplitFeatures {
    at::Tensor x;  ///< [N, V, D] float32
    at::Tensor y;  ///< [N] int64
};

/// Computes the features of a split's images. Removes images that turn out unusable from the split.
SplitFeatures extract_split(const RunContext& context, const FeatureExtractor& extractor, const std::string& phase,
                            UsableImages& images, const Views& views, FeatureCache& cache);

/// The views of the training images that a head is fitted to.
TrainingViews views_to_fit(const RunContext& context);

/// Finds the head that head.type names, on features of the training images in views_to_fit. Writes the table of
/// candidates into the run folder.
std::shared_ptr<models::Head> find_head(const RunContext& context, const SplitFeatures& training);

/// Writes a picture of the first training images, as the network sees them, into the run folder.
/// @param images  [N, 3, H, W] uint8     @param labels  [N]
void draw_train_batch(const RunContext& context, const at::Tensor& images, const std::vector<int64_t>& labels);

}  // namespace kaziranga::training
