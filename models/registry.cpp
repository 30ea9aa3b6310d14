#include "models/registry.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace kaziranga::models {

std::vector<std::string> weight_files(std::span<const char* const> published, const std::vector<std::string>& names) {
    std::vector<std::string> files;
    for (const char* file : published) {
        if (file != nullptr) files.emplace_back(file);
    }
    for (const auto& name : names) {
        for (const char* extension : {".pth", ".safetensors"}) files.push_back(name + extension);
    }
    return files;
}

namespace {

const std::vector<Architecture>& architectures() {
    static const std::vector<Architecture> all = [] {
        std::vector<Architecture> list;
        for (Family* family : kFamilies) std::ranges::move(family(), std::back_inserter(list));
        return list;
    }();
    return all;
}

[[noreturn]] void refuse(const std::string& name) {
    auto candidates = architecture_names();
    const auto names = core::join(candidates, ", ");
    for (const auto& architecture : architectures()) {
        candidates.insert(candidates.end(), architecture.aliases.begin(), architecture.aliases.end());
    }
    throw core::Error(core::Problem{.what = "unknown network",
                                    .where = "model.name",
                                    .expected = fmt::format("one of {}", names),
                                    .found = fmt::format("'{}'", name),
                                    .remedy = core::did_you_mean(name, candidates)});
}

}  // namespace

const Architecture& find_architecture(const std::string& name) {
    for (const auto& architecture : architectures()) {
        if (architecture.name == name || std::ranges::count(architecture.aliases, name) > 0) return architecture;
    }
    refuse(name);
}

std::vector<std::string> architecture_names() {
    std::vector<std::string> names;
    for (const auto& architecture : architectures()) names.push_back(architecture.name);
    return names;
}

}  // namespace kaziranga::models
