#include "data/manifests/table.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

namespace kaziranga::data {

std::vector<std::string> manifest_names() {
    std::vector<std::string> names;
    for (const ManifestFormat* format : kManifestFormats) names.emplace_back(format->name);
    return names;
}

const ManifestFormat& find_manifest_format(const std::string& name) {
    for (const ManifestFormat* format : kManifestFormats) {
        if (format->name == name) return *format;
    }
    const std::vector<std::string> names = manifest_names();
    throw core::Error({.what = "unknown format of labelled images",
                       .where = "data.format",
                       .expected = "one of " + core::join(names, ", "),
                       .found = "'" + name + "'",
                       .remedy = core::did_you_mean(name, names)});
}

}  // namespace kaziranga::data
