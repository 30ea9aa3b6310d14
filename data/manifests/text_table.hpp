#pragma once

#include "core/error.hpp"
#include "data/csv_table.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace kaziranga::data {

/// A table in a text file: a header and rows with as many fields.
struct TextTable {
    CsvRecord header;
    std::vector<CsvRecord> rows;
    /// Lines that are no rows, by line, without `where`. Rows do not contain them.
    std::vector<std::pair<int64_t, core::Problem>> problems;
};

/// True for the extensions of tables: .csv, .tsv, .txt.
bool is_table_name(const std::filesystem::path& file);

/// @throws core::Error when the file cannot be read, is not in UTF-8 or is empty
TextTable read_text_table(const std::filesystem::path& file);

}  // namespace kaziranga::data
