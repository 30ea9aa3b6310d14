#include "training/pretrained.hpp"

#include <ATen/Context.h>
#include <c10/core/GradMode.h>

#include <cstdlib>
#include <vector>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "models/weights/state_dict.hpp"

namespace kaziranga::training {
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

/// Outputs of the published output layer, so that it can be loaded whole.
int64_t published_classes(const models::StateDict& weights, const std::string& classifier, const fs::path& path) {
    for (const auto& [name, tensor] : weights) {
        if (name == classifier + ".weight" && tensor.dim() == 2) return tensor.size(0);
    }
    throw core::Error({.what = "the weights have no output layer '" + classifier + "'",
                       .where = path.string(),
                       .remedy = "train a new head on them, or name complete weights"});
}

}  // namespace

fs::path find_pretrained(const models::Architecture& architecture) {
    std::vector<std::string> places;
    for (const fs::path& folder : weight_folders()) {
        for (const std::string& name : architecture.weight_files) {
            std::error_code code;
            if (fs::is_regular_file(folder / name, code)) return folder / name;
        }
        places.push_back(folder.string());
    }
    throw core::Error({.what = "no pretrained weights of " + architecture.name + " on this machine",
                       .where = "model.weights",
                       .expected = core::join(architecture.weight_files, " or ") + " in " + core::join(places, ", "),
                       .remedy = "put the file there, name it in model.weights, or run scripts/setup for "
                                 "EfficientNet-Lite0"});
}

std::shared_ptr<models::Backbone> load_network(const ModelOptions& options, int64_t num_classes, uint64_t seed) {
    const models::Architecture& architecture = models::find_architecture(options.name);
    constexpr int64_t kAnyNumber = 1;
    at::Generator generator = at::globalContext().defaultGenerator(c10::kCPU);
    generator.set_current_seed(seed);
    auto network = architecture.make(num_classes > 0 ? num_classes : kAnyNumber);
    const std::string classifier = network->classifier_name();

    if (options.weights != "random") {
        const fs::path path = options.weights == "pretrained" ? find_pretrained(architecture) : fs::path(options.weights);
        const models::StateDict weights = models::map_names(models::read_weights(path), *network);
        if (num_classes == 0) network = architecture.make(published_classes(weights, classifier, path));
        const auto dropped = models::load_state_dict(
            *network, weights, {.source = path.string(), .classifier_name = num_classes == 0 ? "" : classifier});
        core::log().info("weights: {} from {}", architecture.name, path.string());
        if (!dropped.empty()) core::log().info("weights: the old output layer is left out ({})", core::join(dropped, ", "));
    }
    if (num_classes > 0) {
        const c10::NoGradGuard no_grad;
        for (at::Tensor& parameter : network->head()->parameters()) parameter.zero_();
    }
    network->eval();
    return network;
}

}  // namespace kaziranga::training
