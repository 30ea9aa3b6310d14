#pragma once

#include "models/heads.hpp"

namespace kaziranga::models {

/// The output layer of the pretraining: it classifies an image into the classes of its source.
struct SourceLayer {
    torch::Tensor weight;  ///< [S, D]; undefined where the network has none
    torch::Tensor bias;    ///< [S]

    bool defined() const { return weight.defined(); }
    int64_t classes() const { return defined() ? weight.size(0) : 0; }
};

/// The similarity of an image to each source class: softmax(weight x + bias)^(1/4). The root raises the scores of the
/// classes that the network does not choose. The idea to describe images by the classes of another task is from
/// Torresani et al. 2010 ("Efficient object category recognition using classemes"), the root from Perronnin et al. 2010
/// ("Improving the Fisher kernel", section 3.2).
/// @param x  [..., D] or more, with the features of the last stage first     @return  [..., S] in [0, 1]
torch::Tensor source_likeness(const torch::Tensor& x, const SourceLayer& layer);

/// A linear layer on the features together with their source_likeness; the source layer does not change.
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
