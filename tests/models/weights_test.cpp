#include "models/weights/raw_tensor.hpp"
#include "tests/models/weight_files.hpp"

#include <limits>

#include <torch/types.h>
#include <torch/utils.h>

namespace kaziranga::models {
namespace {

using namespace testing_files;

struct Branch : torch::nn::Module {
    Branch() {
        weight = register_parameter("weight", torch::zeros({2, 3}));
        counted = register_buffer("num_batches_tracked", torch::tensor(int64_t{5}));
        register_parameter("absent", {}, /*requires_grad=*/false);
        mean = register_buffer("mean", torch::zeros(2));
    }
    torch::Tensor weight, counted, mean;
};

struct Network : torch::nn::Module {
    Network() {
        child = register_module("child", std::make_shared<Branch>());
        first = register_buffer("first", torch::zeros(1));
        classifier = register_module("fc", std::make_shared<Branch>());
        scale = register_parameter("scale", torch::zeros(4));
    }
    std::shared_ptr<Branch> child, classifier;
    torch::Tensor first, scale;
};

/// What fits Network, but the output layer's name is "fc" and its tensor is "fc.weight".
StateDict fitting() {
    return {{"scale", torch::full({4}, 1.5)},           {"first", torch::full({1}, 2.5)},
            {"child.weight", torch::full({2, 3}, 3.5)}, {"child.mean", torch::full({2}, 4.5)},
            {"fc.weight", torch::full({2, 3}, 5.5)},    {"fc.mean", torch::full({2}, 6.5)}};
}

std::vector<float> sums(const torch::nn::Module& module) {
    std::vector<float> result;
    for (const auto& [name, tensor] : state_dict(module)) result.push_back(tensor.sum().item<float>());
    return result;
}

TEST(StateDictOf, FollowsPythonsOrderAndSharesStorage) {
    const Network network;
    std::vector<std::string> names;
    for (const auto& [name, tensor] : state_dict(network)) names.push_back(name);
    // As torch.nn.Module.state_dict: a module's parameters, its buffers, then its children.
    EXPECT_EQ(names, (std::vector<std::string>{"scale", "first", "child.weight", "child.num_batches_tracked",
                                               "child.mean", "fc.weight", "fc.num_batches_tracked", "fc.mean"}));
    EXPECT_EQ(state_dict(network).at(0).second.data_ptr(), network.scale.data_ptr());
}

TEST(LoadStateDict, CopiesByName) {
    Network network;
    const void* memory = network.scale.data_ptr();
    EXPECT_TRUE(load_state_dict(network, fitting(), {.source = "x.pth"}).empty());
    EXPECT_EQ(sums(network), (std::vector<float>{6, 2.5, 21, 5, 9, 33, 5, 13}));
    EXPECT_EQ(network.scale.data_ptr(), memory);
    EXPECT_TRUE(network.scale.requires_grad());
}

TEST(LoadStateDict, ConvertsBetweenFloatingTypesOnly) {
    Network network;
    StateDict weights = fitting();
    for (auto& [name, tensor] : weights) tensor = tensor.to(torch::kBFloat16);
    weights[0].second = torch::full({4}, 1.5, torch::kDouble);
    load_state_dict(network, weights, {});
    EXPECT_EQ(sums(network), (std::vector<float>{6, 2.5, 21, 5, 9, 33, 5, 13}));
    EXPECT_EQ(network.scale.scalar_type(), torch::kFloat);

    weights[0].second = torch::ones(4, torch::kLong);
    weights.emplace_back("child.num_batches_tracked", torch::tensor(1.0));
    const std::string message = message_of([&] { load_state_dict(network, weights, {}); });
    EXPECT_CONTAINS(message, "'scale' has a dtype");
    EXPECT_CONTAINS(message, "'child.num_batches_tracked' has a dtype");
    weights.pop_back();
    weights[0].second = torch::ones(4);
    weights.emplace_back("child.num_batches_tracked", torch::tensor(int64_t{77}));
    load_state_dict(network, weights, {});
    EXPECT_EQ(network.child->counted.item<int64_t>(), 77);
}

TEST(LoadStateDict, NamesEveryFaultAndChangesNothing) {
    Network network;
    StateDict weights = fitting();
    weights[1].first = "frist";
    weights[2].second = torch::ones({3, 2});
    weights[3].second = torch::tensor({1.0, std::numeric_limits<double>::quiet_NaN()});
    weights[5].second = torch::full({2}, 1e300, torch::kDouble);
    weights.emplace_back("scale", torch::ones(4));
    const std::vector<float> before = sums(network);
    try {
        load_state_dict(network, weights, {.source = "x.pth"});
        FAIL() << "nothing was refused";
    } catch (const core::Error& error) {
        EXPECT_EQ(error.problems().size(), 7U);
        for (const core::Problem& problem : error.problems()) EXPECT_EQ(problem.where, "x.pth");
        const std::string message = error.what();
        EXPECT_CONTAINS(message, "1 missing, 1 unexpected, 4 of the wrong kind");
        EXPECT_CONTAINS(message, "'first' is missing");
        EXPECT_CONTAINS(message, "'frist' is unexpected");
        EXPECT_CONTAINS(message, "'child.weight' has another shape than the network's (expected [2, 3], found [3, 2])");
        EXPECT_CONTAINS(message, "'child.mean' holds values that are infinite or not a number (found 1 of 2)");
        EXPECT_CONTAINS(message, "'fc.mean' holds values that are infinite or not a number (found 2 of 2)");
        EXPECT_CONTAINS(message, "'scale' appears twice");
    }
    EXPECT_EQ(sums(network), before);
}

TEST(LoadStateDict, LeavesTheOutputLayerOut) {
    Network network;
    const LoadOptions options{.source = "x.pth", .classifier_name = "fc"};
    StateDict weights = fitting();
    weights[4].second = torch::ones({1000, 3});
    weights.emplace_back("fc.bias", torch::ones(1000));
    EXPECT_EQ(load_state_dict(network, weights, options),
              (std::vector<std::string>{"fc.weight", "fc.mean", "fc.bias"}));
    EXPECT_EQ(network.classifier->weight.sum().item<float>(), 0);
    EXPECT_EQ(network.classifier->mean.sum().item<float>(), 0);

    weights.erase(weights.begin() + 4, weights.end());
    EXPECT_TRUE(load_state_dict(network, weights, options).empty());
    EXPECT_CONTAINS(message_of([&] { load_state_dict(network, weights, {}); }), "'fc.weight' is missing");
    weights.emplace_back("fc2.weight", torch::ones(1));
    EXPECT_CONTAINS(message_of([&] { load_state_dict(network, weights, options); }), "'fc2.weight' is unexpected");
}

TEST(LoadStateDict, ALongListIsCut) {
    Network network;
    StateDict weights = fitting();
    for (int i = 0; i < 250; ++i) weights.emplace_back("x" + std::to_string(i), torch::ones(1));
    try {
        load_state_dict(network, weights, {});
        FAIL() << "nothing was refused";
    } catch (const core::Error& error) {
        EXPECT_EQ(error.problems().size(), 202U);
        EXPECT_EQ(error.problems().back().what, "and 50 more");
    }
}

TEST(ReadWeights, StripsPrefixesThatAllNamesShare) {
    const auto names = [](const std::vector<std::string>& keys) {
        std::vector<std::pair<std::string, std::string>> items;
        for (const std::string& key : keys) items.emplace_back(text(key), tensor({}));
        std::vector<std::string> result;
        for (const auto& [name, tensor] : read_bytes(zip_pth(dict(items)))) result.push_back(name);
        return result;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(names({"module.a", "module.b"}), (Names{"a", "b"}));
    EXPECT_EQ(names({"module.a", "b"}), (Names{"module.a", "b"}));
    EXPECT_EQ(names({"_orig_mod.module.a", "_orig_mod.module.module.b"}), (Names{"a", "module.b"}));
    EXPECT_EQ(names({"module.", "module.b"}), (Names{"module.", "module.b"}));
    EXPECT_EQ(names({"modulea"}), (Names{"modulea"}));
}

TEST(ReadWeights, SaysWhatAFileIsThatHoldsNoWeights) {
    std::string tar(600, '\0');
    tar.replace(0, 8, "sys_info");
    tar.replace(257, 5, "ustar");
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "an empty file"},
        {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull"},
        {"\n<!DOCTYPE html><html>", "a web page"},
        {"Not found, sorry.", "a text file"},
        {"whatever{}", "a text file"},
        {tar, "a tar archive"},
        {pickle_of("N"), "a Python pickle that torch.save did not write"},
        {"\x1f\x8b\x08", "a gzip file"},
        {"\x89HDF\r\n", "an HDF5 file"},
        {std::string("\1\2\3", 3), "an unknown kind of file"},
        {zip({{"archive/data.npy", "x"}}), "none that torch.save wrote"},
        {zip({{"s/data.pkl", "x"}, {"s/constants.pkl", "x"}}), "TorchScript"},
        {zip({{"s/data.pkl", "x"}, {"s/code/a.py", "x", 8}}), "TorchScript"},
        {zip({{"a/data.pkl", "x"}, {"b/data.pkl", "x"}}), "two networks"},
        {zip({{"a/data.pkl", "N."}, {"a/byteorder", "big"}}), "big-endian"},
        {zip({{"a/data.pkl", "N.."}}), "follow the end"},
        {safetensors("{}"), "no tensors"},
    };
    for (const auto& [bytes, message] : cases) EXPECT_CONTAINS(refusal(bytes), message);
    EXPECT_THROW(read_weights("/nowhere/x.pth"), core::Error);
}

TEST(Volume, CountsWithoutOverflow) {
    EXPECT_EQ(volume({}), 1);
    EXPECT_EQ(volume({2, 3, 4}), 24);
    EXPECT_EQ(volume({2, 0, 4}), 0);
    EXPECT_EQ(volume({-1}), std::nullopt);
    EXPECT_EQ(volume({0, -1}), std::nullopt);
    EXPECT_EQ(volume({int64_t{1} << 32, int64_t{1} << 32}), std::nullopt);
    EXPECT_EQ(volume({0, int64_t{1} << 62, 4}), std::nullopt);
    EXPECT_EQ(volume(std::vector<int64_t>(33, 1)), std::nullopt);
}

}  // namespace
}  // namespace kaziranga::models
