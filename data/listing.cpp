#include "data/listing.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"
#include "data/dataset.hpp"
#include "data/formats/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <utility>

#include <sys/stat.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

using FolderId = std::pair<dev_t, ino_t>;

struct Entry {
    std::string name;
    bool folder = false;
    bool link = false;
};

core::Error unreadable(const fs::path& folder, const std::error_code& code) {
    return core::Error(core::system_problem("cannot read the folder", folder, code.value()));
}

/// True for folders that macOS, Windows, Linux and network drives of Synology and QNAP create.
bool is_litter(std::string_view name) {
    constexpr std::array<std::string_view, 8> kNames = {
        "__MACOSX",  "@eaDir",       "@Recycle",   "#recycle",
        "#snapshot", "$RECYCLE.BIN", "lost+found", "System Volume Information"};
    return std::ranges::find(kNames, name) != kNames.end();
}

std::vector<Entry> read_entries(const fs::path& folder) {
    core::throw_if_interrupted();
    std::vector<Entry> entries;
    std::error_code code;
    for (fs::directory_iterator it(folder, code); !code && it != fs::directory_iterator(); it.increment(code)) {
        std::error_code broken_link;
        std::string name = it->path().filename().string();
        if (name.starts_with('.')) continue;
        entries.push_back({std::move(name), it->is_directory(broken_link), it->is_symlink(broken_link)});
    }
    if (code) throw unreadable(folder, code);
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
}

FolderId id_of(const fs::path& folder) {
    struct stat status{};
    if (::stat(folder.c_str(), &status) != 0) throw unreadable(folder, {errno, std::generic_category()});
    return {status.st_dev, status.st_ino};
}

/// Returns the folders above a folder. A link to one of them would list the whole tree again below the folder.
std::set<FolderId> folders_above(const fs::path& folder) {
    std::error_code code;
    fs::path above = fs::canonical(folder, code);
    if (code) throw unreadable(folder, code);
    std::set<FolderId> ids;
    while (above != above.root_path()) {
        above = above.parent_path();
        ids.insert(id_of(above));
    }
    return ids;
}

class Walk {
  public:
    explicit Walk(const fs::path& folder) : folder_(folder), seen_(folders_above(folder)) {}

    Listing run() {
        folders_.push_back({});
        while (!folders_.empty() || !links_.empty()) {
            // Visits links last, so that every folder is first listed under its own name.
            std::deque<std::string>& next = folders_.empty() ? links_ : folders_;
            const std::string below = std::move(next.front());
            next.pop_front();
            visit(below);
        }
        for (auto* names : {&found_.images, &found_.others, &found_.repeated, &found_.litter})
            std::ranges::sort(*names);
        return std::move(found_);
    }

  private:
    void visit(const std::string& below) {
        const fs::path folder = below.empty() ? folder_ : folder_ / below;
        if (!seen_.insert(id_of(folder)).second) {
            found_.repeated.push_back(below);
            return;
        }
        for (Entry& entry : read_entries(folder)) {
            std::string name = below.empty() ? std::move(entry.name) : below + "/" + entry.name;
            if (entry.folder && is_litter(fs::path(name).filename().string())) {
                found_.litter.push_back(std::move(name));
            } else if (entry.folder) {
                (entry.link ? links_ : folders_).push_back(std::move(name));
            } else {
                (formats::is_image_name(name) ? found_.images : found_.others).push_back(std::move(name));
            }
        }
    }

    fs::path folder_;
    std::set<FolderId> seen_;
    std::deque<std::string> folders_, links_;
    Listing found_;
};

}  // namespace

core::Problem no_images_by_name(const std::vector<std::string>& names, const fs::path& folder) {
    return {.what = counted(names.size(), "file") + " passed over, not an image by name",
            .where = folder.string(),
            .found = some_of(names),
            .remedy = "images end in " + formats::extension_list() + "; convert others to JPEG or PNG"};
}

Entries list_entries(const fs::path& folder) {
    Entries entries;
    for (Entry& entry : read_entries(folder)) {
        auto& names = !entry.folder ? entries.files : is_litter(entry.name) ? entries.litter : entries.folders;
        names.push_back(std::move(entry.name));
    }
    return entries;
}

bool holds(const fs::path& folder, const fs::path& other) {
    std::error_code code;
    const fs::path above = fs::canonical(folder, code);
    if (code) return false;
    const fs::path below = fs::weakly_canonical(fs::absolute(other), code);
    if (code) return false;
    const auto [end, rest] = std::mismatch(above.begin(), above.end(), below.begin(), below.end());
    return end == above.end();
}

Listing list_below(const fs::path& folder) {
    return Walk(folder).run();
}

FoundImages list_images(const fs::path& path) {
    FoundImages found;
    std::error_code code;
    if (!fs::is_directory(path, code)) {
        found.samples.push_back({path, path.string(), -1});
        return found;
    }
    const Listing listing = list_below(path);
    for (const std::string& below : listing.images) {
        const fs::path image = path / below;
        found.samples.push_back({image, image.string(), -1});
    }
    if (!listing.others.empty()) found.warnings.push_back(no_images_by_name(listing.others, path));
    return found;
}

}  // namespace kaziranga::data
