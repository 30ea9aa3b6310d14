#pragma once

#include <string>

#include <c10/core/Device.h>

namespace kaziranga::core {

/// Parses `auto`, `cpu`, `cuda` or `cuda:N` into a device. LibTorch's CUDA library is loaded only for the names other
/// than `cpu`. `auto` selects the first GPU, or the CPU if there is no GPU.
/// @throws core::Error when `cuda` was requested and there is no GPU, or N is too large
c10::Device resolve_device(const std::string& name);

/// True if the text has a form that resolve_device accepts. Does not access any device.
bool is_device_name(const std::string& name);

}  // namespace kaziranga::core
