#include "data/manifests/text_table.hpp"

#include "core/files.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kQuoting =
    "write a field that holds a separator, a quote or a line's end in quotes, and quotes in it twice";

std::string read_text(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code)) {
        throw core::Error({.what = "not a CSV manifest",
                           .where = path.string(),
                           .expected = "a file with the columns path,label[,split]",
                           .found = "a folder",
                           .remedy = "for a folder of images set data.format=folder"});
    }
    std::string text = core::read_file(path);
    const bool wide = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    const size_t foreign = core::first_invalid(text);
    if (foreign == std::string::npos) return text;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(foreign), '\n');
    throw core::Error({.what = "the CSV manifest is not in UTF-8",
                       .where = wide ? path.string() : path.string() + ":" + std::to_string(line),
                       .found = wide ? "UTF-16" : "bytes of another encoding, Windows-1252 say",
                       .remedy = "save it as CSV in UTF-8"});
}

core::Problem wrong_number_of_fields(size_t expected, size_t found, char separator) {
    const std::string name = separator == ',' ? "comma" : separator == ';' ? "semicolon" : "tab";
    return {.what = "wrong number of fields",
            .expected = std::to_string(expected),
            .found = std::to_string(found),
            .remedy =
                found > expected ? "quote fields that hold a " + name : "write a " + name + " for an empty field too"};
}

}  // namespace

bool is_table_name(const fs::path& file) {
    constexpr std::array<std::string_view, 3> kExtensions = {".csv", ".tsv", ".txt"};
    return std::ranges::count(kExtensions, core::lower(file.extension().string())) > 0;
}

TextTable read_text_table(const fs::path& file) {
    const std::string text = read_text(file);
    const char separator = separator_of(text);
    CsvTable csv = parse_csv(text, separator);
    TextTable table;
    for (const CsvProblem& problem : csv.problems)
        table.problems.emplace_back(problem.line, core::Problem{.what = problem.what, .remedy = kQuoting});
    if (csv.records.empty() && table.problems.empty()) {
        throw core::Error({.what = "the CSV manifest is empty",
                           .where = file.string(),
                           .expected = "a header path,label[,split], then a line an image",
                           .remedy = "write it again"});
    }
    if (csv.records.empty()) return table;
    for (CsvRecord& record : csv.records) {
        for (std::string& field : record.fields) field = core::csv_text(field);
    }
    table.header = std::move(csv.records.front());
    for (size_t i = 1; i < csv.records.size(); ++i) {
        CsvRecord& record = csv.records[i];
        const size_t fields = record.fields.size(), expected = table.header.fields.size();
        if (fields == expected) {
            table.rows.push_back(std::move(record));
        } else {
            table.problems.emplace_back(record.line, wrong_number_of_fields(expected, fields, separator));
        }
    }
    return table;
}

}  // namespace kaziranga::data
