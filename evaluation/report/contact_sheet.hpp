#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// Writes a JPEG of the first images, at most 4 x 4 of them, each with its caption beneath: what a network is shown.
/// A caption is cut to its image's width; it is written as core::in_ascii spells it.
/// @param images    [N, 3, H, W] uint8 on the CPU, RGB, N > 0; images too small to look at are enlarged
/// @param captions  N of them
/// @throws core::Error when the file cannot be written
void write_contact_sheet(const std::filesystem::path& path, const at::Tensor& images,
                         const std::vector<std::string>& captions);

}  // namespace kaziranga::evaluation
