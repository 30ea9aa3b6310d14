#pragma once

#include "core/config/description.hpp"
#include "core/error.hpp"
#include "data/csv_table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// The columns of a table of images that have a meaning here.
struct Columns {
    std::optional<size_t> path, label, split;
    std::optional<size_t> box_x, box_y, box_width, box_height;  ///< shares of the image's sides
    std::optional<size_t> confidence, category;                 ///< of the detector, for the box
    std::optional<size_t> site, sequence, time;
    std::optional<size_t> group;  ///< the column that data.group names

    /// Says which columns were taken: "path from 'FilePath', label from 'class'".
    std::string said(const CsvRecord& header) const;
};

/// Contents of a table, which determine the columns that it must have.
enum class TableOf {
    kLabels,      ///< path and label
    kDetections,  ///< path and a box
    kImages,      ///< path
    kClasses,     ///< label
};

/// Finds the columns by the names that the tools of the field give them; the comparison ignores case, spaces around
/// names, and the difference between space, '-' and '_'.
/// @param named     names that the user gave: data.columns
/// @param problems  receives what is wrong with the header, without `where`
/// @param warnings  receives what may be meant otherwise, without `where`
Columns find_columns(const CsvRecord& header, const core::config::Table& named, TableOf contents,
                     std::vector<core::Problem>& problems, std::vector<core::Problem>& warnings);

/// Finds the column that data.group names: site, sequence, or any column by its name.
/// @param problems  receives what is wrong, without `where`
std::optional<size_t> group_column(const CsvRecord& header, const Columns& columns, const std::string& group,
                                   std::vector<core::Problem>& problems);

/// The meanings that data.columns may give to columns: "path", "label", "split" and those of boxes.
std::vector<std::string> column_roles();

}  // namespace kaziranga::data
