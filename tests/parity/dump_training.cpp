#include "core/config/config.hpp"
#include "models/registry.hpp"
#include "models/weights/safetensors.hpp"
#include "training/loop/schedule.hpp"
#include "training/loop/trainer.hpp"
#include "training/options.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <torch/nn/modules/linear.h>

namespace {

using namespace kaziranga;

/// Rate and momentum of every step.
void print_schedule(int64_t steps_an_epoch, const training::Options& o) {
    const int64_t steps = steps_an_epoch * o.train.epochs;
    for (int64_t step = 0; step < steps; ++step) {
        const training::Moment moment{.step = step, .steps = steps, .steps_an_epoch = steps_an_epoch};
        std::printf("%.17g %.17g\n", training::learning_rate(moment, o.optimizer.lr, o.scheduler),
                    training::momentum(moment, o.optimizer, o.scheduler));
    }
}

/// Every parameter's name, the factor of its rate, and whether it decays.
void print_parameters(const std::string& architecture, const training::Options& o) {
    const auto network = models::find_architecture(architecture).make(7);
    const auto parameters = training::parameters_of(*network, network->parameters(), o.optimizer, 0);
    const auto named = network->named_parameters();
    for (size_t i = 0; i < parameters.size(); ++i) {
        TORCH_CHECK(parameters[i].value.is_same(named[i].value()), "another order than the network's");
        std::printf("%s %.17g %d\n", named[i].key().c_str(), parameters[i].rate_factor, parameters[i].decays);
    }
}

/// Trains a linear layer on all rows at once, from the weight and bias of the file, in float64.
void train_layer(const std::string& input, const std::string& output, training::Options o) {
    at::Tensor x, y, weight, bias;
    for (const auto& [name, tensor] : models::read_safetensors(input).tensors) {
        (name == "x" ? x : name == "y" ? y : name == "weight" ? weight : bias) = tensor;
    }
    torch::nn::Linear layer(weight.size(1), weight.size(0));
    layer->to(at::kDouble);
    {
        const at::NoGradGuard no_grad;
        layer->weight.copy_(weight);
        layer->bias.copy_(bias);
    }
    o.train.batch_size = x.size(0);
    const auto batches = training::make_row_batches(x, y, {}, o.train.batch_size, data::Sampling::kShuffle, 0);
    const training::Task task{.module = layer.get(),
                              .parameters = training::parameters_of(*layer),
                              .logits = [&](const at::Tensor& rows) { return layer->forward(rows); },
                              .batches = batches.get()};
    const training::TrainingState state =
        training::train(task, {.loop = o.train, .optimizer = o.optimizer, .scheduler = o.scheduler}, {},
                        [](const training::TrainingState&) {});
    models::StateDict out = state.weights;
    for (const auto& [name, tensor] : state.averaged) out.emplace_back("averaged." + name, tensor);
    models::write_safetensors(output, out, {});
}

}  // namespace

/// dump_training schedule STEPS_AN_EPOCH KEY=VALUE…, or parameters NETWORK KEY=VALUE…, or
/// train INPUT.safetensors OUTPUT.safetensors KEY=VALUE…: keys are those of a training's config.
int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    const auto options = [&](size_t from) {
        return core::config::parse<training::Options>("", "",
                                                      {words.begin() + static_cast<std::ptrdiff_t>(from), words.end()});
    };
    if (words.size() >= 2 && words[0] == "schedule") {
        print_schedule(std::stoll(words[1]), options(2));
    } else if (words.size() >= 2 && words[0] == "parameters") {
        print_parameters(words[1], options(2));
    } else if (words.size() >= 3 && words[0] == "train") {
        train_layer(words[1], words[2], options(3));
    } else {
        std::fputs("usage: dump_training schedule|parameters|train …\n", stderr);
        return 2;
    }
    return 0;
}
