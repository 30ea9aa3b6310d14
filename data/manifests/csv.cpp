#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/manifests/box_values.hpp"
#include "data/manifests/clock.hpp"
#include "data/manifests/columns.hpp"
#include "data/manifests/groups.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"
#include "data/manifests/text_table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// Hands the rows of a table of images to a builder.
/// @param splits  true: refuses a table that has rows with a split and rows without a split
Manifest read_table(const fs::path& file, const DataOptions& options, bool splits) {
    ManifestBuilder builder(file, options);
    TextTable table = read_text_table(file);
    for (auto& [line, problem] : table.problems) builder.add_problem(line, std::move(problem));
    if (table.header.fields.empty()) builder.throw_problems();
    std::vector<core::Problem> problems, warnings;
    size_t no_times = 0;
    std::string no_time;  // the first of them
    Columns columns = find_columns(table.header, options.columns, TableOf::kLabels, problems, warnings);
    if (names_a_column(options.group)) columns.group = group_column(table.header, columns, options.group, problems);
    for (core::Problem& warning : warnings) builder.add_warning(table.header.line, std::move(warning));
    for (core::Problem& problem : problems) builder.add_problem(table.header.line, std::move(problem));
    if (!problems.empty()) builder.throw_problems();

    for (size_t i = 0; i < table.rows.size(); ++i) {
        constexpr size_t kRowsBetweenLooks = 1024;
        if (i % kRowsBetweenLooks == 0) core::throw_if_interrupted();
        const CsvRecord& record = table.rows[i];
        problems.clear();
        const auto box = box_of(record, columns, /*where=*/"", problems);
        if (!problems.empty()) {
            builder.add_problems(record.line, std::move(problems));
            continue;
        }
        const auto time = seconds_of(field_in(record, columns.time));
        if (!time && !field_in(record, columns.time).empty() && no_times++ == 0)
            no_time = field_in(record, columns.time);
        builder.add({.line = record.line,
                     .path = record.fields[*columns.path],
                     .label = record.fields[*columns.label],
                     .split = field_in(record, columns.split),
                     .box = box,
                     .site = field_in(record, columns.site),
                     .sequence = field_in(record, columns.sequence),
                     .group = field_in(record, columns.group),
                     .time = time});
    }
    if (no_times > 0) {
        builder.add_warning(table.header.line,
                            {.what = counted(no_times, "time") + " that cannot be read; EXIF takes their place",
                             .expected = "2021-07-01 05:20:42",
                             .found = "'" + core::printable(no_time) + "'"});
    }
    Manifest manifest = builder.finish(splits);
    manifest.read_as = "a table, " + columns.said(table.header);
    return manifest;
}

bool is_csv(const fs::path& root) {
    std::error_code code;
    return is_table_name(root) && fs::is_regular_file(root, code);
}

Manifest read_csv(const DataOptions& options) {
    return read_table(options.root, options, /*splits=*/true);
}

Manifest read_csv_rows(const DataOptions& options) {
    return read_table(options.root, options, /*splits=*/false);
}

}  // namespace

const ManifestFormat kCsvManifest = {.name = "csv",
                                     .help = "a table path,label[,split], separated by commas, semicolons or tabs",
                                     .is = "a CSV file",
                                     .to_set_aside = "give some lines the split test, or set data.val_fraction",
                                     .among_images = false,
                                     .recognises = is_csv,
                                     .read = read_csv,
                                     .read_rows = read_csv_rows};

}  // namespace kaziranga::data
