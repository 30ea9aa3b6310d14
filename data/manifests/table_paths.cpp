#include "data/manifests/table_paths.hpp"

#include "core/utf8.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// Replaces the separators of Windows.
std::string with_slashes(std::string path) {
    std::ranges::replace(path, '\\', '/');
    return path;
}

std::string without_last_slash(std::string path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

/// The rest of a path below a folder, both written with '/'; nothing if it is not below it.
std::optional<std::string> below(const std::string& path, const std::string& folder) {
    if (!path.starts_with(folder)) return std::nullopt;
    std::string rest = path.substr(folder.size());
    if (!folder.ends_with('/') && !rest.starts_with('/')) return std::nullopt;
    rest.erase(0, rest.find_first_not_of('/'));
    return rest;
}

fs::path plain(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

bool is_below(const fs::path& file, const fs::path& folder) {
    const fs::path rest = file.lexically_relative(folder);
    return !rest.empty() && *rest.begin() != "..";
}

}  // namespace

TablePaths::TablePaths(const fs::path& table_folder, const DataOptions& options) {
    const fs::path folder = table_folder.empty() ? fs::path(".") : table_folder;
    base_ = options.base.empty() ? folder : fs::path(options.base);
    full_base_ = plain(base_);
    for (const auto& [from, to] : options.moved) {
        moved_.emplace_back(without_last_slash(with_slashes(from)), fs::path(to.front()));
    }
    if (options.paths == PathPolicy::kAnywhere) return;
    allowed_ = {plain(folder)};
    if (!options.base.empty()) allowed_.push_back(full_base_);
    for (const auto& [from, to] : moved_) allowed_.push_back(plain(to));
}

fs::path TablePaths::file_of(const std::string& written) const {
    const std::string slashed = with_slashes(written);
    for (const auto& [from, to] : moved_) {
        if (const auto rest = below(slashed, from)) return to / *rest;
    }
    const fs::path file = base_ / written;
    std::error_code code;
    return slashed == written || fs::exists(file, code) ? file : base_ / slashed;
}

fs::path TablePaths::present_file_of(const std::string& written) const {
    fs::path file = file_of(written);
    std::error_code code;
    if (fs::exists(file, code) || core::is_ascii(file.string())) return file;
    fs::path found;
    for (const fs::path& part : file) {
        fs::path next = found / part;
        if (!part.empty() && !fs::exists(next, code)) {
            const auto& names = names_in(found);
            const auto name = names.find(core::composed(part.string()));
            if (name == names.end()) return file;
            next = found / name->second;
        }
        found = std::move(next);
    }
    return found;
}

const std::map<std::string, std::string>& TablePaths::names_in(const fs::path& folder) const {
    const auto [entry, is_new] = listed_.try_emplace(folder);
    std::error_code code;
    if (!is_new || !fs::is_directory(folder.empty() ? "." : folder, code)) return entry->second;
    for (const fs::directory_entry& file : fs::directory_iterator(folder.empty() ? "." : folder, code)) {
        std::string name = file.path().filename().string();
        entry->second.emplace(core::composed(name), std::move(name));
    }
    return entry->second;
}

bool TablePaths::may_name(const fs::path& file) const {
    const fs::path full = plain(file);
    return allowed_.empty() ||
           std::ranges::any_of(allowed_, [&](const fs::path& folder) { return is_below(full, folder); });
}

std::string TablePaths::name_of(const fs::path& file) const {
    const fs::path full = plain(file);
    return is_below(full, full_base_) ? full.lexically_relative(full_base_).generic_string() : file.generic_string();
}

std::string TablePaths::moved_remedy(const std::vector<std::string>& missing) const {
    std::error_code code;
    const fs::path first = missing.empty() ? fs::path() : fs::path(missing.front());
    if (first.is_relative() && fs::is_regular_file(first, code)) {
        return "the paths are relative to the current folder; set data.base=.";
    }
    const auto from = moved_from(missing);
    if (!from) return {};
    return fmt::format("images with the same names are below {0}; set data.moved='{{\"{1}\": \"{0}\"}}'",
                       base_.string(), *from);
}

std::optional<std::string> TablePaths::moved_from(const std::vector<std::string>& missing) const {
    constexpr size_t kTried = 50;
    const size_t tried = std::min(missing.size(), kTried);
    std::map<std::string, size_t> votes;
    for (size_t i = 0; i < tried; ++i) {
        const std::string path = with_slashes(missing[i * missing.size() / tried]);
        for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            std::error_code code;
            if (!fs::is_regular_file(base_ / path.substr(slash + 1), code)) continue;
            ++votes[path.substr(0, slash)];
            break;
        }
    }
    const auto most = std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
    if (most == votes.end() || 2 * most->second < tried) return std::nullopt;
    return most->first;
}

}  // namespace kaziranga::data
