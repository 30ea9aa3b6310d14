#pragma once

#include "data/formats/format.hpp"

#include <span>
#include <string>
#include <string_view>

namespace kaziranga::data::formats {

/// Every format that images may have.
std::span<const ImageFormat* const> image_formats();

/// "JPEG, PNG, WebP or BMP".
std::string format_names();

/// All extensions, one space between.
std::string extension_list();

/// Whether a name ends in one of them, in any case of letters.
bool is_image_name(std::string_view name);

}  // namespace kaziranga::data::formats
