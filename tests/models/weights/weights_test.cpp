#include "models/weights/raw_tensor.hpp"
#include "tests/models/weights/weight_files.hpp"

#include <limits>

#include <sys/resource.h>
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

TEST(LoadStateDict, NamesEveryProblemAndChangesNothing) {
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

TEST(LoadStateDict, TenNamesOfAKindAreShown) {
    Network network;
    StateDict weights = {{"scale", torch::ones(3)}};
    for (int i = 0; i < 250; ++i) weights.emplace_back("x" + std::to_string(i), torch::ones(1));
    const std::string message = message_of(
        [&] { load_state_dict(network, weights, {.source = "x.pth", .naming = "names without the prefix 'a.'"}); });
    EXPECT_CONTAINS(message, "5 missing, 250 unexpected, 1 of the wrong kind (found names without the prefix 'a.')");
    EXPECT_CONTAINS(message, "'x9' is unexpected");
    EXPECT_EQ(message.find("'x10'"), std::string::npos);
    EXPECT_CONTAINS(message, "and 240 more unexpected");
    EXPECT_EQ(message.find("more missing"), std::string::npos);
    EXPECT_CONTAINS(
        message_of([&] { load_state_dict(network, weights, {.source = "a/model-00001-of-00003.safetensors"}); }),
        "one of several files");
}

using Names = std::vector<std::string>;

/// A state dict for Network with something before every name, a tensor each at the place of its shape.
std::string stored(const std::string& prefix, const std::string& more = {}) {
    const auto one = [&](const std::string& name, const std::vector<int64_t>& sizes) {
        const std::vector<int64_t> strides =
            sizes.size() == 2 ? std::vector<int64_t>{sizes[1], 1} : std::vector<int64_t>{1};
        return text(prefix + name) + tensor({.length = 8, .sizes = sizes, .strides = strides});
    };
    return one("scale", {4}) + one("first", {1}) + one("child.weight", {2, 3}) + one("child.mean", {2}) +
           one("fc.weight", {2, 3}) + one("fc.mean", {2}) + more;
}
std::string whole_number(const std::string& name) {
    return text(name) + tensor({.type = "LongStorage", .key = "1", .length = 1, .sizes = {}, .strides = {}});
}
std::string odd(const std::string& name) {
    return text(name) + tensor({.length = 8, .sizes = {8}});
}
std::string file_of(const std::string& value) {
    return zip({{"archive/data.pkl", pickle_of(value)},
                {"archive/data/0", floats({1, 2, 3, 4, 5, 6, 7, 8})},
                {"archive/data/1", raw<int64_t>(5)}});
}
NetworkWeights fitted(const std::string& value) {
    return read_weights(TemporaryFile(file_of(value)).path(), Network(), "fc");
}
std::string items(const std::string& what) {
    return "}(" + what + "u";
}

void expect_loads(const NetworkWeights& weights) {
    Network network;
    load_state_dict(network, weights.tensors, {.classifier_name = "fc"});
    EXPECT_EQ(sums(network), (std::vector<float>{10, 1, 21, 5, 3, 0, 5, 0}));
}

TEST(NetworkWeights, AnyPrefixIsTakenOff) {
    for (const std::string prefix : {"module.", "model.", "_orig_mod.", "backbone.", "net.", "0.", "module._orig_mod.",
                                     "module.encoder_q.", "a.b.c.d.e.f.g.h."}) {
        const NetworkWeights weights = fitted(items(stored(prefix)));
        expect_loads(weights);
        EXPECT_EQ(weights.notes, Names{"names without the prefix '" + prefix + "'"});
    }
    const NetworkWeights plain = fitted(items(stored("")));
    expect_loads(plain);
    EXPECT_TRUE(plain.notes.empty());
}

TEST(NetworkWeights, TheOutputLayerMayBeMissingOrElsewhere) {
    const std::string whole = stored("backbone.");
    const std::string headless = whole.substr(0, whole.find(text("backbone.fc.weight")));
    expect_loads(fitted(items(headless)));
    const NetworkWeights weights = fitted(items(headless + odd("head.weight")));
    expect_loads(weights);
    EXPECT_EQ(weights.notes, Names{"names without the prefix 'backbone.'; left out (1): head.weight"});
}

TEST(NetworkWeights, WhatLiesOutsideThePrefixIsLeftOut) {
    const NetworkWeights weights =
        fitted(items(stored("module.encoder_q.") + stored("module.encoder_k.") + odd("module.queue")));
    expect_loads(weights);
    EXPECT_EQ(weights.notes,
              Names{"names without the prefix 'module.encoder_q.', and not those under 'module.encoder_k.'; left out "
                    "(7): module.encoder_k.scale, module.encoder_k.first, module.encoder_k.child.weight, …"});
    // Averages come first here too.
    EXPECT_CONTAINS(fitted(items(stored("model.") + stored("ema_model.module."))).notes.at(0),
                    "without the prefix 'ema_model.module.'");
}

TEST(NetworkWeights, CountsThatTheNetworkDoesNotKnowAreIgnored) {
    const NetworkWeights averaged = fitted(items(whole_number("n_averaged") + stored("module.")));
    expect_loads(averaged);
    EXPECT_EQ(averaged.notes, Names{"names without the prefix 'module.'"});
    expect_loads(fitted(items(stored("", whole_number("steps")))));
    expect_loads(fitted(items(stored("net.", whole_number("net.steps")))));
}

TEST(NetworkWeights, AveragesAreTakenFirstAndTold) {
    const NetworkWeights weights = fitted(items(text("state_dict") + items(stored("")) + text("state_dict_ema") +
                                                items(stored("module.")) + text("model_ema") + items(odd("x"))));
    expect_loads(weights);
    EXPECT_EQ(weights.notes, (Names{"the averaged ones, 'state_dict_ema', and not those under 'state_dict'",
                                    "names without the prefix 'module.'"}));
    // An average of something else is none of this network.
    const NetworkWeights other = fitted(items(text("model") + items(stored("")) + text("ema") + items(odd("x"))));
    expect_loads(other);
    EXPECT_TRUE(other.notes.empty());
}

TEST(NetworkWeights, AMismatchTellsThePrefixThatItSaw) {
    const auto refused = [](const std::string& what) {
        const NetworkWeights weights = fitted(items(what));
        Network network;
        return message_of(
            [&] { load_state_dict(network, weights.tensors, {.naming = weights.naming, .classifier_name = "fc"}); });
    };
    EXPECT_CONTAINS(refused(stored("net.", odd("net.extra"))),
                    "0 missing, 1 unexpected, 0 of the wrong kind (found names without the prefix 'net.')");
    EXPECT_CONTAINS(refused(text("vit.a.weight") + tensor({}) + text("vit.b.weight") + tensor({})),
                    "4 missing, 2 unexpected, 0 of the wrong kind (found names that begin with 'vit.')");
    EXPECT_CONTAINS(refused(odd("a") + odd("b")), "found names as they stand, such as 'a'");
    // One name of another network that ends like this one's is chance.
    EXPECT_CONTAINS(refused(odd("a.scale") + odd("b.c") + odd("d.e")), "4 missing, 3 unexpected");
}

int64_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return int64_t{usage.ru_maxrss} * 1024;
}

TEST(NetworkWeights, WhatCannotFitTakesNoMemory) {
    // Views that repeat one number, 64 MB each and together within what views may take.
    constexpr int64_t kMany = int64_t{16} << 20;
    std::string what;
    for (const char* name : {"scale", "first", "child.weight"}) {
        what += text(name) + tensor({.length = 8, .sizes = {kMany}, .strides = {0}});
    }
    const int64_t before = peak_memory();
    const NetworkWeights weights = fitted(items(what));
    EXPECT_EQ(weights.tensors.at(0).second.numel(), kMany);
    Network network;
    EXPECT_CONTAINS(message_of([&] { load_state_dict(network, weights.tensors, {}); }), "has another shape");
    EXPECT_LT(peak_memory() - before, int64_t{32} << 20);
}

TEST(ReadWeights, AFileOfAnyLengthIsLookedAtFirst) {
    constexpr uint64_t kLength = uint64_t{10} << 30;
    const int64_t before = peak_memory();
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "an unknown kind of file"},
        {"PK\3\4", "no directory at its end"},
        {kLegacyFront + pickle_of(dict({{text("w"), tensor({})}})) + pickle_of("](" + text("0") + "e") +
             raw<int64_t>(4),
         "follow the end of the last tensor"},
        {safetensors("{}"), "the data does not end where the last tensor ends"},
    };
    for (const auto& [front, message] : cases) {
        const TemporaryFile file(front);
        std::filesystem::resize_file(file.path(), kLength);
        EXPECT_CONTAINS(message_of([&] { read_weights(file.path()); }), message);
    }
    EXPECT_LT(peak_memory() - before, int64_t{32} << 20);
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
        {"{\"metadata\": {}, \"weight_map\": {}}", "the list of files that a network is split over"},
        {safetensors("{}"), "no tensors"},
    };
    for (const auto& [bytes, message] : cases) EXPECT_CONTAINS(error_of(bytes), message);
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
