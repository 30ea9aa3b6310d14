#include "data/synthetic/park_folder.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"
#include "data/synthetic/names.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <unordered_set>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace kaziranga::data::synthetic {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "kaziranga made-up park";
constexpr uint64_t kMaxRecordBytes = 16 << 20;

core::Error folder_error(const std::string& what, const fs::path& path, int code) {
    return core::Error(core::system_problem(what, path, code));
}

core::Error not_ours(const fs::path& where, const std::string& found) {
    return core::Error({.what = "the folder is not replaced",
                        .where = where.string(),
                        .expected = "only what an earlier run drew",
                        .found = found,
                        .remedy = "move it away or give another output folder"});
}

constexpr std::string_view kDrawnByMkdtemp = "XXXXXX";
constexpr std::string_view kAside = ".old";  ///< suffix after a partial folder's name: the park that it replaces

/// Name of a park's temporary folder, without the random letters at its end.
std::string partial_name(const std::string& park) {
    return fmt::format(".{}.partial-", park);
}

/// True if a folder contains only entries of a park folder.
bool is_partial_park(const fs::path& folder) {
    std::error_code code;
    if (!fs::is_directory(fs::symlink_status(folder, code))) return false;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        const std::string name = it->path().filename().string();
        if (name != kRecordName && std::ranges::count(kSplits, name) == 0) return false;
    }
    return !code;
}

/// Exchanges the names of two folders, atomically if the file system supports it, so that both names always exist.
/// @return false, with errno set, if it fails
bool exchange(const fs::path& a, const fs::path& b) {
    if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    const std::string aside = a.string().append(kAside);  // after a kill, remove_partial_folders handles it
    if (::rename(b.c_str(), aside.c_str()) != 0) return false;
    if (::rename(a.c_str(), b.c_str()) == 0) {
        [[maybe_unused]] const int left_aside = ::rename(aside.c_str(), a.c_str());
        return true;
    }
    const int code = errno;
    [[maybe_unused]] const int back = ::rename(aside.c_str(), b.c_str());
    errno = code;
    return false;
}

/// Entries that a folder may contain according to its park.json.
struct Inventory {
    std::array<int64_t, 3> images{};
    std::unordered_set<std::string> species;

    bool holds(const fs::path& relative, bool is_folder) const {
        std::vector<std::string> parts;
        for (const fs::path& part : relative) parts.push_back(part.string());
        if (parts.size() == 1 && !is_folder) return parts[0] == kRecordName;
        const auto split = std::find(kSplits.begin(), kSplits.end(), parts[0]);
        if (split == kSplits.end()) return false;
        if (parts.size() == 1) return is_folder;
        if (!species.contains(parts[1])) return false;
        if (parts.size() == 2) return is_folder;
        return parts.size() == 3 && !is_folder &&
               is_image(parts[2], images[static_cast<size_t>(split - kSplits.begin())]);
    }

  private:
    static bool is_image(const std::string& name, int64_t count) {
        constexpr size_t kMostDigits = 9;
        const size_t digits = name.find_first_not_of("0123456789");
        if (digits == 0 || digits == std::string::npos || digits > kMostDigits) return false;
        const int64_t number = std::stoll(name.substr(0, digits));
        return number < count && name == image_name(number);
    }
};

/// Returns an integer. Refuses fractions, which the JSON library would cast.
int64_t whole(const Json& json) {
    if (!json.is_number_integer()) throw Json::type_error::create(302, "not a whole number", &json);
    return json.get<int64_t>();
}

std::optional<ParkRecord> parse_record(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("format", Json()) != kFormat) return std::nullopt;
    try {
        ParkRecord record;
        ParkOptions& o = record.options;
        o.park = json.at("park").get<std::string>();
        record.seed = whole(json.at("seed"));
        o.shift = json.at("shift").get<double>();
        o.size = whole(json.at("size"));
        o.jpeg_quality = whole(json.at("jpeg_quality"));
        const Json& images = json.at("images");
        o.train_images = whole(images.at("train"));
        o.val_images = whole(images.at("val"));
        o.test_images = whole(images.at("test"));
        record.species = json.at("species").get<std::vector<std::string>>();
        o.species = static_cast<int64_t>(record.species.size());
        return record;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

std::optional<Inventory> read_inventory(const fs::path& file) {
    const std::optional<ParkRecord> record = parse_record(core::read_file(file, kMaxRecordBytes));
    if (!record) return std::nullopt;
    return Inventory{images_of(record->options), {record->species.begin(), record->species.end()}};
}

/// Returns the reason why the record cannot describe a drawn park; empty if it can.
std::string problem_of(const ParkRecord& record) {
    const ParkOptions& o = record.options;
    const bool plain = std::ranges::all_of(record.species, [](const std::string& name) {
        return !name.empty() && name.find('/') == std::string::npos && name.front() != '.' && core::is_plain_text(name);
    });
    if (o.park != "kaziranga" && o.park != "olympic") return "park: neither kaziranga nor olympic";
    if (o.species < 1 || o.species > kMaxSpecies) return "species: none, or too many";
    const std::unordered_set<std::string> distinct(record.species.begin(), record.species.end());
    if (distinct.size() != record.species.size()) return "species: one stands twice";
    if (!plain) return "species: names that cannot be folders";
    if (record.seed < 0) return "seed: below 0";
    if (!(o.shift >= 0 && o.shift <= 1)) return "shift: not from 0 to 1";
    if (o.size < 32 || o.size > 2048) return "size: not from 32 to 2048";
    const auto images = images_of(o);
    if (std::ranges::any_of(images, [](int64_t n) { return n < 0 || n > 100'000; })) return "images: out of range";
    constexpr int64_t kMostImages = 2'000'000;
    const int64_t all = (images[0] + images[1] + images[2]) * o.species;
    if (all > kMostImages) return fmt::format("images: more than {}", kMostImages);
    return all == 0 ? "images: none" : "";
}

}  // namespace

std::array<int64_t, 3> images_of(const ParkOptions& options) {
    return {options.train_images, options.val_images, options.test_images};
}

std::string image_name(int64_t number) {
    return fmt::format("{:04}.jpg", number);
}

ParkRecord record_of(const ParkOptions& options, int64_t seed) {
    return {options, seed, species_names(options.park, options.species, options.shift, static_cast<uint64_t>(seed))};
}

std::string to_json(const ParkRecord& record) {
    const ParkOptions& o = record.options;
    Json json = {{"format", kFormat},
                 {"version", 1},
                 {"park", o.park},
                 {"seed", record.seed},
                 {"shift", o.shift},
                 {"size", o.size},
                 {"jpeg_quality", o.jpeg_quality}};
    for (size_t i = 0; i < kSplits.size(); ++i) json["images"][std::string(kSplits[i])] = images_of(o)[i];
    json["species"] = record.species;
    return json.dump(1) + "\n";
}

ParkRecord read_record(const fs::path& file) {
    const auto refuse = [&](const std::string& found) {
        return core::Error({.what = "no park.json of a made-up park",
                            .where = file.string(),
                            .expected = "what generate writes",
                            .found = found,
                            .remedy = "draw the park again"});
    };
    std::optional<ParkRecord> record = parse_record(core::read_file(file, kMaxRecordBytes));
    if (!record) throw refuse("other content");
    const std::string problem = problem_of(*record);
    if (!problem.empty()) throw refuse(problem);
    return *std::move(record);
}

bool is_drawn(const fs::path& folder, const ParkRecord& record, bool stored) {
    std::error_code code;
    const fs::path file = folder / kRecordName;
    if (!fs::is_regular_file(file, code) || core::read_file(file, kMaxRecordBytes) != to_json(record)) return false;
    const std::array<int64_t, 3> images = images_of(record.options);
    for (size_t split = 0; stored && split < kSplits.size(); ++split) {
        for (const std::string& species : record.species) {
            for (int64_t i = 0; i < images[split]; ++i) {
                if (!fs::is_regular_file(folder / kSplits[split] / species / image_name(i), code)) return false;
            }
        }
    }
    return true;
}

void check_replaceable(const fs::path& folder, bool overwrite) {
    std::error_code code;
    const fs::file_status status = fs::symlink_status(folder, code);
    if (!fs::exists(status)) return;
    if (!fs::is_directory(status)) throw not_ours(folder, "not a folder");
    if (fs::is_empty(folder)) return;
    if (!overwrite) {
        throw core::Error({.what = "the park's folder is not empty",
                           .where = folder.string(),
                           .remedy = "give overwrite=true to draw it again, or another output folder"});
    }
    const fs::path record = folder / kRecordName;
    if (!fs::is_regular_file(fs::symlink_status(record))) throw not_ours(folder, "files, but no park.json");
    const std::optional<Inventory> inventory = read_inventory(record);
    if (!inventory) throw not_ours(record, "a park.json that no run of ours wrote");
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        const fs::file_status kind = entry.symlink_status();
        const bool known = fs::is_directory(kind) || fs::is_regular_file(kind);
        if (!known || !inventory->holds(entry.path().lexically_relative(folder), fs::is_directory(kind))) {
            throw not_ours(entry.path(), "something that park.json does not list");
        }
    }
}

PartialFolder::PartialFolder(fs::path destination) : destination_(std::move(destination)) {
    const fs::path parent = destination_.parent_path();
    core::make_folders(parent);
    const std::string name = partial_name(destination_.filename().string());
    std::string pattern = (parent / name).string().append(kDrawnByMkdtemp);
    if (!::mkdtemp(pattern.data())) throw folder_error("cannot make a folder beside it", destination_, errno);
    path_ = pattern;
    constexpr mode_t kOrdinaryFolder = 0777;
    ::chmod(path_.c_str(), core::permitted(kOrdinaryFolder));
}

PartialFolder::~PartialFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

void PartialFolder::write(const fs::path& name, const void* bytes, size_t size) const {
    const fs::path path = path_ / name;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"),
                                                               [](std::FILE* f) { return f ? std::fclose(f) : 0; });
    if (!file) throw folder_error("cannot create the file", path, errno);
    // Flushed before it is closed, because a destructor cannot report a full disk.
    if (std::fwrite(bytes, 1, size, file.get()) != size || std::fflush(file.get()) != 0) {
        throw folder_error("cannot write the file", path, errno);
    }
}

void PartialFolder::commit() {
    // One sync for the whole file system instead of one per file: a park has thousands of small files, and none of
    // them is used before the rename below.
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::syncfs(descriptor) == 0;
    const int code = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw folder_error("cannot sync the folder", path_, code);

    std::error_code failed;
    const bool replaces = fs::exists(fs::symlink_status(destination_, failed));
    failed.clear();
    const bool in_place = replaces ? exchange(path_, destination_) : ::rename(path_.c_str(), destination_.c_str()) == 0;
    if (!in_place) throw folder_error("cannot put the folder in its place", destination_, errno);
    core::sync_folder(destination_.parent_path());
    if (replaces) fs::remove_all(path_, failed);
    if (failed) core::log().warn("{}: what was there before is left over: {}", path_.string(), failed.message());
    path_.clear();
}

void remove_partial_folders(const fs::path& folder, const std::string& park) {
    const std::string start = partial_name(park);
    std::vector<fs::path> partial, aside;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(start) || !is_partial_park(it->path())) continue;
        const std::string_view behind = std::string_view(name).substr(start.size());
        if (behind.size() == kDrawnByMkdtemp.size()) partial.push_back(it->path());
        if (behind.size() == kDrawnByMkdtemp.size() + kAside.size() && behind.ends_with(kAside)) {
            aside.push_back(it->path());
        }
    }
    std::error_code ignored;
    for (const fs::path& park_before : aside) {
        const bool gone = !fs::exists(fs::symlink_status(folder / park, ignored));
        if (gone)
            fs::rename(park_before, folder / park, ignored);
        else
            partial.push_back(park_before);
    }
    for (const fs::path& left_over : partial) fs::remove_all(left_over, ignored);
}

}  // namespace kaziranga::data::synthetic
