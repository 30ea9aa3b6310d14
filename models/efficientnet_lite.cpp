#include "models/efficientnet_lite.hpp"

#include "models/architecture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::models {
namespace {

constexpr int64_t kStemWidth = 32;
constexpr int64_t kHeadWidth = 1280;

struct Stage {
    int64_t repeats, kernel, stride, expansion, channels;
};

/// The stages for width 1 and depth 1. Source: Tan and Le 2019, table 1 (arXiv:1905.11946)
constexpr std::array<Stage, 7> kStages = {{
    {1, 3, 1, 1, 16},
    {2, 3, 2, 6, 24},
    {2, 5, 2, 6, 40},
    {3, 3, 2, 6, 80},
    {3, 5, 1, 6, 112},
    {4, 5, 2, 6, 192},
    {1, 3, 1, 6, 320},
}};

/// The nearest multiple of 8, but at least nine tenths of channels * width.
int64_t scaled_channels(int64_t channels, double width) {
    const double wanted = static_cast<double>(channels) * width;
    const int64_t rounded = std::max<int64_t>(8, static_cast<int64_t>(wanted + 4) / 8 * 8);
    return static_cast<double>(rounded) < 0.9 * wanted ? rounded + 8 : rounded;
}

int64_t scaled_repeats(size_t stage, double depth) {
    const int64_t repeats = kStages[stage].repeats;
    const bool fixed = stage == 0 || stage + 1 == kStages.size();
    return fixed ? repeats : static_cast<int64_t>(std::ceil(static_cast<double>(repeats) * depth));
}

std::shared_ptr<Block> make_block(const MobileOptions& options) {
    if (options.expansion == 1) return std::make_shared<DepthwiseSeparable>(options);
    return std::make_shared<InvertedResidual>(options);
}

std::shared_ptr<Chain> make_stages(const EfficientNetLiteSpec& spec) {
    auto stages = std::make_shared<Chain>();
    int64_t in = kStemWidth;
    for (size_t i = 0; i < kStages.size(); ++i) {
        const auto& [repeats, kernel, stride, expansion, channels] = kStages[i];
        const int64_t out = scaled_channels(channels, spec.width);
        auto stage = std::make_shared<Chain>();
        for (int64_t j = 0; j < scaled_repeats(i, spec.depth); ++j) {
            stage->append(make_block({j == 0 ? in : out, out, kernel, j == 0 ? stride : 1, expansion}));
        }
        stages->append(std::move(stage));
        in = out;
    }
    return stages;
}

/// Sum of the output channels of all stages.
int64_t stage_channels(double width) {
    int64_t sum = 0;
    for (const Stage& stage : kStages) sum += scaled_channels(stage.channels, width);
    return sum;
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

}  // namespace

EfficientNetLite::EfficientNetLite(const EfficientNetLiteSpec& spec, int64_t num_classes)
    : stem_(*this, "conv_stem", "bn1",
            mobile_step({.in = 3, .out = kStemWidth, .kernel = 3, .stride = 2}, Activation::kRelu6)),
      stages_(register_module("blocks", make_stages(spec))),
      last_(*this, "conv_head", "bn2",
            mobile_step({.in = scaled_channels(kStages.back().channels, spec.width), .out = kHeadWidth},
                        Activation::kRelu6)) {
    register_classifier("classifier", kHeadWidth, stage_channels(spec.width), num_classes);
    torch::NoGradGuard no_grad;
    const double range = 1.0 / std::sqrt(static_cast<double>(num_classes));
    auto& layer = dynamic_cast<LinearHead&>(*head());
    layer.weight.uniform_(-range, range);
    layer.bias.zero_();
}

torch::Tensor EfficientNetLite::map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) {
    x = stem_.forward(x);
    for (const auto& stage : stages_->blocks()) {
        x = stage->forward(std::move(x));
        if (stages != nullptr) stages->push_back(pool(x));
    }
    return last_.forward(x);
}

Field EfficientNetLite::field(int64_t pixels) const {
    return last_.field(stages_->field(stem_.field({.size = pixels})));
}

StepRanges EfficientNetLite::step_ranges() const {
    StepRanges ranges;
    last_.moments(stages_->moments(stem_.moments(image_moments(), ranges), ranges), ranges);
    return ranges;
}

void EfficientNetLite::each_step(const StepVisitor& visit) {
    visit(stem_);
    stages_->each_step(visit);
    visit(last_);
}

std::vector<std::vector<std::string>> EfficientNetLite::layer_groups() const {
    std::vector<std::vector<std::string>> groups = {{"conv_stem", "bn1"}};
    for (size_t i = 0; i < stages_->blocks().size(); ++i) groups.push_back({"blocks." + std::to_string(i)});
    groups.push_back({"conv_head", "bn2"});
    return groups;
}

std::vector<Architecture> efficientnet_lites() {
    std::vector<Architecture> all;
    for (const EfficientNetLiteSpec& spec : kEfficientNetLites) {
        const std::string timm_name = fmt::format("tf_{}", spec.name);
        const std::string tensorflow_name = fmt::format("efficientnet-lite{}", all.size());
        all.push_back({.name = spec.name,
                       .aliases = {timm_name},
                       .peer = {"timm", timm_name},
                       .preprocessing = lite_preprocessing(spec.crop),
                       .weight_files = weight_files(spec.weights, {tensorflow_name, spec.name, timm_name}),
                       .make = [&spec](int64_t classes) { return std::make_shared<EfficientNetLite>(spec, classes); }});
    }
    return all;
}

}  // namespace kaziranga::models
