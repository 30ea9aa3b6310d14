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

/// What a method works with; all of it outlives the method.
struct RunContext {
    const Options& options;
    const models::Architecture& architecture;
    models::Backbone& network;
    const models::SourceLayer& source;  ///< what the network was pretrained with; may be undefined
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

    /// The long work before training, such as features. Images that turn out unusable are taken out of the run's.
    /// @throws core::Error for them when data.on_error is refuse
    virtual void prepare() = 0;

    /// Everything the training depends on, the config aside.
    virtual core::Hash128 identity() const = 0;

    virtual TrainingState train(TrainingState state, const SaveState& save) = 0;

    /// Puts weights that train() returned into the network.
    virtual void install(const models::StateDict& weights) = 0;

    /// Logits [N, K] of a split's usable images by the network as it is now, by the views of features.test_views; of
    /// training images by fewer: those that a head was fitted to, or the first.
    virtual at::Tensor logits(data::Split split) = 0;
};

/// A new head on the features of a frozen backbone, computed once an image and view.
std::unique_ptr<Method> make_head_training(const RunContext& context);

/// More of the network than its head, on images decoded anew each epoch; modules named in model.freeze keep their
/// weights and their batch-norm statistics.
/// @throws core::Error for a name in model.freeze that is no module
std::unique_ptr<Method> make_fine_tuning(const RunContext& context);

/// Features of one split and what they are of.
struct SplitFeatures {
    at::Tensor x;  ///< [N, V, D] float32
    at::Tensor y;  ///< [N] int64
};

/// Features of a split's images; those that turn out unusable are taken out of the split.
SplitFeatures extract_split(const RunContext& context, const FeatureExtractor& extractor, const std::string& phase,
                            UsableImages& images, const Views& views, FeatureCache& cache);

/// The views of the training images that a head is fitted to.
TrainingViews views_to_fit(const RunContext& context);

/// Finds the head that head.type names on features of the training images in views_to_fit and writes the table of
/// candidates into the run folder.
std::shared_ptr<models::Head> find_head(const RunContext& context, const SplitFeatures& training);

/// Writes what the network sees of the first training images into the run folder.
/// @param images  [N, 3, H, W] uint8     @param labels  [N]
void draw_train_batch(const RunContext& context, const at::Tensor& images, const std::vector<int64_t>& labels);

}  // namespace kaziranga::training
