#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data {

struct CsvRecord {
    int64_t line = 0;  ///< where it starts, from 1
    std::vector<std::string> fields;
};

struct CsvFault {
    int64_t line = 0;
    std::string what;
};

struct CsvTable {
    std::vector<CsvRecord> records;
    std::vector<CsvFault> faults;  ///< lines that are no record; they are left out of `records`
};

/// Reads comma-separated text by the rules of RFC 4180; a leading UTF-8 byte-order mark and blank lines are passed
/// over, lines end with LF, CRLF or CR. Goes on after a fault with the next line.
CsvTable parse_csv(std::string_view text);

}  // namespace kaziranga::data
