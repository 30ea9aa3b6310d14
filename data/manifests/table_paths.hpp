#pragma once

#include "data/options.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::data {

/// The files that the paths in a table mean. Tables are often written on another machine: `moved` replaces the start of
/// its paths, '\' may separate folders, and `base` is the folder of relative paths.
class TablePaths {
  public:
    /// @param table_folder  the table's folder; empty: the current one
    TablePaths(const std::filesystem::path& table_folder, const DataOptions& options);

    /// The folder of relative paths, and of the names in records.
    const std::filesystem::path& base() const { return base_; }

    /// The file that a path in the table means. It may not exist.
    std::filesystem::path file_of(const std::string& written) const;

    /// The same, or the file of that name in another Unicode form, where only that is there.
    std::filesystem::path present_file_of(const std::string& written) const;

    /// True if the table may name this file: with data.paths=inside one below the table's folder, below `base`, or
    /// below a folder that `moved` names. A table from somebody else must not read other files of this machine.
    bool may_name(const std::filesystem::path& file) const;

    /// The name of the file in records: relative to base() if it is below it.
    std::string name_of(const std::filesystem::path& file) const;

    /// Says which line of the config finds the missing images of a table: data.base, if their paths are relative to the
    /// current folder, or data.moved, as moved_from() finds it. Empty if none does.
    std::string moved_remedy(const std::vector<std::string>& missing) const;

    /// The remedy for a path that may_name() refuses.
    static constexpr const char* kOutsideRemedy =
        "if you trust the table, name the images' folder with data.base or data.moved, or set data.paths=anywhere";

  private:
    /// Looks for files below base() that have the same last folders and names as the missing paths of a table.
    /// @return the start of those paths, which base() could replace; nothing if most are not below it
    std::optional<std::string> moved_from(const std::vector<std::string>& missing) const;

    const std::map<std::string, std::string>& names_in(const std::filesystem::path& folder) const;

    std::filesystem::path base_;
    std::filesystem::path full_base_;                                   // absolute
    std::vector<std::pair<std::string, std::filesystem::path>> moved_;  // start of a path, what replaces it
    std::vector<std::filesystem::path> allowed_;                        // absolute; empty: all
    /// Names of folders that were looked through: their form NFC, and how they are written there.
    mutable std::map<std::filesystem::path, std::map<std::string, std::string>> listed_;
};

}  // namespace kaziranga::data
