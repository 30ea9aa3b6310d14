#include "data/manifests/load.hpp"

#include "core/text.hpp"
#include "data/manifests/table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <cctype>
#include <map>

namespace kaziranga::data {
namespace {

/// Normalises a name: ignores case, surrounding spaces, and the difference between '_', '-' and ' '.
std::string spelling_key(const std::string& name) {
    std::string key;
    for (const char c : name) {
        const bool gap = c == '_' || c == '-' || std::isspace(static_cast<unsigned char>(c));
        if (!gap) {
            key += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!key.empty() && key.back() != ' ') {
            key += ' ';
        }
    }
    if (key.ends_with(' ')) key.pop_back();
    return key;
}

void warn_of_spellings(Manifest& manifest) {
    std::vector<size_t> images(manifest.classes.size());
    for (const Samples* split : {&manifest.train, &manifest.val, &manifest.test, &manifest.unsplit}) {
        for (const Sample& sample : *split) ++images[static_cast<size_t>(sample.label)];
    }
    std::map<std::string, std::map<std::string, size_t>> spellings;
    for (size_t i = 0; i < manifest.classes.size(); ++i) {
        spellings[spelling_key(manifest.classes[i])][manifest.classes[i]] = images[i];
    }
    for (const auto& [key, names] : spellings) {
        if (names.size() < 2) continue;
        std::vector<std::string> found;
        for (const auto& [name, count] : names) found.push_back("'" + name + "' (" + counted(count, "image") + ")");
        manifest.warnings.push_back({.what = "one class under two spellings?",
                                     .where = manifest.root.string(),
                                     .found = core::join(found, " and "),
                                     .remedy = "give them one name if they are one class"});
    }
}

}  // namespace

Manifest read_manifest(const DataOptions& options) {
    const ManifestFormat& format = find_manifest_format(options.format);
    std::error_code code;
    if (options.root.empty() || !std::filesystem::exists(options.root, code)) {
        throw core::Error({.what = options.root.empty() ? "no data is named" : "the data is not there",
                           .where = options.root.empty() ? "data.root" : options.root,
                           .expected = std::string(format.is),
                           .found = code ? code.message()
                                    : options.root.empty()
                                        ? std::string()
                                        : "nothing at " + std::filesystem::absolute(options.root).string(),
                           .remedy = "set data.root to where the labelled images are"});
    }
    Manifest manifest = format.read(options);
    warn_of_spellings(manifest);
    return manifest;
}

Dataset load_dataset(const DataOptions& options, uint64_t seed) {
    return split_dataset(read_manifest(options), options, seed);
}

}  // namespace kaziranga::data
