#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/manifests/table_paths.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kaziranga::data {

/// One line of a table of images, as it is written there.
struct Row {
    int64_t line = 0;  ///< or number of the entry, counted from 1
    std::string path;
    std::string label;
    std::string split;  ///< empty: none
    std::optional<RelativeBox> box = {};
    std::string site = {}, sequence = {};  ///< empty: unknown
    std::string group = {};                ///< of the column that data.group names, if that is another one
    std::optional<int64_t> time = {};      ///< as Sample::time
};

/// Makes a manifest from the rows of a table, whatever its format is: finds the files, numbers the classes, sorts the
/// rows into splits. Collects all problems.
class ManifestBuilder {
  public:
    /// @param entries  what the numbers of rows count in messages, such as "annotation"; empty: lines
    ManifestBuilder(std::filesystem::path file, const DataOptions& options, std::string entries = {});

    void add_problem(int64_t line, core::Problem problem);
    void add_problems(int64_t line, std::vector<core::Problem> problems);
    void add_warning(int64_t line, core::Problem warning);
    void add(Row row);

    /// The file that a path means, if it is there and the table may name it.
    std::optional<std::filesystem::path> usable_file(const std::string& path) const;

    /// @throws core::Error with all problems, if there are any
    void throw_problems();

    /// @param splits  true: refuses a table that has rows with a split and rows without a split
    /// @throws core::Error with all problems, or when there was no row
    Manifest finish(bool splits);

  private:
    struct FirstRow {
        int64_t line = 0;
        std::string label;
    };

    std::string where(int64_t line) const;
    std::string place(int64_t line) const;
    bool is_complete(const Row& row);
    Samples* split_of(const Row& row);
    bool is_repeated(const Row& row, const std::filesystem::path& file);
    bool is_there(const Row& row, const std::filesystem::path& file);
    std::shared_ptr<const ImageFacts> facts_of_row(const Row& row);
    int64_t class_index(const std::string& label);
    void refuse_half_split();
    void tell_that_all_moved();

    std::filesystem::path file_;
    std::string entries_;
    TablePaths paths_;
    Manifest manifest_;
    std::vector<std::pair<int64_t, core::Problem>> problems_;
    std::unordered_map<std::string, FirstRow> first_rows_;  // by file, or box in it
    std::map<std::string, int64_t> index_;
    std::vector<std::string> missing_;         // as written
    std::shared_ptr<const ImageFacts> facts_;  // of the last row: many rows have the same
    size_t rows_ = 0, rows_with_split_ = 0, videos_ = 0;
    int64_t first_without_split_ = 0;
};

}  // namespace kaziranga::data
