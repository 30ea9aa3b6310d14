#include "data/manifests/table.hpp"

#include "data/options.hpp"

#include <algorithm>
#include <ranges>

namespace kaziranga::data {

std::vector<std::string> formats_of_data() {
    std::vector<std::string> names = {kAutoFormat};
    for (const ManifestFormat* format : kManifestFormats) names.emplace_back(format->name);
    return names;
}

const ManifestFormat& format_of(const DataOptions& options, const std::filesystem::path& path) {
    for (const ManifestFormat* format : kManifestFormats | std::views::reverse) {
        if (options.format == kAutoFormat ? format->recognises(path) : format->name == options.format) return *format;
    }
    return kFolderManifest;
}

}  // namespace kaziranga::data
