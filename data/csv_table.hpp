#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

struct CsvRecord {
    int64_t line = 0;  ///< first line of the record, counted from 1
    std::vector<std::string> fields;
};

/// The field of a column that a table may lack; empty then.
inline std::string field_in(const CsvRecord& record, const std::optional<size_t>& column) {
    return column ? record.fields[*column] : std::string();
}

struct CsvProblem {
    int64_t line = 0;
    std::string what;
};

struct CsvTable {
    std::vector<CsvRecord> records;
    std::vector<CsvProblem> problems;  ///< lines that are not valid records; `records` does not contain them
};

/// Parses separated text by the rules of RFC 4180. Skips a leading UTF-8 byte-order mark and blank lines. Lines end
/// with LF, CRLF or CR. After a problem, it continues with the next line.
CsvTable parse_csv(std::string_view text, char separator = ',');

/// The separator of a table that another program wrote: comma, semicolon or tab, whichever stands most often in the
/// first line outside of quotes; comma if none does.
char separator_of(std::string_view text);

}  // namespace kaziranga::data
