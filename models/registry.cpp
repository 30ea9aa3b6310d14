#include "models/registry.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "models/efficientnet_lite.hpp"
#include "models/resnet.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace kaziranga::models {
namespace {

/// The published file names, then the names that people give to these files.
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

/// The preprocessing of TensorFlow: 16 pixels cut off on every side, values (x - 127) / 128.
/// The interpolation follows a remark in timm: TensorFlow's own bilinear resizing does not smooth before it shrinks,
/// and bicubic resizing with smoothing is closer to that on small images.
core::Preprocessing lite_preprocessing(int64_t crop) {
    const double mean = 127.0 / 255.0;
    const double std = 128.0 / 255.0;
    const bool small = crop <= 260;
    return {.resize = crop + 32,
            .crop = crop,
            .interpolation = small ? core::Interpolation::kBicubic : core::Interpolation::kBilinear,
            .mean = {mean, mean, mean},
            .std = {std, std, std}};
}

constexpr core::Preprocessing kSmallImages = {.resize = 32, .crop = 32};

Architecture resnet(size_t index) {
    const auto& spec = kResNets[index];
    return {.name = spec.name,
            .aliases = {},
            .peer = spec.small_images ? Peer{} : Peer{"torchvision", spec.name},
            .preprocessing = spec.small_images ? kSmallImages : core::Preprocessing{},
            .weight_files = weight_files({&spec.weights, 1}, {spec.name}),
            .make = [&spec](int64_t num_classes) { return std::make_shared<ResNet>(spec, num_classes); }};
}

Architecture efficientnet_lite(size_t index) {
    const auto& spec = kEfficientNetLites[index];
    const std::string timm_name = fmt::format("tf_{}", spec.name);
    const std::string tensorflow_name = fmt::format("efficientnet-lite{}", index);
    return {.name = spec.name,
            .aliases = {timm_name},
            .peer = {"timm", timm_name},
            .preprocessing = lite_preprocessing(spec.crop),
            .weight_files = weight_files(spec.weights, {tensorflow_name, spec.name, timm_name}),
            .make = [&spec](int64_t num_classes) { return std::make_shared<EfficientNetLite>(spec, num_classes); }};
}

const std::vector<Architecture>& architectures() {
    static const std::vector<Architecture> all = [] {
        std::vector<Architecture> list;
        for (size_t i = 0; i < kResNets.size(); ++i) list.push_back(resnet(i));
        for (size_t i = 0; i < kEfficientNetLites.size(); ++i) list.push_back(efficientnet_lite(i));
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
