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
#include <string_view>

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
    finish(file);
}

/// What can occur everywhere can occur at each site.
void AllowedClasses::finish(const fs::path& file) {
    const std::vector<std::string> unknown(unknown_.begin(), unknown_.end());
    if (!any_known_) {
        throw core::Error({.what = "the list of allowed classes names no class of the model",
                           .where = file.string(),
                           .expected = data::some_of(classes_),
                           .found = unknown.empty() ? "no name at all" : data::some_of(unknown)});
    }
    if (!unknown.empty()) {
        warnings_.push_back({.what = data::counted(unknown.size(), "name") + " of no class of the model",
                             .where = file.string(),
                             .found = data::some_of(unknown),
                             .remedy = core::did_you_mean(unknown.front(), classes_)});
    }
    const auto everywhere = at_sites_.find("");
    if (everywhere == at_sites_.end()) return;
    for (auto& [site, allowed] : at_sites_) {
        for (size_t k = 0; k < allowed.size(); ++k) allowed[k] = allowed[k] || everywhere->second[k];
    }
}

std::vector<core::Problem> AllowedClasses::warnings(const data::Samples& samples) const {
    std::vector<core::Problem> all = warnings_;
    const auto without = std::ranges::count_if(
        samples, [&](const data::Sample& sample) { return at(data::facts_of(sample).site) == nullptr; });
    if (without > 0) {
        all.push_back(
            {.what = fmt::format("{} of {} images or boxes are from no site that the table of allowed classes "
                                 "names: all classes can occur there",
                                 without, samples.size()),
             .remedy = "sites come from a table of the images, not from folders; a row without a site is for "
                       "everywhere"});
    }
    return all;
}

void AllowedClasses::read_list(const fs::path& file) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string text = core::read_file(file);
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    std::istringstream in(text);
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
    for (const data::CsvRecord& record : table.rows) {
        allow(data::field_in(record, columns.site), record.fields[*columns.label]);
    }
}

void AllowedClasses::allow(const std::string& site, const std::string& name) {
    const auto [entry, is_new] = at_sites_.try_emplace(data::spelling_key(site), classes_.size());
    if (is_new) {
        for (size_t k = 0; k < classes_.size(); ++k) entry->second[k] = kind_of_class(classes_[k]) != "animal";
    }
    const auto known = index_.find(data::spelling_key(name));
    if (known == index_.end()) {
        unknown_.insert(name);
        return;
    }
    entry->second[known->second] = true;
    any_known_ = true;
}

/// What can occur at a site; null: everything.
const std::vector<bool>* AllowedClasses::at(const std::string& site) const {
    auto found = at_sites_.find(data::spelling_key(site));
    if (found == at_sites_.end()) found = at_sites_.find("");
    return found == at_sites_.end() ? nullptr : &found->second;
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
        const std::vector<bool>* allowed = at(data::facts_of(samples[i]).site);
        if (allowed != nullptr) kept.select(0, static_cast<int64_t>(i)).add_(removed(*allowed));
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
