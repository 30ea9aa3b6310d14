#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>

namespace kaziranga::models {

/// A classification network: images to pooled features to logits. Parameters and buffers are registered under the
/// names of its Python counterpart (torchvision's or timm's), the output layer included.
class Backbone : public torch::nn::Module {
  public:
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, feature_dim()] after global average pooling
    virtual torch::Tensor features(torch::Tensor x) = 0;

    /// @param x  [N, feature_dim()]     @return  [N, classes]
    torch::Tensor classify(const torch::Tensor& x) { return classifier_->forward(x); }

    /// @param x  [N, 3, H, W] floating point, normalised     @return  [N, classes]
    torch::Tensor forward(torch::Tensor x) { return classify(features(std::move(x))); }

    int64_t feature_dim() const { return classifier_->options.in_features(); }
    int64_t num_classes() const { return classifier_->options.out_features(); }

    /// The registered name of the output layer: "fc" or "classifier".
    const std::string& classifier_name() const { return classifier_name_; }
    torch::nn::Linear& classifier() { return classifier_; }

  protected:
    /// Registers the output layer; called last by the constructors of networks.
    void register_classifier(const std::string& name, int64_t feature_dim, int64_t num_classes);

  private:
    torch::nn::Linear classifier_{nullptr};
    std::string classifier_name_;
};

}  // namespace kaziranga::models
