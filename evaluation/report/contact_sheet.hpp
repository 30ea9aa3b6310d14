#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// Writes a JPEG of the first images, at most 4 x 4 of them, each with its caption below: the images that a network
/// gets. A caption is cut to the width of its image and converted by core::in_ascii.
/// @param images    [N, 3, H, W] uint8 on the CPU, RGB, N > 0; very small images are enlarged
/// @param captions  N captions
/// @throws core::Error when the file cannot be written
void write_contact_sheet(const std::filesystem::path& path, const at::Tensor& images,
                         const std::vector<std::string>& captions);

}  // namespace kaziranga::evaluation
