#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace kaziranga::data {

/// A folder of a test's own, gone with it.
class MadeFolder {
  public:
    MadeFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kaziranga-data-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~MadeFolder() {
        std::error_code code;
        std::filesystem::remove_all(path_, code);
    }
    MadeFolder(const MadeFolder&) = delete;
    MadeFolder& operator=(const MadeFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    void file(const std::string& name, std::string_view bytes = {}) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }
    void files(const std::vector<std::string>& names) const {
        for (const std::string& name : names) file(name);
    }
    void folder(const std::string& name) const { std::filesystem::create_directories(path_ / name); }
    void link(const std::string& name, const std::filesystem::path& target) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::filesystem::create_symlink(target, path_ / name);
    }

    DataOptions options() const {
        DataOptions options;
        options.root = path_.string();
        return options;
    }
    /// Options for a table written as labels.csv here.
    DataOptions csv(std::string_view text) const {
        file("labels.csv", text);
        DataOptions options;
        options.root = (path_ / "labels.csv").string();
        options.format = "csv";
        return options;
    }

  private:
    std::filesystem::path path_;
};

/// What one line each of the core::Error that `action` throws says; fails the test when it throws none.
template <class Action>
std::vector<std::string> error_of(Action action) {
    std::vector<std::string> lines;
    try {
        action();
        ADD_FAILURE() << "nothing was refused";
    } catch (const core::Error& error) {
        for (const core::Problem& problem : error.problems()) lines.push_back(core::to_line(problem));
    }
    return lines;
}

inline std::vector<std::string> lines_of(const std::vector<core::Problem>& problems) {
    std::vector<std::string> lines;
    for (const core::Problem& problem : problems) lines.push_back(core::to_line(problem));
    return lines;
}

/// Whether one of the lines holds every part.
inline testing::AssertionResult says(const std::vector<std::string>& lines, const std::vector<std::string>& parts) {
    for (const std::string& line : lines) {
        bool all = true;
        for (const std::string& part : parts) all = all && line.find(part) != std::string::npos;
        if (all) return testing::AssertionSuccess();
    }
    testing::AssertionResult failure = testing::AssertionFailure();
    failure << "no line says";
    for (const std::string& part : parts) failure << " [" << part << "]";
    failure << " in:";
    for (const std::string& line : lines) failure << "\n  " << line;
    return failure;
}

inline std::vector<std::string> names_of(const Samples& samples) {
    std::vector<std::string> names;
    for (const Sample& sample : samples) names.push_back(sample.name);
    return names;
}

inline std::set<std::string> name_set(const Samples& samples) {
    std::set<std::string> names;
    for (const Sample& sample : samples) names.insert(sample.name);
    return names;
}

}  // namespace kaziranga::data
