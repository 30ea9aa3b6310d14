#include "models/resnet.hpp"

#include "models/architecture.hpp"
#include "models/residual_block.hpp"

#include <string>
#include <utility>

namespace kaziranga::models {
namespace {

template <typename BlockType>
std::shared_ptr<Chain> make_layer(int64_t in, int64_t width, int64_t depth, int64_t stride) {
    auto layer = std::make_shared<Chain>();
    layer->append(std::make_shared<BlockType>(in, width, stride));
    for (int64_t i = 1; i < depth; ++i) {
        layer->append(std::make_shared<BlockType>(width * BlockType::kExpansion, width, 1));
    }
    return layer;
}

ConvNormOptions stem_options(const ResNetSpec& spec) {
    const int64_t kernel = spec.small_images ? 3 : 7;
    return {.conv = {.in = 3, .out = spec.width, .kernel = kernel, .stride = 2}, .activation = Activation::kRelu};
}

constexpr Window kPooling = {.kernel = 3, .stride = 2, .padding_before = 1, .padding_after = 1};

constexpr core::Preprocessing kSmallImages = {.resize = 32, .crop = 32};

}  // namespace

ResNet::ResNet(const ResNetSpec& spec, int64_t num_classes) : stem_(*this, "conv1", "bn1", stem_options(spec)) {
    if (!spec.small_images) pooling_ = kPooling;
    const int64_t expansion = spec.bottleneck ? Bottleneck::kExpansion : ResidualBlock::kExpansion;
    int64_t in = spec.width, stage_dim = 0;
    for (size_t i = 0; i < layers_.size(); ++i) {
        const int64_t width = spec.width << i;
        const int64_t stride = i == 0 ? 1 : 2;
        auto layer = spec.bottleneck ? make_layer<Bottleneck>(in, width, spec.depth[i], stride)
                                     : make_layer<ResidualBlock>(in, width, spec.depth[i], stride);
        layers_[i] = register_module("layer" + std::to_string(i + 1), std::move(layer));
        in = width * expansion;
        stage_dim += in;
    }
    register_classifier("fc", in, stage_dim - in, num_classes);
}

torch::Tensor ResNet::map_features(torch::Tensor x, std::vector<torch::Tensor>* stages) {
    x = stem_.forward(x);
    if (pooling_) {
        const int64_t kernel = pooling_->kernel, stride = pooling_->stride, padding = pooling_->padding_before;
        x = at::max_pool2d(x, {kernel, kernel}, {stride, stride}, {padding, padding}, {1, 1});
    }
    for (const auto& layer : layers_) {
        x = layer->forward(std::move(x));
        if (stages != nullptr && layer != layers_.back()) stages->push_back(pool(x));
    }
    return x;
}

Field ResNet::field(int64_t pixels) const {
    Field field = stem_.field({.size = pixels});
    if (pooling_) field = field.after(*pooling_);
    for (const auto& layer : layers_) field = layer->field(field);
    return field;
}

StepRanges ResNet::step_ranges() const {
    StepRanges ranges;
    Moments moments = stem_.moments(image_moments(), ranges);
    for (const auto& layer : layers_) moments = layer->moments(moments, ranges);
    return ranges;
}

void ResNet::each_step(const StepVisitor& visit) {
    visit(stem_);
    for (const auto& layer : layers_) layer->each_step(visit);
}

std::vector<std::vector<std::string>> ResNet::layer_groups() const {
    return {{"conv1", "bn1"}, {"layer1"}, {"layer2"}, {"layer3"}, {"layer4"}};
}

std::vector<Architecture> resnets() {
    std::vector<Architecture> all;
    for (const ResNetSpec& spec : kResNets) {
        all.push_back({.name = spec.name,
                       .aliases = {},
                       .peer = spec.small_images ? Peer{} : Peer{"torchvision", spec.name},
                       .preprocessing = spec.small_images ? kSmallImages : core::Preprocessing{},
                       .weight_files = weight_files({&spec.weights, 1}, {spec.name}),
                       .make = [&spec](int64_t classes) { return std::make_shared<ResNet>(spec, classes); }});
    }
    return all;
}

}  // namespace kaziranga::models
