#pragma once

#include "models/head_form.hpp"

#include <cstdint>
#include <memory>
#include <string>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace kaziranga::models {

/// The description of an output layer without its weights: enough to build it before they are loaded.
struct HeadSpec {
    HeadForm form = HeadForm::kLinear;
    int64_t features = 0;        ///< D, number of inputs
    int64_t stage_features = 0;  ///< P, the last of those: pooled from the stages before the network's last one
    int64_t classes = 0;         ///< K, number of outputs
    int64_t source_classes = 0;  ///< source: S, outputs of the pretrained output layer
    int64_t hidden = 0;          ///< mlp: units of its hidden layer
    int64_t bank = 0;            ///< neighbours: stored rows
    int64_t neighbours = 0;      ///< neighbours: number of nearest rows that vote
    double temperature = 1;      ///< neighbours: of their votes
};

/// Scales each row to length one; a row of zeros stays the same.
/// @param x  [N, D]
torch::Tensor unit_rows(const torch::Tensor& x);

/// An output layer: pooled features to logits.
class Head : public torch::nn::Module {
  public:
    /// @param x  [N, D] float32     @return  [N, K]
    virtual torch::Tensor forward(const torch::Tensor& x) = 0;

    /// The reason why its tensors, which may come from an untrusted file, cannot be used; empty if they can.
    virtual std::string problem() const { return {}; }

    const HeadSpec& spec() const { return spec_; }

  protected:
    explicit Head(const HeadSpec& spec) : spec_(spec) {}

  private:
    HeadSpec spec_;
};

/// The mean of an image's logits over its views.
/// @param features  [N, V, D] or more; the head takes the first D; on any device     @return  [N, K] on the CPU
torch::Tensor mean_logits(Head& head, const torch::Tensor& features);

/// W x + b, with the parameter names and the initial weights of PyTorch's Linear.
class LinearHead : public Head {
  public:
    explicit LinearHead(const HeadSpec& spec);
    torch::Tensor forward(const torch::Tensor& x) override;

    torch::Tensor weight;  ///< [K, D], or [K, D + S] of a source head
    torch::Tensor bias;    ///< [K]
};

/// A head for standardised features, (x - mean) * scale. It stores mean and scale; a linear head folds them.
class StandardisedHead : public Head {
  public:
    torch::Tensor mean;   ///< [D], a buffer
    torch::Tensor scale;  ///< [D], a buffer

    void set(const torch::Tensor& new_mean, const torch::Tensor& new_scale);

  protected:
    explicit StandardisedHead(const HeadSpec& spec);
    torch::Tensor standardise(const torch::Tensor& x) const { return (x - mean) * scale; }
};

/// scale * cos(z, w_k) for each class, with a learned scale.
/// Source: Gidaris and Komodakis 2018, eq. 4 (arXiv:1804.09458)
class CosineHead : public StandardisedHead {
  public:
    explicit CosineHead(const HeadSpec& spec);
    torch::Tensor forward(const torch::Tensor& x) override;

    torch::Tensor weight;     ///< [K, D], rows of any length
    torch::Tensor log_scale;  ///< [], logarithm of the factor before the softmax
};

/// One hidden layer with GELU.
class MlpHead : public StandardisedHead {
  public:
    explicit MlpHead(const HeadSpec& spec);
    torch::Tensor forward(const torch::Tensor& x) override;

  private:
    torch::Tensor hidden_weight_, hidden_bias_, weight_, bias_;
};

/// The classes of the nearest stored images by cosine similarity, each of which votes exp(cos / temperature). A logit
/// is the logarithm of a class's votes; the vote of the nearest image is 1. A class without votes gets a tenth of the
/// weakest vote, because its images could have had that vote at most. logit_scale multiplies and calibrates all logits.
/// Source: Wu et al. 2018, section 3.4 (arXiv:1805.01978)
class NeighboursHead : public StandardisedHead {
  public:
    explicit NeighboursHead(const HeadSpec& spec);
    torch::Tensor forward(const torch::Tensor& x) override;
    std::string problem() const override;

    torch::Tensor bank;         ///< [bank, D], rows of length one, a buffer
    torch::Tensor labels;       ///< [bank] int64, a buffer
    torch::Tensor logit_scale;  ///< [], a buffer
};

}  // namespace kaziranga::models
