#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/listing.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// Reads folders that are named after the class of their images, and collects warnings about them.
class ClassFolders {
  public:
    /// @param known  the classes of a model, if images for its evaluation are read
    ClassFolders(std::filesystem::path root, const DataOptions& options, std::vector<std::string> known = {});

    /// @param below  the folder of class folders as a path relative to the root; empty for the root itself
    Samples read(const std::string& below);

    /// Class names by index, in the order of their first image. Each class has an image.
    const std::vector<std::string>& classes() const { return classes_; }

    /// How folders were read, if it was not the usual way; else empty.
    const std::string& read_as() const { return read_as_; }

    void pass_over(const std::string& name, const std::string& why, const std::string& remedy);

    std::vector<core::Problem> take_warnings();

  private:
    std::optional<std::string> wrapper_in(const std::string& prefix, const Entries& entries) const;
    bool is_class(const std::string& name) const;
    void choose_level(const std::vector<std::string>& folders);
    void read_folder(const std::string& name, const std::string& below, Samples& samples);
    int64_t index_of(const std::string& class_name);
    void warn_of_two_forms(const std::vector<std::string>& folders, const std::string& below);
    void note_nesting(const std::string& below, const std::vector<std::string>& images);
    void warn(std::string what, std::string where, std::string found, std::string remedy);

    std::filesystem::path root_;
    ClassFolder level_;
    std::vector<std::string> known_;
    std::vector<std::string> classes_;
    std::map<std::string, int64_t> index_;
    std::string read_as_;
    std::vector<std::string> others_, unlabelled_, repeated_, litter_;
    std::vector<std::string> nested_;  // class folders that contain only folders
    std::vector<std::string> inner_;   // the folders of the first of them
    std::vector<core::Problem> warnings_;
};

}  // namespace kaziranga::data
