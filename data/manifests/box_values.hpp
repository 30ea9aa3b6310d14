#pragma once

#include "core/error.hpp"
#include "data/csv_table.hpp"
#include "data/formats/region.hpp"
#include "data/manifests/columns.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Returns a box if it can be used; else adds a problem. Sides that leave the image by a rounding error are cut off.
/// @param where  for the problem
std::optional<RelativeBox> checked_box(RelativeBox box, const std::string& where, std::vector<core::Problem>& problems);

/// The same for a box in pixels: left, top, width and height.
/// @param width, height  of the image, pixels
std::optional<RelativeBox> checked_pixel_box(const std::array<float, 4>& sides, float width, float height,
                                             std::vector<core::Problem>& problems);

/// Returns the box of a table's row; none if its fields are empty, or if the table has no columns for boxes.
std::optional<RelativeBox> box_of(const CsvRecord& record, const Columns& columns, const std::string& where,
                                  std::vector<core::Problem>& problems);

}  // namespace kaziranga::data
