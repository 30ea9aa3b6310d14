#pragma once

#include "data/formats/format.hpp"

#include <string>
#include <string_view>

namespace kaziranga::data::formats {

extern const ImageFormat kJpeg, kPng, kWebp, kBmp, kTiff, kHeic, kAvif;

/// All supported image formats. A new one needs its source file and a place in these two lines.
inline constexpr const ImageFormat* kImageFormats[] = {&kJpeg, &kPng, &kWebp, &kBmp, &kTiff, &kHeic, &kAvif};

/// Returns "JPEG, PNG, WebP or BMP".
std::string format_names();

/// Returns all extensions, separated by spaces.
std::string extension_list();

/// True if a name ends with one of the extensions, in upper or lower case.
bool is_image_name(std::string_view name);

}  // namespace kaziranga::data::formats
