#include "models/pretrained.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <ATen/Context.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

namespace kaziranga::models {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> weight_folders() {
    std::vector<fs::path> folders;
    const auto from_environment = [&](const char* variable, const fs::path& below) {
        const char* value = std::getenv(variable);
        if (value != nullptr && *value != '\0') folders.push_back(fs::path(value) / below);
    };
    from_environment("KAZIRANGA_WEIGHTS", "");
    folders.emplace_back("weights");
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code);
    if (!code) folders.push_back(program.parent_path().parent_path() / "weights");
    from_environment("TORCH_HOME", "hub/checkpoints");
    from_environment("HOME", ".cache/torch/hub/checkpoints");
    return folders;
}

const at::Tensor* find(const StateDict& weights, const std::string& name) {
    for (const auto& [known, tensor] : weights) {
        if (known == name) return &tensor;
    }
    return nullptr;
}

/// Number of outputs of the published output layer, so that it can be loaded completely.
int64_t published_classes(const StateDict& weights, const std::string& classifier, const fs::path& path) {
    const at::Tensor* weight = find(weights, classifier + ".weight");
    const bool usable = weight != nullptr && weight->dim() == 2 && !weight->is_meta();  // meta: its size does not fit
    if (usable) return weight->size(0);
    throw core::Error({.what = "the weights have no output layer '" + classifier + "' that fits the network",
                       .where = path.string(),
                       .remedy = "train a new head on them, or name complete weights"});
}

/// The output layer of the file, if it is usable.
SourceLayer source_layer(const StateDict& weights, const std::string& classifier, int64_t features) {
    const at::Tensor* weight = find(weights, classifier + ".weight");
    const at::Tensor* bias = find(weights, classifier + ".bias");
    const bool fits = weight != nullptr && bias != nullptr && weight->dim() == 2 && weight->size(1) == features &&
                      bias->dim() == 1 && bias->size(0) == weight->size(0) && weight->size(0) > 1;
    if (!fits || !weight->is_floating_point() || !bias->is_floating_point()) return {};
    const SourceLayer layer{weight->to(at::kFloat), bias->to(at::kFloat)};
    return layer.weight.isfinite().all().item<bool>() && layer.bias.isfinite().all().item<bool>() ? layer
                                                                                                  : SourceLayer{};
}

std::string how_to_get(const Architecture& architecture) {
    std::string by_hand = "put the file there, or name it in model.weights";
    if (architecture.name == "efficientnet_lite0") return "scripts/setup fetches it; or " + by_hand;
    if (architecture.peer.library != "torchvision") return by_hand;
    return fmt::format(
        "torchvision fetches it, after scripts/setup --peers: .venv/bin/python -c \"import torchvision; "
        "torchvision.models.{}(weights='IMAGENET1K_V1')\"; or {}",
        architecture.peer.model, by_hand);
}

}  // namespace

fs::path find_pretrained(const Architecture& architecture) {
    std::vector<std::string> places;
    for (const fs::path& folder : weight_folders()) {
        for (const std::string& name : architecture.weight_files) {
            std::error_code code;
            if (fs::is_regular_file(folder / name, code)) return folder / name;
        }
        const std::string place = fs::absolute(folder).lexically_normal().string();
        if (std::ranges::count(places, place) == 0) places.push_back(place);
    }
    throw core::Error({.what = "no pretrained weights of " + architecture.name + " on this machine",
                       .where = "model.weights",
                       .expected = core::join(architecture.weight_files, " or ") + " in " + core::join(places, ", "),
                       .remedy = how_to_get(architecture)});
}

fs::path weights_file(const ModelOptions& options) {
    if (options.weights == "pretrained") return find_pretrained(find_architecture(options.name));
    std::error_code code;
    if (fs::exists(options.weights, code)) return options.weights;
    throw core::Error({.what = "the file of weights is not there",
                       .where = "model.weights",
                       .expected = "pretrained, random or a file",
                       .found = "'" + options.weights + "'",
                       .remedy = "look at the path and its spelling"});
}

LoadedNetwork load_network(const ModelOptions& options, int64_t num_classes, uint64_t seed) {
    const Architecture& architecture = find_architecture(options.name);
    constexpr int64_t kAnyNumber = 1;
    at::Generator generator = at::globalContext().defaultGenerator(c10::kCPU);
    generator.set_current_seed(seed);
    auto network = architecture.make(num_classes > 0 ? num_classes : kAnyNumber);
    const std::string classifier = network->classifier_name();
    SourceLayer source;

    if (options.weights != "random") {
        const fs::path path = weights_file(options);
        const auto [weights, notes, naming] = read_weights(path, *network, classifier);
        if (num_classes == 0) network = architecture.make(published_classes(weights, classifier, path));
        const auto dropped = load_state_dict(
            *network, weights,
            {.source = path.string(), .naming = naming, .classifier_name = num_classes == 0 ? "" : classifier});
        core::log().info("weights: {} from {}", architecture.name, path.string());
        for (const std::string& note : notes) core::log().info("weights: {}", note);
        if (!dropped.empty()) {
            core::log().info("weights: a new output layer takes the place of {}", core::join(dropped, ", "));
            source = source_layer(weights, classifier, network->feature_dim());
        }
    }
    if (num_classes > 0) {
        const c10::NoGradGuard no_grad;
        for (at::Tensor& parameter : network->head()->parameters()) parameter.zero_();
    }
    network->eval();
    return {network, source};
}

}  // namespace kaziranga::models
