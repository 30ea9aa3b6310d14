#include "evaluation/allowed_classes.hpp"

#include "core/files.hpp"
#include "core/text.hpp"
#include "data/manifests/columns.hpp"
#include "data/manifests/spelling.hpp"
#include "data/manifests/text_table.hpp"
#include "data/wording.hpp"
#include "evaluation/class_kinds.hpp"

#include <algorithm>
#include <limits>
#include <sstream>

#include <ATen/ops/zeros.h>
#include <fmt/format.h>

namespace kaziranga::evaluation {
namespace {

namespace fs = std::filesystem;

bool is_table(const fs::path& file) {
    const std::string extension = core::lower(file.extension().string());
    return extension == ".csv" || extension == ".tsv";
}

}  // namespace

AllowedClasses::AllowedClasses(const fs::path& file, const std::vector<std::string>& classes) : classes_(classes) {
    for (size_t k = 0; k < classes.size(); ++k) index_.emplace(data::spelling_key(classes[k]), k);
    is_table(file) ? read_table(file) : read_list(file);
    if (at_sites_.empty()) {
        throw core::Error({.what = "the list of allowed classes names no class of the model",
                           .where = file.string(),
                           .expected = data::some_of(classes),
                           .found = unknown_.empty() ? "no name at all" : data::some_of(unknown_)});
    }
    if (!unknown_.empty()) {
        warnings_.push_back({.what = data::counted(unknown_.size(), "name") + " of no class of the model",
                             .where = file.string(),
                             .found = data::some_of(unknown_),
                             .remedy = core::did_you_mean(unknown_.front(), classes)});
    }
}

void AllowedClasses::read_list(const fs::path& file) {
    std::istringstream in(core::read_file(file));
    for (std::string line; std::getline(in, line);) {
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty() && !line.starts_with('#')) allow("", line);
    }
}

void AllowedClasses::read_table(const fs::path& file) {
    const data::TextTable table = data::read_text_table(file);
    std::vector<core::Problem> problems;
    for (const auto& [line, problem] : table.problems) {
        problems.push_back(problem);
        problems.back().where = fmt::format("{}:{}", file.string(), line);
    }
    const data::Columns columns = data::find_columns(table.header, {}, data::TableOf::kClasses, problems, warnings_);
    for (core::Problem& problem : problems) {
        if (problem.where.empty()) problem.where = file.string();
    }
    data::throw_if_any(std::move(problems));
    by_site_ = columns.site.has_value();
    for (const data::CsvRecord& record : table.rows) {
        allow(columns.site ? record.fields[*columns.site] : "", record.fields[*columns.label]);
    }
}

void AllowedClasses::allow(const std::string& site, const std::string& name) {
    const auto known = index_.find(data::spelling_key(name));
    if (known == index_.end()) {
        if (std::ranges::count(unknown_, name) == 0) unknown_.push_back(name);
        return;
    }
    const auto [entry, is_new] = at_sites_.try_emplace(site, classes_.size());
    if (is_new) {
        for (size_t k = 0; k < classes_.size(); ++k) entry->second[k] = kind_of_class(classes_[k]) != "animal";
    }
    entry->second[known->second] = true;
}

/// [K] float64: 0 for classes that are allowed, minus infinity for the others.
at::Tensor AllowedClasses::removed(const std::vector<bool>& allowed) const {
    at::Tensor row = at::zeros({static_cast<int64_t>(allowed.size())}, at::kDouble);
    double* values = row.mutable_data_ptr<double>();
    for (size_t k = 0; k < allowed.size(); ++k) {
        if (!allowed[k]) values[k] = -std::numeric_limits<double>::infinity();
    }
    return row;
}

at::Tensor AllowedClasses::apply(const at::Tensor& logits, const data::Samples& samples) const {
    at::Tensor kept = logits.to(at::kDouble).clone();
    for (size_t i = 0; i < samples.size(); ++i) {
        const auto site = at_sites_.find(by_site_ ? data::facts_of(samples[i]).site : "");
        if (site != at_sites_.end()) kept.select(0, static_cast<int64_t>(i)).add_(removed(site->second));
    }
    return kept;
}

std::string AllowedClasses::text() const {
    std::string all;
    for (const auto& [site, allowed] : at_sites_) {
        all += site + ":";
        for (const bool is_allowed : allowed) all += is_allowed ? '1' : '0';
        all += ';';
    }
    return all;
}

}  // namespace kaziranga::evaluation
