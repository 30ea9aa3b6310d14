#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Scales the gradients of parameters so that, as one vector, they are no longer than `longest`. Nothing is read back
/// from the device.
/// @param longest  positive; infinity scales nothing
/// @return  their Euclidean length before, [] float32; defined where a parameter has a gradient
at::Tensor clip_gradients(const std::vector<at::Tensor>& parameters, double longest);

}  // namespace kaziranga::training
