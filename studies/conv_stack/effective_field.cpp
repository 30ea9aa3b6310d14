#include "studies/conv_stack/effective_field.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "core/threads.hpp"
#include "data/manifests/park.hpp"
#include "models/conv_stack.hpp"
#include "models/heads.hpp"
#include "studies/common/draws.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adamw.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// Standard deviation of a distribution over pixels along one axis, from the mean variance of both axes.
double radius_of(const Tensor& map) {
    const Tensor rows = at::arange(map.size(0), at::kDouble), columns = at::arange(map.size(1), at::kDouble);
    const auto variance = [](const Tensor& marginal, const Tensor& places) {
        const double mean = (marginal * places).sum().item<double>();
        return (marginal * (places - mean).square()).sum().item<double>();
    };
    return std::sqrt((variance(map.sum(1), rows) + variance(map.sum(0), columns)) / 2);
}

struct Pictures {
    Tensor x;  ///< [N, 3, H, W] float32, about -1 to 1
    Tensor y;  ///< [N]
};

Pictures draw(const FieldTraining& o, const data::Park& park, int64_t split, int64_t each) {
    const int64_t count = o.species * each;
    std::vector<Tensor> images(static_cast<size_t>(count));
    core::parallel_for(count, core::available_processors(), [&](int64_t i) {
        images[static_cast<size_t>(i)] =
            park.open(park.place_of({.species = i / each, .split = split, .number = i % each}));
    });
    constexpr double kHalfRange = 127.5;
    return {at::stack(images)
                .permute({0, 3, 1, 2})
                .to(at::kFloat)
                .div(kHalfRange)
                .sub(1)
                .contiguous(at::MemoryFormat::ChannelsLast),
            at::arange(count, at::kLong).div(each, "floor")};
}

/// A stack with its classifier.
struct Classifier {
    models::ConvStack stack;
    models::LinearHead head;

    Tensor logits(const Tensor& x) { return head.forward(stack.forward(x).mean({2, 3})); }
};

double top1(Classifier& classifier, const Pictures& pictures) {
    const at::NoGradGuard no_grad;
    constexpr double kPercent = 100;
    return (classifier.logits(pictures.x).argmax(1) == pictures.y).to(at::kDouble).mean().item<double>() * kPercent;
}

void train(Classifier& classifier, const Pictures& pictures, const FieldTraining& o, uint64_t seed) {
    std::vector<Tensor> parameters = classifier.stack.parameters();
    for (const Tensor& parameter : classifier.head.parameters()) parameters.push_back(parameter);
    constexpr double kRate = 2e-3;
    torch::optim::AdamW optimizer(parameters, torch::optim::AdamWOptions(kRate));
    constexpr int64_t kBatch = 20;
    const int64_t steps = pictures.x.size(0) / kBatch;
    core::Phase phase("training a stack", o.epochs * steps, "steps");
    for (int64_t epoch = 0; epoch < o.epochs; ++epoch) {
        const std::vector<int64_t> order = core::permutation(
            pictures.x.size(0), core::RandomStream(seed, core::Purpose::kShuffle, {static_cast<uint64_t>(epoch)}));
        const Tensor rows = at::tensor(order, at::kLong);
        for (int64_t step = 0; step < steps; ++step) {
            core::throw_if_interrupted();
            const Tensor batch = rows.narrow(0, step * kBatch, kBatch);
            optimizer.zero_grad();
            const Tensor x = pictures.x.index_select(0, batch).contiguous(at::MemoryFormat::ChannelsLast);
            at::cross_entropy_loss(classifier.logits(x), pictures.y.index_select(0, batch)).backward();
            optimizer.step();
            phase.advance();
        }
    }
}

}  // namespace

Tensor gradient_of_middle(const FeatureMap& features, const Tensor& images) {
    const Tensor x = images.detach().clone().requires_grad_();
    const Tensor map = features(x);
    const Tensor place = map.select(3, map.size(3) / 2).select(2, map.size(2) / 2).sum();
    return torch::autograd::grad({place}, {x})[0];
}

EffectiveField effective_field(const FeatureMap& features, const Tensor& images, int64_t at_once) {
    EffectiveField field;
    for (const Tensor& some : images.split(at_once)) {
        core::throw_if_interrupted();
        const Tensor moved = gradient_of_middle(features, some).abs().sum(1).to(at::kDouble);  // [n, H, W]
        for (const Tensor& one : moved.unbind()) {
            const double sum = one.sum().item<double>();
            if (sum > 0) field.radii.push_back(radius_of(one / sum));
        }
        field.map = field.map.defined() ? field.map + moved.sum(0) : moved.sum(0);
    }
    field.map /= field.map.sum();
    return field;
}

TrainedField train_field(const FieldTraining& o, int64_t seed, uint64_t repeat) {
    seed_modules(seed, {20, repeat});
    Classifier classifier{
        models::ConvStack({.in = 3, .width = o.width, .layers = o.layers, .padding = models::Padding::kCentred}),
        models::LinearHead({.features = o.width, .classes = o.species})};
    const data::synthetic::ParkOptions options{.park = "kaziranga", .species = o.species, .size = o.size};
    const data::Park park(data::synthetic::record_of(options, seed));
    constexpr int64_t kHeldOut = 5;
    const Pictures train_images = draw(o, park, 0, o.images), held_out = draw(o, park, 2, kHeldOut);
    const auto features = [&](const Tensor& x) { return classifier.stack.forward(x); };
    TrainedField result;
    result.before = effective_field(features, held_out.x, held_out.x.size(0));
    train(classifier, train_images, o, static_cast<uint64_t>(seed) + repeat);
    result.after = effective_field(features, held_out.x, held_out.x.size(0));
    result.top1 = top1(classifier, held_out);
    return result;
}

}  // namespace kaziranga::studies
