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

/// What a network gives of an image: the pooled features of its last stage, or of all stages.
enum class FeatureSet { kLastStage, kAllStages };

/// A classification network: images to pooled features to logits. Parameters and buffers are registered under the
/// names of its Python counterpart (torchvision's or timm's), the output layer included.
class Backbone : public torch::nn::Module {
  public:
    /// After global average pooling: the features of the last stage and, where feature_set() has them, the pooled
    /// outputs of the stages before it, in their order.
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, feature_dim()]
    torch::Tensor features(torch::Tensor x);

    /// The last features before the pooling.
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, last_dim(), H', W']
    torch::Tensor feature_map(torch::Tensor x) { return map_features(std::move(x), nullptr); }

    /// What the places of feature_map() depend on, along one axis of images of so many pixels.
    virtual Field field(int64_t pixels) const = 0;

    /// The ranges of every step, for normalised images.
    virtual StepRanges step_ranges() const = 0;

    virtual void each_step(const StepVisitor& visit) = 0;

    /// From now on only infers, faster and with the parameters and statistics of this moment: see FusedConv. Several
    /// threads may pass images through it at once.
    /// @param precision  of the images from now on: float32 or bfloat16
    /// @throws core::Error when weights and batch norms together are not finite
    void fuse(torch::Dtype precision);

    /// From now on only infers, on the CPU, with 8-bit weights and activations whose ranges the batch norms tell: see
    /// QuantisedConv. Several threads may pass images through it at once; those are kQUInt8 then.
    /// @throws core::Error when weights and batch norms together are not finite
    void quantise();

    /// Names of the modules from the image to the features, grouped as a learning rate that falls with the depth, or
    /// an unfreezing from the top, takes them together. The output layer is not among them.
    virtual std::vector<std::vector<std::string>> layer_groups() const = 0;

    /// @param x  [N, feature_dim()] float32     @return  [N, classes]
    torch::Tensor classify(const torch::Tensor& x) { return head_->forward(x); }

    /// @param x  [N, 3, H, W] floating point, normalised     @return  [N, classes]
    torch::Tensor forward(torch::Tensor x) { return classify(features(std::move(x))); }

    FeatureSet feature_set() const { return feature_set_; }
    /// From now on gives these features, whatever the present head takes.
    void give(FeatureSet features) { feature_set_ = features; }
    int64_t feature_dim() const { return last_dim_ + given_stage_dim(); }
    /// Features of the last stage alone.
    int64_t last_dim() const { return last_dim_; }
    /// All pooled outputs of the stages before it together.
    int64_t stage_dim() const { return stage_dim_; }
    /// The part of them that is in the features.
    int64_t given_stage_dim() const { return feature_set_ == FeatureSet::kAllStages ? stage_dim_ : 0; }
    int64_t num_classes() const { return head_->spec().classes; }

    /// The registered name of the output layer: "fc" or "classifier".
    const std::string& classifier_name() const { return classifier_name_; }
    const std::shared_ptr<Head>& head() const { return head_; }
    /// What a linear head of the given features is.
    HeadSpec linear_spec() const {
        return {.features = feature_dim(), .stage_features = given_stage_dim(), .classes = num_classes()};
    }
    /// Puts another output layer in the place of the present one, and gives the features that it takes.
    void set_head(std::shared_ptr<Head> head);
    /// Whether a head takes what the network gives: features of the last stage, or of all stages.
    bool fits(const HeadSpec& spec) const;

  protected:
    /// Registers a linear output layer; called last by the constructors of networks.
    /// @param stage_dim  channels of the stages that pooled_features() tells of, all together
    void register_classifier(const std::string& name, int64_t last_dim, int64_t stage_dim, int64_t num_classes);

    /// @param stages  takes the pooled output of each stage before the last, [N, channels]; may be null
    /// @return        the features of the last stage, [N, last_dim(), H', W']
    virtual torch::Tensor map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) = 0;

    /// The means, in float32 where the values have fewer digits.
    static torch::Tensor pool(const torch::Tensor& values);

  private:
    int64_t last_dim_ = 0;
    int64_t stage_dim_ = 0;
    FeatureSet feature_set_ = FeatureSet::kLastStage;
    std::shared_ptr<Head> head_;
    std::string classifier_name_;
};

}  // namespace kaziranga::models
