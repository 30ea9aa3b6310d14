#pragma once

#include <string>

#include <c10/core/Device.h>

namespace kaziranga::core {

/// Turns `auto`, `cpu`, `cuda` or `cuda:N` into a device. Only `auto` and `cuda` look for a GPU, and only then is
/// LibTorch's CUDA library loaded. `auto` takes the first GPU and falls back to the CPU.
/// @throws core::Error when a GPU was asked for by name and there is none, or N is too large
c10::Device resolve_device(const std::string& name);

/// True when the text has one of the forms resolve_device takes; touches no device.
bool is_device_name(const std::string& name);

}  // namespace kaziranga::core
