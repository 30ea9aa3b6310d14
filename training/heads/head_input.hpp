#pragma once

#include "models/source_head.hpp"
#include "training/heads/options.hpp"

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The columns of a head's input, in this order: features of the last stage, pooled outputs of earlier stages, likeness
/// to the source classes.
struct HeadColumns {
    int64_t last = 0;            ///< L
    int64_t stages = 0;          ///< P; 0: no earlier stages
    models::SourceLayer source;  ///< S classes; undefined: no source classes
};

/// The union of both sets of columns.
HeadColumns joined(const HeadColumns& a, const HeadColumns& b);

/// The input that heads are fitted to: features, or the likeness of an image to the source classes.
struct HeadInput {
    at::Tensor x;             ///< [N, V, L], [N, V, L + P] or [N, V, S] float32
    HeadColumns columns;      ///< the columns of the network that x is made from
    const char* suffix = "";  ///< of a candidate's name: " of source classes"

    bool of_source() const { return columns.source.defined(); }
};

/// Returns the inputs that head.inputs names. auto means features and source if head.type is auto and there is a source
/// layer, otherwise features only.
/// @param features  [N, V, L + P] float32
/// @param stages    P
/// @param source    must be defined if source is asked for
std::vector<HeadInput> head_inputs(const HeadOptions& options, const at::Tensor& features, int64_t stages,
                                   const models::SourceLayer& source);

/// Returns a head for the network that is equivalent to a head fitted to `input`.
/// @param all  the columns of the result. For a linear head these may be more than the columns of `input`, so that
///             heads of several inputs get the same columns
std::shared_ptr<models::Head> head_of_network(const std::shared_ptr<models::Head>& head, const HeadInput& input,
                                              const HeadColumns& all);

}  // namespace kaziranga::training
