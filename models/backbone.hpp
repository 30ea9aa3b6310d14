#pragma once

#include "models/blocks.hpp"
#include "models/heads.hpp"
#include "models/layers/receptive_field.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

/// The features that a network returns for an image: the pooled features of its last stage, or of all stages.
enum class FeatureSet { kLastStage, kAllStages };

/// A classification network: images to pooled features to logits. Parameters and buffers are registered under the
/// names of its Python counterpart (torchvision's or timm's), the output layer included.
class Backbone : public torch::nn::Module {
  public:
    /// Returns the features after global average pooling: those of the last stage, then the pooled outputs of the
    /// earlier stages in order if feature_set() includes them.
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, feature_dim()]
    torch::Tensor features(torch::Tensor x);

    /// The features of the last stage before the pooling.
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, last_dim(), H', W']
    torch::Tensor feature_map(torch::Tensor x) { return map_features(std::move(x), nullptr); }

    /// The receptive field of feature_map() along one axis, for images with this number of pixels.
    virtual Field field(int64_t pixels) const = 0;

    /// The StepRange of every step, for normalised images.
    virtual StepRanges step_ranges() const = 0;

    virtual void each_step(const StepVisitor& visit) = 0;

    /// Switches to faster inference only, with the parameters and statistics of this moment: see FusedConv. Several
    /// threads may then pass images through the network at the same time.
    /// @param precision  of the images from now on: float32 or bfloat16
    /// @throws core::Error when weights and batch norms together are not finite
    void fuse(torch::Dtype precision);

    /// Switches to inference only, on the CPU, with 8-bit weights and activations. The batch norms give the ranges: see
    /// QuantisedConv. Images must then be kQUInt8; several threads may pass them at the same time.
    /// @throws core::Error when weights and batch norms together are not finite
    void quantise();

    /// Names of the modules from the image to the features, in groups. A learning rate that falls with depth, or an
    /// unfreezing from the top, treats each group as a unit. The output layer is not included.
    virtual std::vector<std::vector<std::string>> layer_groups() const = 0;

    /// @param x  [N, feature_dim()] float32     @return  [N, classes]
    torch::Tensor classify(const torch::Tensor& x) { return head_->forward(x); }

    /// @param x  [N, 3, H, W] floating point, normalised     @return  [N, classes]
    torch::Tensor forward(torch::Tensor x) { return classify(features(std::move(x))); }

    FeatureSet feature_set() const { return feature_set_; }
    /// Returns these features from now on, even if the present head takes others.
    void give(FeatureSet features) { feature_set_ = features; }
    int64_t feature_dim() const { return last_dim_ + given_stage_dim(); }
    /// Number of features of the last stage alone.
    int64_t last_dim() const { return last_dim_; }
    /// Number of pooled outputs of all earlier stages together.
    int64_t stage_dim() const { return stage_dim_; }
    /// The part of stage_dim() that is in the features.
    int64_t given_stage_dim() const { return feature_set_ == FeatureSet::kAllStages ? stage_dim_ : 0; }
    int64_t num_classes() const { return head_->spec().classes; }

    /// The registered name of the output layer: "fc" or "classifier".
    const std::string& classifier_name() const { return classifier_name_; }
    const std::shared_ptr<Head>& head() const { return head_; }
    /// The spec of a linear head for the present features.
    HeadSpec linear_spec() const {
        return {.features = feature_dim(), .stage_features = given_stage_dim(), .classes = num_classes()};
    }
    /// Replaces the output layer, and from now on returns the features that the new one takes.
    void set_head(std::shared_ptr<Head> head);
    /// True if the head accepts the network's features of the last stage, or of all stages.
    bool fits(const HeadSpec& spec) const;

  protected:
    /// Registers a linear output layer. The constructors of networks call it last.
    /// @param stage_dim  channels of the stages that map_features() reports, all together
    void register_classifier(const std::string& name, int64_t last_dim, int64_t stage_dim, int64_t num_classes);

    /// @param stages  receives the pooled output of each stage before the last, [N, channels]; may be null
    /// @return        the features of the last stage, [N, last_dim(), H', W']
    virtual torch::Tensor map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) = 0;

    /// The means over height and width, in float32 if the values have a lower precision.
    static torch::Tensor pool(const torch::Tensor& values);

  private:
    int64_t last_dim_ = 0;
    int64_t stage_dim_ = 0;
    FeatureSet feature_set_ = FeatureSet::kLastStage;
    std::shared_ptr<Head> head_;
    std::string classifier_name_;
};

}  // namespace kaziranga::models
