#include "data/manifests/columns.hpp"

#include "core/text.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/spelling.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

constexpr size_t kShownColumns = 10;

constexpr std::string_view kPathNames[] = {"path",     "filepath",      "file_path", "image_path",
                                           "img_path", "relative_path", "file_name", "filename",
                                           "file",     "image",         "image_name"};
constexpr std::string_view kLabelNames[] = {"label",      "class",       "species",         "class_name",
                                            "label_name", "common_name", "scientific_name", "prediction"};
constexpr std::string_view kSplitNames[] = {"split", "subset", "set", "partition"};
constexpr std::string_view kBoxXNames[] = {"box_x", "bbox1", "bbox_x"};
constexpr std::string_view kBoxYNames[] = {"box_y", "bbox2", "bbox_y"};
constexpr std::string_view kBoxWidthNames[] = {"box_width", "bbox3", "bbox_w", "bbox_width"};
constexpr std::string_view kBoxHeightNames[] = {"box_height", "bbox4", "bbox_h", "bbox_height"};
constexpr std::string_view kConfidenceNames[] = {"box_confidence", "conf", "detection_conf", "detection_confidence"};
constexpr std::string_view kSiteNames[] = {"site",          "location",     "location_id", "station",
                                           "station_id",    "deployment",   "camera",      "camera_id",
                                           "deployment_id", "deploymentid", "locationid"};
constexpr std::string_view kSequenceNames[] = {"sequence", "sequence_id", "seq_id",  "event",
                                               "event_id", "eventid",     "burst_id"};
constexpr std::string_view kTimeNames[] = {"time", "datetime", "date_time", "timestamp", "createdate", "date_taken"};
constexpr std::string_view kCategoryNames[] = {"category", "detection_category"};

/// Whether a table must have a column.
enum class Needed { kForImages, kForLabels, kForDetections, kNever };

bool is_needed(Needed needed, TableOf contents) {
    switch (needed) {
        case Needed::kForImages:
            return contents != TableOf::kClasses;
        case Needed::kForLabels:
            return contents == TableOf::kLabels || contents == TableOf::kClasses;
        case Needed::kForDetections:
            return contents == TableOf::kDetections;
        case Needed::kNever:
            return false;
    }
    return false;
}

/// The columns of a table in words.
std::string_view form_of(TableOf contents) {
    switch (contents) {
        case TableOf::kLabels:
            return "path,label[,split]";
        case TableOf::kDetections:
            return "path,box_x,box_y,box_width,box_height[,box_confidence]";
        case TableOf::kImages:
            return "path";
        case TableOf::kClasses:
            return "label[,site]";
    }
    return {};
}

/// A meaning of a column.
struct Role {
    std::string_view name;
    std::span<const std::string_view> names;  ///< names of such columns, the most certain first
    std::optional<size_t> Columns::* place;
    Needed needed = Needed::kNever;
    bool exclusive = false;  ///< two columns with such names may mean different things
    bool near = false;       ///< a column whose name is almost that of the role is worth a warning
};

constexpr Role kRoles[] = {{"path", kPathNames, &Columns::path, Needed::kForImages},
                           {"label", kLabelNames, &Columns::label, Needed::kForLabels, true},
                           {"split", kSplitNames, &Columns::split, Needed::kNever, false, true},
                           {"box_x", kBoxXNames, &Columns::box_x, Needed::kForDetections},
                           {"box_y", kBoxYNames, &Columns::box_y, Needed::kForDetections},
                           {"box_width", kBoxWidthNames, &Columns::box_width, Needed::kForDetections},
                           {"box_height", kBoxHeightNames, &Columns::box_height, Needed::kForDetections},
                           {"confidence", kConfidenceNames, &Columns::confidence},
                           {"category", kCategoryNames, &Columns::category},
                           {"site", kSiteNames, &Columns::site},
                           {"sequence", kSequenceNames, &Columns::sequence},
                           {"time", kTimeNames, &Columns::time}};

class Finder {
  public:
    Finder(const CsvRecord& header, TableOf contents, std::vector<core::Problem>& problems,
           std::vector<core::Problem>& warnings)
        : header_(header), contents_(contents), problems_(problems), warnings_(warnings) {
        for (const std::string& name : header.fields) keys_.push_back(spelling_key(name));
    }

    bool has(const std::string& name) const { return !all_called(name).empty(); }

    /// The column that the user named.
    std::optional<size_t> named(const Role& role, const std::string& name) {
        const std::vector<size_t> found = all_called(name);
        if (!found.empty()) return only(found, header_.fields[found.front()]);
        problems_.push_back(
            {.what = fmt::format("the header has no column '{}', which data.columns names as {}", name, role.name),
             .found = listed(header_.fields, kShownColumns),
             .remedy = core::did_you_mean(name, header_.fields)});
        return std::nullopt;
    }

    std::optional<size_t> usual(const Role& role) {
        std::optional<size_t> chosen;
        std::vector<std::string> others;
        for (const std::string_view name : role.names) {
            const std::vector<size_t> found = all_called(name);
            if (found.empty()) continue;
            if (!chosen) {
                chosen = is_asked_for(role) ? only(found, header_.fields[found.front()]) : found.front();
            } else if (role.exclusive) {
                others.push_back(header_.fields[found.front()]);
            }
        }
        if (!chosen && is_needed(role.needed, contents_)) return missing(role);
        if (!chosen) return role.near ? misspelt(role) : std::nullopt;
        if (!others.empty()) warn_of_others(role, *chosen, others);
        return chosen;
    }

  private:
    /// Other columns may be there twice: most tables have no use for them.
    bool is_asked_for(const Role& role) const { return role.near || is_needed(role.needed, contents_); }

    std::vector<size_t> all_called(std::string_view name) const {
        const std::string key = spelling_key(name);
        std::vector<size_t> found;
        for (size_t i = 0; i < keys_.size(); ++i) {
            if (keys_[i] == key) found.push_back(i);
        }
        return found;
    }

    size_t only(const std::vector<size_t>& found, const std::string& name) {
        if (found.size() > 1) {
            problems_.push_back({.what = "the header names the column '" + name + "' twice",
                                 .remedy = "rename the one that is not meant"});
        }
        return found.front();
    }

    std::optional<size_t> missing(const Role& role) {
        const std::string near = core::nearest_name(role.name, header_.fields);
        const std::string by_hand = fmt::format("data.columns={{{}: NAME}}", role.name);
        problems_.push_back({.what = fmt::format("the header has no column '{}'", role.name),
                             .expected = fmt::format("{}, or names like {}", form_of(contents_),
                                                     core::join({role.names.begin() + 1, role.names.end()}, ", ")),
                             .found = listed(header_.fields, kShownColumns),
                             .remedy = near.empty() ? "name it with " + by_hand + "; the first line names the columns"
                                                    : "is '" + near + "' meant? Then rename it, or set " + by_hand});
        return std::nullopt;
    }

    /// A column whose name is almost that of the role is not used; the user is told.
    std::optional<size_t> misspelt(const Role& role) {
        const std::string near = core::nearest_name(role.name, header_.fields, core::Near::kSpelling);
        if (!near.empty()) {
            warnings_.push_back({.what = fmt::format("column '{}' is not used", near),
                                 .remedy = fmt::format("if it is the {0}, call it '{0}'", role.name)});
        }
        return std::nullopt;
    }

    void warn_of_others(const Role& role, size_t chosen, const std::vector<std::string>& others) {
        warnings_.push_back({.what = fmt::format("the {} is taken from column '{}'; {} could be meant too", role.name,
                                                 header_.fields[chosen], some_of(others)),
                             .remedy = fmt::format("data.columns={{{}: NAME}} takes another", role.name)});
    }

    const CsvRecord& header_;
    TableOf contents_;
    std::vector<std::string> keys_;  // spelling keys of the columns
    std::vector<core::Problem>& problems_;
    std::vector<core::Problem>& warnings_;
};

}  // namespace

std::string Columns::said(const CsvRecord& header) const {
    std::vector<std::string> parts;
    for (const Role& role : kRoles) {
        if (const auto place = this->*role.place) {
            parts.push_back(fmt::format("{} from '{}'", role.name, core::printable(header.fields[*place])));
        }
    }
    return core::join(parts, ", ");
}

Columns find_columns(const CsvRecord& header, const core::config::Table& named, TableOf contents,
                     std::vector<core::Problem>& problems, std::vector<core::Problem>& warnings) {
    Columns columns;
    Finder finder(header, contents, problems, warnings);
    for (const Role& role : kRoles) {
        const auto given = std::ranges::find(named, role.name, [](const auto& entry) { return entry.first; });
        // The names may be meant for the table of labels, beside which a detector's table is read.
        const bool meant =
            given != named.end() && (contents != TableOf::kDetections || finder.has(given->second.front()));
        columns.*role.place = meant ? finder.named(role, given->second.front()) : finder.usual(role);
    }
    return columns;
}

std::optional<size_t> group_column(const CsvRecord& header, const Columns& columns, const std::string& group,
                                   std::vector<core::Problem>& problems) {
    if (group == kSiteGroup && columns.site) return columns.site;
    if (group == kSequenceGroup && columns.sequence) return columns.sequence;
    const std::string key = spelling_key(group);
    for (size_t i = 0; i < header.fields.size(); ++i) {
        if (spelling_key(header.fields[i]) == key) return i;
    }
    problems.push_back({.what = fmt::format("the header has no column '{}', which data.group names", group),
                        .found = listed(header.fields, kShownColumns),
                        .remedy = core::did_you_mean(group, header.fields)});
    return std::nullopt;
}

std::vector<std::string> column_roles() {
    std::vector<std::string> names;
    for (const Role& role : kRoles) names.emplace_back(role.name);
    return names;
}

}  // namespace kaziranga::data
