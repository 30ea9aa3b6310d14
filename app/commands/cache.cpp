#include "training/features/cache.hpp"

#include "app/commands/commands.hpp"
#include "app/console.hpp"
#include "core/error.hpp"
#include "training/options.hpp"

#include <fmt/format.h>

namespace kaziranga::app {
namespace {

using training::CacheFile;

std::string megabytes(uintmax_t bytes) {
    return fmt::format("{:.1f}", static_cast<double>(bytes) / 1e6);
}

std::string described(const CacheFile& file) {
    if (!file.description.empty()) return file.description;
    return file.cut_off ? "cut off in its header" : "of an older version, no longer used";
}

void list(const std::string& folder) {
    std::vector<std::vector<std::string>> rows = {{"features", "width", "MB", "file", "of"}};
    for (const CacheFile& file : training::cache_files(folder, /*verify=*/false)) {
        rows.push_back({std::to_string(file.records), std::to_string(file.dim), megabytes(file.bytes),
                        file.path.filename().string(), described(file)});
    }
    if (rows.size() == 1) {
        say("{}: no features", folder);
    } else {
        say_table(rows);
    }
}

void verify(const std::string& folder) {
    std::vector<core::Problem> problems;
    int64_t records = 0;
    for (const CacheFile& file : training::cache_files(folder, /*verify=*/true)) {
        records += file.records;
        if (file.cut_off) {
            say("{}: its end is cut off, as when a run is killed; what is missing is computed again when it is needed",
                file.path.string());
        }
        if (file.damaged == 0) continue;
        problems.push_back(
            {.what = fmt::format(
                 "{} of {} features are damaged; they count as absent and are computed again when they are needed",
                 file.damaged, file.records),
             .where = file.path.string(),
             .remedy = "check the disk; kaziranga cache clear frees the space"});
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
    say("{}: {} features read, all sound", folder, records);
}

void clear(const std::string& folder) {
    uintmax_t bytes = 0;
    const std::vector<CacheFile> files = training::clear_caches(folder);
    for (const CacheFile& file : files) bytes += file.bytes;
    say("{}: {} file(s) removed, {} MB", folder, files.size(), megabytes(bytes));
}

}  // namespace

void add_cache(CLI::App& program) {
    auto* verb = program.add_subcommand("cache", "The features that runs have kept: list, verify or clear them");
    verb->require_subcommand(1);
    struct Action {
        const char* name;
        const char* help;
        void (*act)(const std::string& folder);
    };
    for (const Action& action : {Action{"list", "What is there, and of which backbone", list},
                                 Action{"verify", "Read every feature and compare its checksum", verify},
                                 Action{"clear", "Remove them all; runs compute what they need again", clear}}) {
        auto* part = verb->add_subcommand(action.name, action.help);
        const auto folder = std::make_shared<std::string>(training::FeatureOptions{}.cache);
        part->add_option("folder", *folder, "The folder that features.cache names in the config")
            ->capture_default_str();
        part->callback([folder, act = action.act] { act(*folder); });
    }
}

}  // namespace kaziranga::app
