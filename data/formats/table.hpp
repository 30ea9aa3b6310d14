#pragma once

#include "data/formats/format.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kaziranga::data::formats {

/// Returns all supported image formats.
std::span<const ImageFormat* const> image_formats();

/// Returns "JPEG, PNG, WebP or BMP".
std::string format_names();

/// Returns all extensions, separated by spaces.
std::string extension_list();

/// True if a name ends with one of the extensions, in upper or lower case.
bool is_image_name(std::string_view name);

}  // namespace kaziranga::data::formats
