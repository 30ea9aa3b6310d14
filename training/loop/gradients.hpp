#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Scales the gradients of parameters so that their joint Euclidean norm is at most `longest`. Nothing is read back
/// from the device.
/// @param longest  positive; infinity scales nothing
/// @return  their Euclidean norm before scaling, [] float32; defined if a parameter has a gradient
at::Tensor clip_gradients(const std::vector<at::Tensor>& parameters, double longest);

}  // namespace kaziranga::training
