#pragma once

#include "models/source_head.hpp"
#include "training/heads/options.hpp"

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// The columns that a head takes, in this order: features of the last stage, pooled outputs of earlier stages, likeness
/// to the source classes.
struct HeadColumns {
    int64_t last = 0;            ///< L
    int64_t stages = 0;          ///< P; 0: without
    models::SourceLayer source;  ///< of S classes; undefined: without
};

/// The columns of both.
HeadColumns joined(const HeadColumns& a, const HeadColumns& b);

/// What heads are fitted to: features, or the image's likeness to the source classes.
struct HeadInput {
    at::Tensor x;             ///< [N, V, L], [N, V, L + P] or [N, V, S] float32
    HeadColumns columns;      ///< that a network has to give for x
    const char* suffix = "";  ///< how a candidate's name goes on: " of source classes"

    bool of_source() const { return columns.source.defined(); }
};

/// The inputs that head.inputs names; auto takes features and source for head.type=auto where there is a source layer,
/// else the features.
/// @param features  [N, V, L + P] float32
/// @param stages    P
/// @param source    there where source is asked for
std::vector<HeadInput> head_inputs(const HeadOptions& options, const at::Tensor& features, int64_t stages,
                                   const models::SourceLayer& source);

/// The head of a network that equals a head of `input`.
/// @param all  the columns it shall take: more than the input's, of a linear head, make heads of several inputs alike
std::shared_ptr<models::Head> head_of_network(std::shared_ptr<models::Head> head, const HeadInput& input,
                                              const HeadColumns& all);

}  // namespace kaziranga::training
