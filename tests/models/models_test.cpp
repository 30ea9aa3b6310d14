#include "core/error.hpp"
#include "core/threads.hpp"
#include "models/blocks.hpp"
#include "models/inference/quantised_conv.hpp"
#include "models/registry.hpp"
#include "models/weights/names.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/types.h>

namespace kaziranga::models {
namespace {

std::shared_ptr<Backbone> make(const std::string& name, int64_t classes = 7) {
    torch::manual_seed(5);
    auto network = find_architecture(name).make(classes);
    network->eval();
    return network;
}

torch::Tensor images(int64_t count, int64_t rows, int64_t columns) {
    torch::manual_seed(6);
    return torch::randn({count, 3, rows, columns});
}

double largest(const torch::Tensor& x) {
    return x.abs().max().item<double>();
}

/// Parameters and buffers by name.
std::map<std::string, torch::Tensor> registered(const torch::nn::Module& module) {
    std::map<std::string, torch::Tensor> all;
    for (const auto& item : module.named_parameters()) all.emplace(item.key(), item.value());
    for (const auto& item : module.named_buffers()) all.emplace(item.key(), item.value());
    return all;
}

/// Tests run side by side: threads of their own would only wait for each other.
class OneThread : public testing::Environment {
    void SetUp() override { at::set_num_threads(1); }
};
const auto* const kOneThread = testing::AddGlobalTestEnvironment(new OneThread);

class EveryNetwork : public testing::TestWithParam<std::string> {};

TEST_P(EveryNetwork, GivesFeaturesAndLogitsOfTheDeclaredShapes) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    const auto features = network->features(images(2, 64, 48));
    EXPECT_EQ(features.sizes(), (std::vector<int64_t>{2, network->feature_dim()}));
    EXPECT_EQ(network->classify(features).sizes(), (std::vector<int64_t>{2, 7}));
    EXPECT_EQ(network->num_classes(), 7);
    EXPECT_TRUE(features.isfinite().all().item<bool>());
}

TEST_P(EveryNetwork, StartsFromWeightsOfTheCallersSeed) {
    const auto first = registered(*make(GetParam()));
    const auto again = registered(*make(GetParam()));
    const auto other = registered(*find_architecture(GetParam()).make(7));
    bool all_equal = true;
    for (const auto& [name, tensor] : first) {
        EXPECT_TRUE(torch::equal(tensor, again.at(name))) << name;
        all_equal = all_equal && torch::equal(tensor, other.at(name));
    }
    EXPECT_FALSE(all_equal);
}

TEST_P(EveryNetwork, RegistersItsOutputLayerLastAndWithAsManyRowsAsClasses) {
    const auto network = make(GetParam(), 3);
    const auto children = network->named_children();
    EXPECT_EQ(children.back().key(), network->classifier_name());
    const auto names = registered(*network);
    EXPECT_EQ(names.at(network->classifier_name() + ".weight").sizes(),
              (std::vector<int64_t>{3, network->feature_dim()}));
    EXPECT_EQ(names.at(network->classifier_name() + ".bias").numel(), 3);
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryNetwork, testing::ValuesIn(architecture_names()),
                         [](const auto& instance) { return instance.param; });

/// One of each kind of block, small enough for the properties below.
class EachKind : public testing::TestWithParam<std::string> {};

TEST_P(EachKind, IsDeterministicAndStatelessInEvaluation) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    std::map<std::string, torch::Tensor> before;
    for (const auto& [name, tensor] : registered(*network)) before.emplace(name, tensor.clone());
    const auto x = images(2, 65, 64);
    const auto untouched = x.clone();
    const auto first = network->forward(x);
    EXPECT_TRUE(torch::equal(first, network->forward(x)));
    EXPECT_TRUE(torch::equal(x, untouched));
    for (const auto& [name, tensor] : registered(*network)) EXPECT_TRUE(torch::equal(tensor, before.at(name))) << name;
}

TEST_P(EachKind, GivesOneImageTheSameLogitsInAnyBatch) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    const auto x = images(3, 64, 64);
    const auto together = network->forward(x);
    const auto alone = network->forward(x.slice(0, 1, 2));
    EXPECT_LE(largest(together[1] - alone[0]), 1e-5 * largest(together));
}

TEST_P(EachKind, AgreesInContiguousAndChannelsLastMemory) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    for (const int64_t side : {64, 65}) {
        const auto x = images(2, side, 64);
        const auto expected = network->forward(x);
        const auto actual = network->forward(x.contiguous(at::MemoryFormat::ChannelsLast));
        EXPECT_LE(largest(actual - expected), 1e-5 * largest(expected)) << side;
    }
}

TEST_P(EachKind, RunsInBfloat16NearFloat32) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    const auto x = images(2, 64, 64);
    const auto expected = network->features(x);
    network->to(torch::kBFloat16);
    const auto input = x.to(torch::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
    const auto actual = network->features(input);
    EXPECT_EQ(actual.scalar_type(), torch::kFloat32);
    EXPECT_LE(largest(actual - expected), 0.05 * largest(expected));
}

/// Batch norms as training leaves them.
void settle_norms(Backbone& network) {
    for (auto& item : network.named_parameters()) {
        if (item.value().dim() == 1 && item.key().ends_with("bias")) item.value().normal_(0.0, 0.1);
        if (item.value().dim() == 1 && item.key().ends_with("weight")) item.value().uniform_(0.5, 1.5);
    }
    for (auto& item : network.named_buffers()) {
        if (item.key().ends_with("running_mean")) item.value().normal_(0.0, 0.1);
        if (item.key().ends_with("running_var")) item.value().uniform_(0.5, 2.0);
    }
}

TEST_P(EachKind, GivesTheSameFeaturesFused) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam()), fused = make(GetParam());
    settle_norms(*network);
    load_state_dict(*fused, state_dict(*network), {.source = "the network", .classifier_name = ""});
    fused->fuse(torch::kFloat32);
    for (const int64_t rows : {64, 65, 64}) {  // another size, and back: the odd pixel of padding comes and goes
        const auto x = images(2, rows, 64).contiguous(at::MemoryFormat::ChannelsLast);
        const auto untouched = x.clone();
        const auto expected = network->features(x);
        EXPECT_LE(largest(fused->features(x) - expected), 1e-5 * largest(expected)) << rows;
        EXPECT_TRUE(torch::equal(x, untouched));
    }
}

TEST_P(EachKind, FusedRunsInBfloat16NearFloat32) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    const auto x = images(2, 64, 64).contiguous(at::MemoryFormat::ChannelsLast);
    const auto expected = network->features(x);
    network->fuse(torch::kBFloat16);
    const auto actual = network->features(x.to(torch::kBFloat16));
    EXPECT_EQ(actual.scalar_type(), torch::kFloat32);
    EXPECT_LE(largest(actual - expected), 0.05 * largest(expected));
}

TEST_P(EachKind, FusedTakesSeveralThreadsAtOnce) {
    const auto network = make(GetParam());
    network->fuse(torch::kFloat32);
    std::array<torch::Tensor, 4> found;
    core::parallel_for(4, 4, [&](int64_t i) {
        torch::NoGradGuard no_grad;
        const auto x = torch::full({1, 3, 64 + 32 * (i % 2), 64}, 0.5).contiguous(at::MemoryFormat::ChannelsLast);
        found[static_cast<size_t>(i)] = network->features(x);
    });
    EXPECT_TRUE(torch::equal(found[0], found[2]));
    EXPECT_TRUE(torch::equal(found[1], found[3]));
}

/// Batch norms that know the values before them, as after training.
void learn_statistics(Backbone& network, const torch::Tensor& x) {
    network.each_step([](ConvNorm& step) { step.norm().options.momentum(1.0); });
    network.train();
    network.features(x);
    network.eval();
}

/// Not of each kind: deeper networks of random weights turn a hundredth on the pixels into more than half of the
/// features, in float32 too.
TEST(ResNet, GivesNearlyTheSameFeaturesInBytes) {
    torch::NoGradGuard no_grad;
    const auto network = make("resnet18");
    const auto x = (images(32, 64, 64) / 4 + images(32, 1, 1)).contiguous(at::MemoryFormat::ChannelsLast).clamp_(-3, 3);
    learn_statistics(*network, x);
    const auto expected = network->features(x);
    network->quantise();
    const ByteScale bytes = byte_scale(-3, 3);
    const auto actual = network->features(at::quantize_per_tensor(x, bytes.scale, bytes.zero, at::kQUInt8));
    EXPECT_EQ(actual.scalar_type(), torch::kFloat32);
    // What tells images apart is what they have beyond their mean.
    const auto difference = actual - expected;
    const double error = (difference - difference.mean(0)).norm().item<double>();
    EXPECT_LE(error, 0.2 * (expected - expected.mean(0)).norm().item<double>());
    EXPECT_LE(difference.mean(0).norm().item<double>(), 0.1 * expected.mean(0).norm().item<double>());
}

TEST_P(EachKind, GivesOneImageTheSameFeaturesInBytesOnEveryThread) {
    const auto network = make(GetParam());
    {
        torch::NoGradGuard no_grad;
        learn_statistics(*network, images(4, 64, 64));
    }
    network->quantise();
    std::array<torch::Tensor, 4> found;
    core::parallel_for(4, 4, [&](int64_t i) {
        torch::NoGradGuard no_grad;
        const auto x = torch::full({1, 3, 64 + 32 * (i % 2), 64}, 0.5).contiguous(at::MemoryFormat::ChannelsLast);
        found[static_cast<size_t>(i)] = network->features(at::quantize_per_tensor(x, 1. / 32, 100, at::kQUInt8));
    });
    EXPECT_TRUE(torch::equal(found[0], found[2]));
    EXPECT_TRUE(torch::equal(found[1], found[3]));
    EXPECT_TRUE(found[0].isfinite().all().item<bool>());
    EXPECT_GT(largest(found[0] - found[1]), 0);
}

TEST_P(EachKind, IsNotFusedWhileItTrains) {
    const auto network = make(GetParam());
    network->train();
    EXPECT_THROW(network->fuse(torch::kFloat32), c10::Error);
    EXPECT_THROW(network->quantise(), c10::Error);
}

TEST_P(EachKind, IsNotFusedWithVariancesThatCannotBe) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    for (auto& item : network->named_buffers()) {
        if (item.key().ends_with("running_var")) item.value().fill_(-1.0);
    }
    EXPECT_THROW(network->fuse(torch::kFloat32), core::Error);
    EXPECT_THROW(network->quantise(), core::Error);
}

TEST_P(EachKind, KeepsTheCountOfBatchesAnExactIntegerInBfloat16) {
    torch::NoGradGuard no_grad;
    const auto network = make(GetParam());
    for (auto& buffer : network->named_buffers()) {
        if (buffer.key().ends_with("num_batches_tracked")) buffer.value().fill_(100'001);
    }
    network->to(torch::kBFloat16);
    network->to(torch::Device(torch::kCPU), torch::kFloat32);
    size_t counts = 0;
    for (const auto& buffer : network->named_buffers()) {
        if (!buffer.key().ends_with("num_batches_tracked")) continue;
        ++counts;
        EXPECT_EQ(buffer.value().scalar_type(), torch::kInt64) << buffer.key();
        EXPECT_EQ(buffer.value().item<int64_t>(), 100'001) << buffer.key();
    }
    EXPECT_GT(counts, 10u);
}

TEST_P(EachKind, CarriesAGradientToEveryParameterInTrainingAndInEvaluation) {
    const auto network = make(GetParam());
    for (const bool training : {true, false}) {
        network->train(training);
        network->zero_grad();
        auto x = images(3, 64, 64).requires_grad_();
        network->forward(x).square().sum().backward();
        EXPECT_GT(largest(x.grad()), 0);
        for (const auto& parameter : network->named_parameters()) {
            const auto& gradient = parameter.value().grad();
            ASSERT_TRUE(gradient.defined()) << parameter.key();
            EXPECT_TRUE(gradient.isfinite().all().item<bool>()) << parameter.key();
            EXPECT_GT(largest(gradient), 0) << parameter.key();
        }
    }
}

/// Steps that work in place must not corrupt what the backward pass reads: the analytic derivative along a random
/// direction equals the central difference.
TEST_P(EachKind, HasTheGradientThatFiniteDifferencesGive) {
    const auto network = make(GetParam());
    network->to(torch::kFloat64);
    auto x = images(2, 33, 32).to(torch::kFloat64).requires_grad_();
    const auto weight = torch::randn({2, 7}, torch::kFloat64);
    const auto loss = [&](const torch::Tensor& input) { return (network->forward(input) * weight).sum(); };
    loss(x).backward();
    torch::NoGradGuard no_grad;
    const auto direction = torch::randn_like(x);
    const double step = 1e-7;
    const double analytic = (x.grad() * direction).sum().item<double>();
    const double numeric = (loss(x + step * direction) - loss(x - step * direction)).item<double>() / (2 * step);
    EXPECT_NEAR(analytic, numeric, 1e-4 * std::abs(numeric) + 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachKind, testing::Values("resnet18", "resnet50", "efficientnet_lite0"),
                         [](const auto& instance) { return instance.param; });

/// Padding of TensorFlow's "SAME" along one axis: before and after.
std::array<int64_t, 2> same_padding(int64_t size, int64_t kernel, int64_t stride) {
    const int64_t last = (size - 1) / stride * stride;
    const int64_t total = std::max<int64_t>(last + kernel - size, 0);
    return {total / 2, total - total / 2};
}

TEST(Conv, EqualsPaddingLikeTensorFlowFirst) {
    torch::NoGradGuard no_grad;
    for (const int64_t kernel : {1, 3, 5, 7}) {
        for (const int64_t stride : {1, 2, 3}) {
            Conv conv({.in = 4, .out = 4, .kernel = kernel, .stride = stride, .groups = 4, .padding = Padding::kSame});
            for (int64_t rows = 1; rows <= 11; ++rows) {
                const int64_t columns = 12 - rows;
                const auto x = torch::randn({2, 4, rows, columns});
                const auto [top, bottom] = same_padding(rows, kernel, stride);
                const auto [left, right] = same_padding(columns, kernel, stride);
                const auto padded = at::constant_pad_nd(x, {left, right, top, bottom});
                const auto expected =
                    at::conv2d(padded, conv.weight(), torch::Tensor(), stride, at::IntArrayRef(0), 1, 4);
                const auto actual = conv.forward(x);
                ASSERT_EQ(actual.sizes(), expected.sizes()) << kernel << ' ' << stride << ' ' << rows;
                EXPECT_LE(largest(actual - expected), 1e-5) << kernel << ' ' << stride << ' ' << rows;
            }
        }
    }
}

TEST(Conv, StartsWithTheVarianceOfTwoOverFanOut) {
    torch::manual_seed(1);
    const Conv dense({.in = 64, .out = 128, .kernel = 3});
    EXPECT_NEAR(dense.weight().var().item<double>() * 128 * 9 / 2, 1.0, 0.05);
    const Conv depthwise({.in = 4096, .out = 4096, .kernel = 3, .groups = 4096});
    EXPECT_NEAR(depthwise.weight().var().item<double>() * 9 / 2, 1.0, 0.05);
}

TEST(Conv, PutsTheOddPixelOfPaddingAtTheBottomAndRight) {
    torch::NoGradGuard no_grad;
    Conv conv({.in = 1, .out = 1, .kernel = 3, .stride = 2, .padding = Padding::kSame});
    conv.weight().fill_(1.0);
    const auto y = conv.forward(torch::ones({1, 1, 4, 4}));
    EXPECT_TRUE(torch::equal(y.view({2, 2}), torch::tensor({{9.0F, 6.0F}, {6.0F, 4.0F}})));
}

TEST(Conv, KeepsChannelsLastMemoryWherePaddingIsCopied) {
    torch::NoGradGuard no_grad;
    Conv conv({.in = 3, .out = 8, .kernel = 3, .stride = 2, .padding = Padding::kSame});
    const auto y = conv.forward(images(2, 16, 16).contiguous(at::MemoryFormat::ChannelsLast));
    EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast));
}

TEST(Registry, FindsNetworksByAliasToo) {
    EXPECT_EQ(&find_architecture("tf_efficientnet_lite3"), &find_architecture("efficientnet_lite3"));
}

TEST(Registry, HoldsNoNameTwice) {
    std::set<std::string> seen;
    for (const auto& name : architecture_names()) {
        EXPECT_TRUE(seen.insert(name).second) << name;
        const auto& architecture = find_architecture(name);
        for (const auto& alias : architecture.aliases) EXPECT_TRUE(seen.insert(alias).second) << alias;
        for (const auto& file : architecture.weight_files) EXPECT_TRUE(seen.insert(file).second) << file;
        EXPECT_LE(architecture.preprocessing.crop, architecture.preprocessing.resize);
    }
    EXPECT_EQ(architecture_names().size(), 11u);
}

std::string error_of(const std::string& name) {
    try {
        find_architecture(name);
    } catch (const core::Error& error) {
        return error.what();
    }
    return "";
}

TEST(Registry, RefusesAnUnknownNameWithAllNamesAndTheNearest) {
    for (const std::string name : {"", "resnet", "RESNET18", "resnet 18", "vgg\n16", "resnet18 "}) {
        const auto message = error_of(name);
        for (const auto& known : architecture_names()) {
            EXPECT_NE(message.find(known), std::string::npos) << name << ": " << message;
        }
        EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
    EXPECT_NE(error_of("ResNet50").find("did you mean 'resnet50'?"), std::string::npos) << error_of("ResNet50");
    EXPECT_NE(error_of("TF_EfficientNet_Lite0").find("did you mean 'tf_efficientnet_lite0'?"), std::string::npos);
    EXPECT_NE(error_of("efficentnet_lite1").find("did you mean 'efficientnet_lite1'?"), std::string::npos);
    EXPECT_EQ(error_of("mobilenet").find("did you mean"), std::string::npos) << error_of("mobilenet");
}

std::string mapped(const std::string& name, const torch::nn::Module& module) {
    std::vector<std::string> names = {name};
    map_names(names, module);
    return names[0];
}

TEST(MapNames, FollowsThePackageThroughStages) {
    const auto lite = make("efficientnet_lite0");
    EXPECT_EQ(mapped("_conv_stem.weight", *lite), "conv_stem.weight");
    EXPECT_EQ(mapped("_bn0.running_var", *lite), "bn1.running_var");
    EXPECT_EQ(mapped("_blocks.0._depthwise_conv.weight", *lite), "blocks.0.0.conv_dw.weight");
    EXPECT_EQ(mapped("_blocks.0._bn1.bias", *lite), "blocks.0.0.bn1.bias");
    EXPECT_EQ(mapped("_blocks.0._project_conv.weight", *lite), "blocks.0.0.conv_pw.weight");
    EXPECT_EQ(mapped("_blocks.0._bn2.num_batches_tracked", *lite), "blocks.0.0.bn2.num_batches_tracked");
    EXPECT_EQ(mapped("_blocks.2._expand_conv.weight", *lite), "blocks.1.1.conv_pw.weight");
    EXPECT_EQ(mapped("_blocks.2._bn0.weight", *lite), "blocks.1.1.bn1.weight");
    EXPECT_EQ(mapped("_blocks.2._bn1.weight", *lite), "blocks.1.1.bn2.weight");
    EXPECT_EQ(mapped("_blocks.15._project_conv.weight", *lite), "blocks.6.0.conv_pwl.weight");
    EXPECT_EQ(mapped("_blocks.15._bn2.weight", *lite), "blocks.6.0.bn3.weight");
    EXPECT_EQ(mapped("_conv_head.weight", *lite), "conv_head.weight");
    EXPECT_EQ(mapped("_bn1.weight", *lite), "bn2.weight");
    EXPECT_EQ(mapped("_fc.bias", *lite), "classifier.bias");
}

TEST(MapNames, CountsTheBlocksOfTheNetworkAtHand) {
    EXPECT_EQ(mapped("_blocks.5._bn0.weight", *make("efficientnet_lite1")), "blocks.2.1.bn1.weight");
}

TEST(MapNames, LeavesAloneWhatItDoesNotKnow) {
    const auto lite = make("efficientnet_lite0");
    for (const std::string name : {"",
                                   ".",
                                   "_blocks",
                                   "_blocks.",
                                   "_blocks.16._bn1.weight",
                                   "_blocks.-1._bn1.weight",
                                   "_blocks.0",
                                   "_blocks.0.",
                                   "_blocks.0_bn1.weight",
                                   "_blocks.99999999999999999999._bn1.weight",
                                   "_blocks.0._expand_conv.weight",
                                   "_blocks.0._bn0.weight",
                                   "_blocks.1._se_reduce.weight",
                                   "_blocks.1._bn1",
                                   "_bn1.nonsense",
                                   "_bn0",
                                   "_conv_stem",
                                   "conv_stem.weight",
                                   "blocks.0.0.bn1.weight",
                                   "fc.weight"}) {
        EXPECT_EQ(mapped(name, *lite), name);
    }
    EXPECT_EQ(mapped("_fc.weight", *make("resnet18")), "_fc.weight");
    EXPECT_EQ(mapped("_bn1.weight", *make("resnet18")), "_bn1.weight");
}

TEST(MapNames, NeverMakesANameTwice) {
    const auto lite = make("efficientnet_lite0");
    std::vector<std::string> both = {"_fc.bias", "classifier.bias"};
    map_names(both, *lite);
    EXPECT_EQ(both, (std::vector<std::string>{"_fc.bias", "classifier.bias"}));
    std::vector<std::string> twice = {"_fc.bias", "_fc.bias"};
    map_names(twice, *lite);
    EXPECT_EQ(twice, (std::vector<std::string>{"classifier.bias", "_fc.bias"}));
}

}  // namespace
}  // namespace kaziranga::models
