#pragma once

#include "models/heads.hpp"

namespace kaziranga::models {

/// The output layer that a network was pretrained with: what it says of an image in the classes of its source.
struct SourceLayer {
    torch::Tensor weight;  ///< [S, D]; undefined where the network has none
    torch::Tensor bias;    ///< [S]

    bool defined() const { return weight.defined(); }
    int64_t classes() const { return defined() ? weight.size(0) : 0; }
};

/// How much an image looks like each source class: softmax(weight x + bias)^(1/4). The root brings out what the network
/// thinks of the classes it does not choose; the idea of describing images by the classes of another task is that of
/// Torresani et al. 2010 ("Efficient object category recognition using classemes"), the root that of Perronnin et al.
/// 2010
/// ("Improving the Fisher kernel", section 3.2).
/// @param x  [..., D] or more, the features of the last stage first     @return  [..., S] in [0, 1]
torch::Tensor source_likeness(const torch::Tensor& x, const SourceLayer& layer);

/// A linear layer on features and their source_likeness together; the source layer stays as it is.
class SourceHead : public LinearHead {
  public:
    explicit SourceHead(const HeadSpec& spec);
    torch::Tensor forward(const torch::Tensor& x) override;

    void set_source(const SourceLayer& layer);
    SourceLayer source() const { return {source_weight_, source_bias_}; }

  private:
    torch::Tensor source_weight_;  ///< [S, D], a buffer
    torch::Tensor source_bias_;    ///< [S], a buffer
};

}  // namespace kaziranga::models
