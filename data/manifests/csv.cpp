#include "core/files.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/csv_table.hpp"
#include "data/manifests/evaluated.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr size_t kShownColumns = 10;
constexpr const char* kQuoting =
    "write a field that holds a comma, a quote or a line's end in quotes, and quotes in it twice";
const std::vector<std::string> kColumns = {"path", "label", "split"};
const std::vector<std::string> kSplits = {"train", "val", "valid", "validation", "test"};

struct Columns {
    size_t path = 0;
    size_t label = 0;
    std::optional<size_t> split;
    size_t count = 0;
};

std::optional<size_t> column_named(const CsvRecord& header, const std::string& name) {
    const auto found = std::find(header.fields.begin(), header.fields.end(), name);
    if (found == header.fields.end()) return std::nullopt;
    return static_cast<size_t>(found - header.fields.begin());
}

std::string header_remedy(const CsvRecord& header, const std::string& wanted) {
    const std::string& first = header.fields.front();
    if (header.fields.size() == 1 && first.find_first_of(";\t") != std::string::npos) {
        return "separate the fields with commas";
    }
    const std::string near = core::nearest_name(wanted, header.fields);
    return near.empty() ? "the first line names the columns" : "is '" + near + "' meant?";
}

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

/// Reads the records below the header and collects all problems.
class Reader {
  public:
    Reader(fs::path file, bool anywhere)
        : file_(std::move(file)), anywhere_(anywhere), table_(parse_csv(read_text(file_))) {
        manifest_.root = file_.has_parent_path() ? file_.parent_path() : fs::path(".");
    }

    /// @param splits  true: refuses a table that has rows with a split and rows without a split
    Manifest run(bool splits) {
        for (const CsvProblem& problem : table_.problems)
            add_problem(problem.line, {.what = problem.what, .remedy = kQuoting});
        read_header();
        for (size_t i = 1; i < table_.records.size(); ++i) {
            if (i % 1024 == 0) core::throw_if_interrupted();
            read_row(table_.records[i]);
        }
        if (splits) refuse_half_split();
        throw_problems();
        if (manifest_.classes.empty() && manifest_.missing.empty()) {
            throw core::Error({.what = "the CSV manifest names no image",
                               .where = file_.string(),
                               .remedy = "write a line for each image below the header"});
        }
        return std::move(manifest_);
    }

  private:
    std::string where(int64_t line) const { return file_.string() + ":" + std::to_string(line); }

    void add_problem(int64_t line, core::Problem problem) {
        problem.where = where(line);
        problems_.emplace_back(line, std::move(problem));
    }

    void throw_problems() {
        std::stable_sort(problems_.begin(), problems_.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<core::Problem> problems;
        for (auto& [line, problem] : problems_) problems.push_back(std::move(problem));
        if (problems.empty()) return;
        cap(problems);
        std::vector<core::Problem> missing = manifest_.missing;
        cap(missing);
        std::move(missing.begin(), missing.end(), std::back_inserter(problems));
        throw core::Error(std::move(problems));
    }

    void read_header() {
        if (table_.records.empty()) {
            throw_problems();
            throw core::Error({.what = "the CSV manifest is empty",
                               .where = file_.string(),
                               .expected = "a header path,label[,split], then a line an image",
                               .remedy = "write it again"});
        }
        const CsvRecord& header = table_.records.front();
        for (const std::string name : {"path", "label"}) {
            if (column_named(header, name)) continue;
            add_problem(header.line, {.what = "the header has no column '" + name + "'",
                                      .expected = "path,label[,split]",
                                      .found = listed(header.fields, kShownColumns),
                                      .remedy = header_remedy(header, name)});
        }
        for (const std::string& name : kColumns) {
            if (std::count(header.fields.begin(), header.fields.end(), name) < 2) continue;
            add_problem(header.line, {.what = "the header names the column '" + name + "' twice",
                                      .remedy = "rename the one that is not meant"});
        }
        if (!problems_.empty() && problems_.back().first == header.line) throw_problems();
        columns_ = {*column_named(header, "path"), *column_named(header, "label"), column_named(header, "split"),
                    header.fields.size()};
        warn_of_extra_columns(header);
    }

    void warn_of_extra_columns(const CsvRecord& header) {
        std::vector<std::string> extra;
        for (const std::string& name : header.fields) {
            if (std::find(kColumns.begin(), kColumns.end(), name) == kColumns.end()) extra.push_back(name);
        }
        if (extra.empty()) return;
        const std::string near = columns_.split ? "" : core::nearest_name("split", extra);
        manifest_.warnings.push_back({.what = counted(extra.size(), "column") + " passed over",
                                      .where = where(header.line),
                                      .expected = "path,label[,split]",
                                      .found = some_of(extra),
                                      .remedy = near.empty() ? "" : "if '" + near + "' is the split, call it 'split'"});
    }

    void read_row(const CsvRecord& row) {
        if (row.fields.size() != columns_.count) {
            add_problem(row.line,
                        {.what = "wrong number of fields",
                         .expected = std::to_string(columns_.count),
                         .found = std::to_string(row.fields.size()),
                         .remedy = row.fields.size() > columns_.count ? "quote fields that hold a comma"
                                                                      : "write a comma for an empty field too"});
            return;
        }
        const std::string& name = row.fields[columns_.path];
        const std::string& label = row.fields[columns_.label];
        const size_t problems = problems_.size();
        if (name.empty()) add_problem(row.line, {.what = "no path", .remedy = "name the image, or take the line out"});
        if (name.find('\0') != std::string::npos)
            add_problem(row.line, {.what = "a zero byte in the path", .remedy = "save the table as CSV in UTF-8"});
        if (label.find_first_not_of(" \t") == std::string::npos)
            add_problem(row.line, {.what = "no label", .remedy = "name the class, or take the line out"});
        Samples* split = split_of(row);
        if (problems != problems_.size()) return;

        const fs::path path = manifest_.root / name;
        if (leads_out(path)) {
            add_problem(row.line, {.what = "the path leads out of the table's folder",
                                   .found = name,
                                   .remedy = "if you trust the table, set data.paths=anywhere"});
            return;
        }
        if (is_repeated(row, path) || !is_there(row, path)) return;
        split->push_back({path, name, class_index(label)});
    }

    /// Returns the list of the row's split. If the split is unknown, adds a problem and returns null.
    Samples* split_of(const CsvRecord& row) {
        const std::string split = columns_.split ? row.fields[*columns_.split] : "";
        if (columns_.split) note_split_given(row.line, !split.empty());
        if (split.empty()) return &manifest_.unsplit;
        if (split == "train") return &manifest_.train;
        if (split == "test") return &manifest_.test;
        if (std::find(kSplits.begin(), kSplits.end(), split) != kSplits.end()) return &manifest_.val;
        add_problem(row.line, {.what = "unknown split",
                               .expected = core::join(kSplits, ", ") + " or nothing",
                               .found = "'" + split + "'",
                               .remedy = core::did_you_mean(split, kSplits)});
        return nullptr;
    }

    void note_split_given(int64_t line, bool given) {
        if (given) {
            ++rows_with_split_;
        } else if (rows_without_split_++ == 0) {
            first_without_split_ = line;
        }
    }

    void refuse_half_split() {
        if (rows_with_split_ == 0 || rows_without_split_ == 0) return;
        add_problem(first_without_split_, {.what = "some lines have a split and some have none",
                                           .expected = "a split on every line, or on none",
                                           .found = counted(rows_with_split_, "line") + " with, " +
                                                    std::to_string(rows_without_split_) + " without, this the first",
                                           .remedy = "fill in the column 'split', or empty it"});
    }

    bool is_repeated(const CsvRecord& row, const fs::path& path) {
        const auto [first, is_new] = first_rows_.try_emplace(path.lexically_normal().string(), &row);
        if (is_new) return false;
        const CsvRecord& before = *first->second;
        const std::string& label = row.fields[columns_.label];
        const std::string& label_before = before.fields[columns_.label];
        const std::string on_line = " on line " + std::to_string(before.line);
        if (label == label_before) {
            add_problem(row.line, {.what = "the same path twice",
                                   .found = "'" + row.fields[columns_.path] + "', first" + on_line,
                                   .remedy = "keep one of the lines"});
        } else {
            add_problem(row.line, {.what = "the same path under two labels",
                                   .found = "'" + label + "' here and '" + label_before + "'" + on_line,
                                   .remedy = "keep the right line"});
        }
        return true;
    }

    bool is_there(const CsvRecord& row, const fs::path& path) {
        std::error_code code;
        const fs::file_status status = fs::status(path, code);
        if (fs::exists(status) && !fs::is_directory(status)) return true;
        const bool backslash = row.fields[columns_.path].find('\\') != std::string::npos;
        manifest_.missing.push_back(
            {.what = fs::is_directory(status) ? "a folder where an image is expected" : "the image is not there",
             .where = where(row.line),
             .found = path.string() + (code ? ": " + code.message() : ""),
             .remedy = backslash ? "write '/' between folders" : "paths are relative to the table's folder"});
        return false;
    }

    int64_t class_index(const std::string& label) {
        const auto [entry, is_new] = index_.try_emplace(label, static_cast<int64_t>(manifest_.classes.size()));
        if (is_new) manifest_.classes.push_back(label);
        return entry->second;
    }

    /// True if a path leaves the table's folder. A table from somebody else must not read other files of this machine.
    bool leads_out(const fs::path& path) const {
        if (anywhere_) return false;
        const fs::path root = fs::absolute(manifest_.root).lexically_normal();
        const fs::path below = fs::absolute(path).lexically_normal().lexically_relative(root);
        return below.empty() || *below.begin() == "..";
    }

    fs::path file_;
    bool anywhere_;
    CsvTable table_;
    Columns columns_;
    Manifest manifest_;
    std::vector<std::pair<int64_t, core::Problem>> problems_;
    std::unordered_map<std::string, const CsvRecord*> first_rows_;
    std::map<std::string, int64_t> index_;
    size_t rows_with_split_ = 0, rows_without_split_ = 0;
    int64_t first_without_split_ = 0;
};

bool is_csv(const fs::path& root) {
    std::error_code code;
    return core::lower(root.extension().string()) == ".csv" && fs::is_regular_file(root, code);
}

Manifest read_csv(const DataOptions& options) {
    return Reader(options.root, options.paths == PathPolicy::kAnywhere).run(/*splits=*/true);
}

}  // namespace

const ManifestFormat kCsvManifest = {.name = "csv",
                                     .help = "a table path,label[,split]",
                                     .is = "a CSV file",
                                     .to_set_aside = "give some lines the split test, or set data.val_fraction",
                                     .among_images = false,
                                     .recognises = is_csv,
                                     .read = read_csv};

Manifest read_csv_rows(const fs::path& file, bool anywhere) {
    return Reader(file, anywhere).run(/*splits=*/false);
}

}  // namespace kaziranga::data
