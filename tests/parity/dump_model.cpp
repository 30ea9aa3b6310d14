// Runs a network for test_models.py:
//   dump_model architectures                             name, aliases and preprocessing, one JSON object a line
//   dump_model names NAME                                registered names and shapes, in order, one a line
//   dump_model NAME WEIGHTS INPUT OUTPUT [CLASSES]       'input' of a .safetensors file to 'logits', 'features' and
//   'stages',
//                                                        the features with those of earlier stages beside them

#include "models/registry.hpp"
#include "models/weights/safetensors.hpp"
#include "models/weights/state_dict.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

using namespace kaziranga;

namespace {

void print_architectures() {
    for (const auto& name : models::architecture_names()) {
        const auto& architecture = models::find_architecture(name);
        const auto& p = architecture.preprocessing;
        const nlohmann::json line = {
            {"name", name},       {"aliases", architecture.aliases},
            {"resize", p.resize}, {"files", architecture.weight_files},
            {"crop", p.crop},     {"bicubic", p.interpolation == core::Interpolation::kBicubic},
            {"mean", p.mean},     {"std", p.std}};
        fmt::print("{}\n", line.dump());
    }
}

void print_names(const std::string& name) {
    const auto network = models::find_architecture(name).make(1000);
    for (const auto& [key, tensor] : models::state_dict(*network)) {
        fmt::print("{} {}\n", key, fmt::join(tensor.sizes(), ","));
    }
}

void run(const std::vector<std::string>& args) {
    const auto network = models::find_architecture(args[0]).make(args.size() > 4 ? std::stoll(args[4]) : 1000);
    const auto weights = models::read_weights(args[1], *network, network->classifier_name()).tensors;
    models::load_state_dict(*network, weights, {.source = args[1], .classifier_name = ""});
    network->eval();
    torch::NoGradGuard no_grad;
    const auto input = models::read_safetensors(args[2]).tensors;
    TORCH_CHECK(input.size() == 1 && input[0].first == "input", "the file holds one tensor, 'input'");
    const auto features = network->features(input[0].second);
    const auto logits = network->classify(features);
    network->give(models::FeatureSet::kAllStages);
    const auto stages = network->features(input[0].second);
    models::write_safetensors(args[3], {{"features", features}, {"logits", logits}, {"stages", stages}}, {});
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> args(argv + 1, argv + argc);
    try {
        if (args.size() == 1 && args[0] == "architectures") {
            print_architectures();
        } else if (args.size() == 2 && args[0] == "names") {
            print_names(args[1]);
        } else if (args.size() == 4 || args.size() == 5) {
            run(args);
        } else {
            fmt::print(stderr, "usage: dump_model architectures | names NAME | NAME WEIGHTS INPUT OUTPUT [CLASSES]\n");
            return 2;
        }
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
