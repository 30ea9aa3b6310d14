#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/heads.hpp"

namespace kaziranga::models {

/// A classification network: images to pooled features to logits. Parameters and buffers are registered under the
/// names of its Python counterpart (torchvision's or timm's), the output layer included.
class Backbone : public torch::nn::Module {
  public:
    /// @param x  [N, 3, H, W] floating point, normalised
    /// @return   [N, feature_dim()] after global average pooling
    virtual torch::Tensor features(torch::Tensor x) = 0;

    /// Names of the modules from the image to the features, grouped as a learning rate that falls with the depth, or
    /// an unfreezing from the top, takes them together. The output layer is not among them.
    virtual std::vector<std::vector<std::string>> layer_groups() const = 0;

    /// @param x  [N, feature_dim()] float32     @return  [N, classes]
    torch::Tensor classify(const torch::Tensor& x) { return head_->forward(x); }

    /// @param x  [N, 3, H, W] floating point, normalised     @return  [N, classes]
    torch::Tensor forward(torch::Tensor x) { return classify(features(std::move(x))); }

    int64_t feature_dim() const { return head_->spec().features; }
    int64_t num_classes() const { return head_->spec().classes; }

    /// The registered name of the output layer: "fc" or "classifier".
    const std::string& classifier_name() const { return classifier_name_; }
    const std::shared_ptr<Head>& head() const { return head_; }
    /// Puts another output layer in the place of the present one.
    void set_head(std::shared_ptr<Head> head);

  protected:
    /// Registers a linear output layer; called last by the constructors of networks.
    void register_classifier(const std::string& name, int64_t feature_dim, int64_t num_classes);

  private:
    std::shared_ptr<Head> head_;
    std::string classifier_name_;
};

}  // namespace kaziranga::models
