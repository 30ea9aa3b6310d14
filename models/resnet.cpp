#include "models/resnet.hpp"

#include <string>
#include <utility>

namespace kaziranga::models {
namespace {

constexpr int64_t kStemWidth = 64;

template <typename ResidualBlock>
std::shared_ptr<Chain> make_layer(int64_t in, int64_t width, int64_t depth, int64_t stride) {
    auto layer = std::make_shared<Chain>();
    layer->append(std::make_shared<ResidualBlock>(in, width, stride));
    for (int64_t i = 1; i < depth; ++i) {
        layer->append(std::make_shared<ResidualBlock>(width * ResidualBlock::kExpansion, width, 1));
    }
    return layer;
}

}  // namespace

ResNet::ResNet(const ResNetSpec& spec, int64_t num_classes)
    : stem_(*this, "conv1", "bn1",
            {.conv = {.in = 3, .out = kStemWidth, .kernel = 7, .stride = 2}, .activation = Activation::kRelu}) {
    const int64_t expansion = spec.bottleneck ? Bottleneck::kExpansion : BasicBlock::kExpansion;
    int64_t in = kStemWidth, stage_dim = 0;
    for (size_t i = 0; i < layers_.size(); ++i) {
        const int64_t width = kStemWidth << i;
        const int64_t stride = i == 0 ? 1 : 2;
        auto layer = spec.bottleneck ? make_layer<Bottleneck>(in, width, spec.depth[i], stride)
                                     : make_layer<BasicBlock>(in, width, spec.depth[i], stride);
        layers_[i] = register_module("layer" + std::to_string(i + 1), std::move(layer));
        in = width * expansion;
        stage_dim += in;
    }
    register_classifier("fc", in, stage_dim - in, num_classes);
}

torch::Tensor ResNet::pooled_features(torch::Tensor x, std::vector<torch::Tensor>* stages) {
    x = stem_.forward(x);
    x = at::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    for (const auto& layer : layers_) {
        x = layer->forward(std::move(x));
        if (stages != nullptr && layer != layers_.back()) stages->push_back(pool(x));
    }
    return pool(x);
}

std::vector<std::vector<std::string>> ResNet::layer_groups() const {
    return {{"conv1", "bn1"}, {"layer1"}, {"layer2"}, {"layer3"}, {"layer4"}};
}

}  // namespace kaziranga::models
