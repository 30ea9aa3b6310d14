#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

/// Values of data.group; every other value is the name of a table's column.
inline constexpr std::string_view kNoGroup = "none", kFolderGroup = "folder", kBurstGroup = "burst",
                                  kSiteGroup = "site", kSequenceGroup = "sequence";

/// True if the groups stand in a column of a table.
bool names_a_column(std::string_view group);

/// The group that an image's facts state: its site or its sequence.
/// @param group  kSiteGroup or kSequenceGroup; empty for another
inline std::string stated_group(const Sample& sample, std::string_view group) {
    if (group == kSiteGroup) return facts_of(sample).site;
    return group == kSequenceGroup ? facts_of(sample).sequence : std::string();
}

/// Reads the times of images that have none from EXIF, where it says them.
/// @param workers  threads; 0: one per processor
void read_times(Samples& samples, int64_t workers);

/// Gives images their groups; those of another column of a table than site and sequence have them already. A burst
/// is a series of images in one folder and of one site with at most options.burst_seconds from each to the next, by
/// their EXIF times or the table's column.
/// @param warnings  receives the number of images without a time, which are no part of a burst
/// @throws core::Error if no image gets a group
void set_groups(const DataOptions& options, const std::vector<Samples*>& lists, std::vector<core::Problem>& warnings);

}  // namespace kaziranga::data
