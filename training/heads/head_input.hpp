#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "models/source_head.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What heads are fitted to: the features themselves, or the image's likeness to the source classes.
struct HeadInput {
    at::Tensor x;                ///< [N, V, D] or [N, V, S] float32
    models::SourceLayer source;  ///< that x was made with; undefined where x is the features

    /// How a candidate's name goes on: " of source classes".
    std::string suffix() const { return source.defined() ? " of source classes" : ""; }
};

/// The inputs that head.inputs names; auto takes both for head.type=auto where there is a source layer, else the features.
/// @param features  [N, V, D] float32
/// @throws core::Error when source is asked for and there is no source layer
std::vector<HeadInput> head_inputs(const HeadOptions& options, const at::Tensor& features, const models::SourceLayer& source);

/// The head of features that equals a linear head of `input`.
/// @param source  where it is defined, a SourceHead of it results in any case, so that heads of both inputs can be averaged
std::shared_ptr<models::Head> on_features(std::shared_ptr<models::Head> head, const HeadInput& input,
                                          const models::SourceLayer& source);

}  // namespace kaziranga::training
