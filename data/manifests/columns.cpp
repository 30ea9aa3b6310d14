#include "data/manifests/columns.hpp"

#include "core/text.hpp"
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

/// A meaning of a column.
struct Role {
    std::string_view name;
    std::span<const std::string_view> names;  ///< names of such columns, the most certain first
    std::optional<size_t> Columns::* place;
    bool required = false;
    bool exclusive = false;  ///< two columns with such names may mean different things
};

constexpr Role kRoles[] = {{"path", kPathNames, &Columns::path, true},
                           {"label", kLabelNames, &Columns::label, true, true},
                           {"split", kSplitNames, &Columns::split}};

class Finder {
  public:
    Finder(const CsvRecord& header, std::vector<core::Problem>& problems, std::vector<core::Problem>& warnings)
        : header_(header), problems_(problems), warnings_(warnings) {
        for (const std::string& name : header.fields) keys_.push_back(spelling_key(name));
    }

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
                chosen = only(found, header_.fields[found.front()]);
            } else if (role.exclusive) {
                others.push_back(header_.fields[found.front()]);
            }
        }
        if (!chosen) return role.required ? missing(role) : misspelt(role);
        if (!others.empty()) warn_of_others(role, *chosen, others);
        return chosen;
    }

  private:
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
                             .expected = fmt::format("path,label[,split], or names like {}",
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

Columns find_columns(const CsvRecord& header, const core::config::Table& named, std::vector<core::Problem>& problems,
                     std::vector<core::Problem>& warnings) {
    Columns columns{.count = header.fields.size()};
    Finder finder(header, problems, warnings);
    for (const Role& role : kRoles) {
        const auto given = std::ranges::find(named, role.name, [](const auto& entry) { return entry.first; });
        columns.*role.place = given != named.end() ? finder.named(role, given->second.front()) : finder.usual(role);
    }
    return columns;
}

std::vector<std::string> column_roles() {
    std::vector<std::string> names;
    for (const Role& role : kRoles) names.emplace_back(role.name);
    return names;
}

}  // namespace kaziranga::data
