#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace kaziranga::data::formats {

/// @param tiff  the TIFF structure of EXIF
/// @return the orientation tag, 1 … 8; 1 if it is missing or invalid
int exif_orientation(std::string_view tiff);

/// Returns when a photograph was taken, as EXIF writes it: DateTimeOriginal, else DateTime, "2021:07:01 05:20:42".
/// Reads only the start of the file.
/// @return empty if the file is not a JPEG, cannot be read, or does not say it
std::string exif_time(const std::filesystem::path& file);

}  // namespace kaziranga::data::formats
