#include "core/files.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/csv_table.hpp"
#include "data/manifests/columns.hpp"
#include "data/manifests/evaluated.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"

#include <algorithm>
#include <array>

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

/// Reads the records of a table of images.
class Reader {
  public:
    /// @param options  must outlive the reader
    Reader(const fs::path& file, const DataOptions& options)
        : file_(file), options_(options), builder_(file, options) {}

    /// @param splits  true: refuses a table that has rows with a split and rows without a split
    Manifest run(bool splits) {
        const CsvTable table = read_table();
        for (const CsvProblem& problem : table.problems)
            builder_.add_problem(problem.line, {.what = problem.what, .remedy = kQuoting});
        if (table.records.empty()) {
            builder_.throw_problems();
            throw core::Error({.what = "the CSV manifest is empty",
                               .where = file_.string(),
                               .expected = "a header path,label[,split], then a line an image",
                               .remedy = "write it again"});
        }
        const CsvRecord& header = table.records.front();
        read_header(header);
        for (size_t i = 1; i < table.records.size(); ++i) {
            if (i % 1024 == 0) core::throw_if_interrupted();
            read_row(table.records[i]);
        }
        Manifest manifest = builder_.finish(splits);
        manifest.read_as = "a table, " + columns_.said(header);
        return manifest;
    }

  private:
    CsvTable read_table() {
        const std::string text = read_text(file_);
        separator_ = separator_of(text);
        return parse_csv(text, separator_);
    }

    void read_header(const CsvRecord& header) {
        std::vector<core::Problem> problems, warnings;
        columns_ = find_columns(header, options_.columns, problems, warnings);
        for (core::Problem& warning : warnings) builder_.add_warning(header.line, std::move(warning));
        for (core::Problem& problem : problems) builder_.add_problem(header.line, std::move(problem));
        if (!problems.empty()) builder_.throw_problems();
    }

    void read_row(const CsvRecord& record) {
        if (record.fields.size() == columns_.count) {
            builder_.add({.line = record.line,
                          .path = record.fields[*columns_.path],
                          .label = record.fields[*columns_.label],
                          .split = columns_.split ? record.fields[*columns_.split] : ""});
            return;
        }
        const bool more = record.fields.size() > columns_.count;
        const std::string separator = separator_ == ',' ? "comma" : separator_ == ';' ? "semicolon" : "tab";
        builder_.add_problem(record.line, {.what = "wrong number of fields",
                                           .expected = std::to_string(columns_.count),
                                           .found = std::to_string(record.fields.size()),
                                           .remedy = more ? "quote fields that hold a " + separator
                                                          : "write a " + separator + " for an empty field too"});
    }

    fs::path file_;
    const DataOptions& options_;
    char separator_ = ',';
    Columns columns_;
    ManifestBuilder builder_;
};

bool is_csv(const fs::path& root) {
    constexpr std::array<std::string_view, 3> kExtensions = {".csv", ".tsv", ".txt"};
    std::error_code code;
    return std::ranges::count(kExtensions, core::lower(root.extension().string())) > 0 &&
           fs::is_regular_file(root, code);
}

Manifest read_csv(const DataOptions& options) {
    return Reader(options.root, options).run(/*splits=*/true);
}

}  // namespace

const ManifestFormat kCsvManifest = {.name = "csv",
                                     .help = "a table path,label[,split], separated by commas, semicolons or tabs",
                                     .is = "a CSV file",
                                     .to_set_aside = "give some lines the split test, or set data.val_fraction",
                                     .among_images = false,
                                     .recognises = is_csv,
                                     .read = read_csv};

Manifest read_csv_rows(const fs::path& file, const DataOptions& options) {
    return Reader(file, options).run(/*splits=*/false);
}

}  // namespace kaziranga::data
