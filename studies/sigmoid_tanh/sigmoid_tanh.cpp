#include "studies/sigmoid_tanh/sigmoid_tanh.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "models/dense_network.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"
#include "studies/sigmoid_tanh/best_diagonals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <ATen/ops/binary_cross_entropy.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/maximum.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using models::DenseLayer;
using models::DenseLayers;
using models::DenseNetwork;
using models::SigmoidNetwork;
using models::TanhNetwork;

/// The largest relative difference entry by entry, so that small outputs count as much as large ones.
double relative_difference(const Tensor& a, const Tensor& b) {
    return ((a - b).abs() / at::maximum(a.abs(), b.abs())).max().item<double>();
}

DenseLayers gradients(const DenseNetwork& network, const Tensor& loss) {
    std::vector<Tensor> parameters;
    for (const DenseLayer& layer : network.layers()) {
        parameters.push_back(layer.weight);
        parameters.push_back(layer.bias);
    }
    const auto flat = torch::autograd::grad({loss}, parameters);
    DenseLayers result;
    for (size_t i = 0; i < flat.size(); i += 2) result.push_back({flat[i], flat[i + 1]});
    return result;
}

/// The largest difference over all layers, relative to the largest entry of each.
double relative_difference(const DenseLayers& a, const DenseLayers& b) {
    double worst = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        for (const auto& [x, y] : {std::pair(a[i].weight, b[i].weight), std::pair(a[i].bias, b[i].bias)}) {
            worst = worse(worst, relative_error(x, y));
        }
    }
    return worst;
}

/// All entries of all layers in one vector.
Tensor flattened(const DenseLayers& layers) {
    std::vector<Tensor> parts;
    for (const DenseLayer& layer : layers) {
        parts.push_back(layer.weight.flatten());
        parts.push_back(layer.bias);
    }
    return at::cat(parts);
}

/// The inverse of flattened, for layers of the same shapes.
DenseLayers unflattened(const Tensor& flat, const DenseLayers& shapes) {
    DenseLayers layers;
    int64_t at = 0;
    const auto take = [&](const Tensor& like) {
        at += like.numel();
        return flat.narrow(0, at - like.numel(), like.numel()).view_as(like);
    };
    for (const DenseLayer& layer : shapes) layers.push_back({take(layer.weight), take(layer.bias)});
    return layers;
}

struct Equivalence {
    double outputs = 0, outputs_back = 0, gradients = 0, round_trip = 0;
    int64_t saturated = 0, units = 0;  ///< hidden units, once per input
    int64_t with_gradients = 0;        ///< networks without saturated units
};

/// A network of random shape with weights and inputs of random size.
struct Trial {
    std::shared_ptr<TanhNetwork> tanh;
    Tensor x;

    Trial(const SigmoidTanhOptions& o, uint64_t number) {
        core::RandomStream stream(static_cast<uint64_t>(o.seed), core::Purpose::kStudy, {30, number});
        const auto up_to = [&](int64_t most) {
            return static_cast<int64_t>(1 + stream.below(static_cast<uint64_t>(most)));
        };
        std::vector<int64_t> units = {up_to(6)};
        const int64_t hidden_layers = up_to(o.hidden_layers);
        for (int64_t i = 0; i < hidden_layers; ++i) units.push_back(up_to(12));
        units.push_back(up_to(3));
        tanh = std::make_shared<TanhNetwork>(units);
        tanh->to(at::kDouble);
        const at::Generator from = generator(o.seed, {31, number});
        constexpr double kSmallest = -3, kLargest = 0.7;  // powers of ten
        DenseLayers layers;
        for (const DenseLayer& layer : tanh->layers()) {
            const double scale = std::pow(10.0, stream.uniform(kSmallest, kLargest));
            layers.push_back({normal(layer.weight.sizes(), from) * scale, normal(layer.bias.sizes(), from) * scale});
        }
        tanh->set(layers);
        constexpr double kInputs = 2;
        constexpr int64_t kCount = 64;
        x = normal({kCount, units.front()}, from) * std::pow(10.0, stream.uniform(-kInputs, kInputs));
    }
};

/// Counts the units of its hidden layers, once per input.
/// @return  true if one of them is within a millionth of ±1, where 1 - tanh² has lost half its digits
bool count_saturated(const Trial& trial, Equivalence& found) {
    const at::NoGradGuard no_grad;
    constexpr double kEnd = 1 - 1e-6;
    int64_t saturated = 0;
    Tensor h = trial.x;
    for (size_t i = 0; i + 1 < trial.tanh->layers().size(); ++i) {
        const DenseLayer& layer = trial.tanh->layers()[i];
        h = (h.matmul(layer.weight.t()) + layer.bias).tanh();
        saturated += (h.abs() > kEnd).sum().item<int64_t>();
        found.units += h.numel();
    }
    found.saturated += saturated;
    return saturated > 0;
}

Equivalence compare(const SigmoidTanhOptions& o) {
    Equivalence worst;
    core::Phase phase("equivalence", o.trials, "networks");
    for (int64_t number = 0; number < o.trials; ++number) {
        core::throw_if_interrupted();
        const Trial trial(o, static_cast<uint64_t>(number));
        const auto sigmoid = models::to_sigmoid(*trial.tanh);
        const auto back = models::to_tanh(*sigmoid);
        const Tensor y = trial.tanh->forward(trial.x), y_sigmoid = sigmoid->forward(trial.x);
        worst.outputs = worse(worst.outputs, relative_difference(y, y_sigmoid));
        worst.outputs_back = worse(worst.outputs_back, relative_difference(y_sigmoid, back->forward(trial.x)));
        worst.round_trip = worse(worst.round_trip, relative_difference(trial.tanh->layers(), back->layers()));
        if (!count_saturated(trial, worst)) {
            const Tensor direction = normal(y.sizes(), generator(o.seed, {32, static_cast<uint64_t>(number)}));
            const DenseLayers own = gradients(*trial.tanh, (y * direction).sum());
            const DenseLayers carried = models::tanh_gradients(gradients(*sigmoid, (y_sigmoid * direction).sum()));
            worst.gradients = worse(worst.gradients, relative_difference(own, carried));
            ++worst.with_gradients;
        }
        phase.advance();
    }
    return worst;
}

void tell_equivalence(Findings& findings, const SigmoidTanhOptions& o) {
    const Equivalence worst = compare(o);
    findings.parts.push_back(Heading{"The same function"});
    findings.parts.push_back(Text{fmt::format(
        "{} networks of 1 to {} hidden layers, weights of every layer of size 0.001 to 5, inputs of 0.01 to 100, 64 "
        "inputs each; {:.0f} % of the units of hidden layers are saturated (within a millionth of ±1). Largest "
        "differences, in float64; those of gradients over the {} networks without saturated units, since 1 - tanh² "
        "near ±1 is the difference of two nearly equal numbers, and rounding is all that is left of it.",
        o.trials, o.hidden_layers, 100.0 * static_cast<double>(worst.saturated) / static_cast<double>(worst.units),
        worst.with_gradients)});
    constexpr double kFunction = 1e-12, kGradients = 1e-9;
    const auto check = [&](const std::string& what, double error, double tolerance) {
        findings.checks.push_back({what, error, tolerance, "relative"});
    };
    check("outputs, tanh network against its sigmoid form", worst.outputs, kFunction);
    check("outputs, sigmoid network against its tanh form", worst.outputs_back, kFunction);
    check("parameters, there and back", worst.round_trip, kFunction);
    const bool same_function = findings.passed();
    check("gradients, carried over by the chain rule", worst.gradients, kGradients);
    findings.claims.push_back({"A network of tanh units computes the same function as one of logistic units",
                               fmt::format("largest relative difference of an output {:.1e}", worst.outputs),
                               holds(same_function)});
}

/// Two classes of points, one around the other.
struct Task {
    Tensor x, t;
};

Task make_task(const SigmoidTanhOptions& o) {
    constexpr int64_t kCount = 200;
    const at::Generator from = generator(o.seed, {33});
    const Tensor x = normal({kCount, o.units.front()}, from);
    const Tensor inside = x.square().sum(1, true) < static_cast<double>(o.units.front()) * 0.7;
    return {x, inside.to(at::kDouble).expand({kCount, o.units.back()}).contiguous()};
}

/// A function that changes a sigmoid network's gradient before the step.
using Scaling = std::function<DenseLayers(const DenseLayers&)>;

DenseLayers unscaled(const DenseLayers& gradient) {
    return gradient;
}

/// A At applied to a gradient, where the matrix A converts tanh parameters into sigmoid ones. A step along it is the
/// step that the tanh network takes along its own gradient.
DenseLayers by_full_matrix(const DenseLayers& gradient) {
    return models::sigmoid_layers(models::tanh_gradients(gradient));
}

double step(DenseNetwork& network, const Task& task, double lr, const Scaling& scaling) {
    const Tensor loss = at::binary_cross_entropy(network.forward(task.x), task.t);
    const DenseLayers along = scaling(gradients(network, loss));
    const at::NoGradGuard no_grad;
    for (size_t i = 0; i < along.size(); ++i) {
        network.layers()[i].weight.sub_(along[i].weight, lr);
        network.layers()[i].bias.sub_(along[i].bias, lr);
    }
    return loss.item<double>();
}

struct Course {
    evaluation::Series distance;  ///< distance of the outputs from the tanh network's, by step
    evaluation::Series loss, tanh_loss;
    double farthest = 0;
    int64_t parted = -1;  ///< first step after which an output differs by more than kApart; -1: never
};

constexpr double kApart = 1e-3;

/// Trains a tanh and a sigmoid network side by side, from the same function.
Course train_beside(const SigmoidTanhOptions& o, const TanhNetwork& start, const Task& task, const Scaling& scaling,
                    const std::string& name) {
    TanhNetwork tanh(o.units);
    tanh.to(at::kDouble);
    tanh.set(start.layers());
    const auto sigmoid = models::to_sigmoid(tanh);
    Course course{.distance = {.name = name}, .loss = {.name = "sigmoid, " + name}, .tanh_loss = {.name = "tanh"}};
    constexpr double kFloor = 1e-17;  // so that equal outputs can be drawn on a logarithmic axis
    for (int64_t i = 1; i <= o.steps; ++i) {
        core::throw_if_interrupted();
        const auto at = static_cast<double>(i);
        course.tanh_loss.add(at, step(tanh, task, o.lr, unscaled));
        course.loss.add(at, step(*sigmoid, task, o.lr, scaling));
        const at::NoGradGuard no_grad;
        const double apart = largest(tanh.forward(task.x) - sigmoid->forward(task.x));
        course.distance.add(at, std::max(apart, kFloor));
        course.farthest = worse(course.farthest, apart);
        if (course.parted < 0 && !(apart <= kApart)) course.parted = i;
    }
    return course;
}

std::string told(const Course& course) {
    return course.parted < 0 ? fmt::format("outputs differ by {:.1e} at most", course.farthest)
                             : fmt::format("outputs differ by more than {:g} from step {} on, {:.2g} at most", kApart,
                                           course.parted, course.farthest);
}

/// A training by A At g, and the residual of every diagonal along its path.
struct SharedPath {
    Course course;
    BestDiagonals diagonals;
};

SharedPath train_together(const SigmoidTanhOptions& o, const TanhNetwork& start, const Task& task) {
    SharedPath path;
    path.course = train_beside(
        o, start, task,
        [&](const DenseLayers& gradient) {
            DenseLayers wanted = by_full_matrix(gradient);
            path.diagonals.add(flattened(gradient), flattened(wanted));
            return wanted;
        },
        "gradient times A At");
    return path;
}

/// Trains with the fixed rates that fit the shared path best.
Course train_by_best(const SigmoidTanhOptions& o, const TanhNetwork& start, const Task& task,
                     const BestDiagonals& diagonals) {
    const Tensor rates = diagonals.fixed_rates();
    return train_beside(
        o, start, task, [&](const DenseLayers& gradient) { return unflattened(flattened(gradient) * rates, gradient); },
        "the best fixed rates");
}

/// Reports the limits of separate rates for all parameters, from the gradients g along the path that both networks
/// share under A At g. A diagonal that kept them on this path would have to give exactly these steps.
void tell_diagonals(Findings& findings, const SharedPath& path, const Course& by_own, const Course& by_best) {
    const BestDiagonals& d = path.diagonals;
    constexpr double kRounding = 1e-6;  // of a step; squares are summed
    constexpr double kPercent = 100;
    findings.parts.push_back(Heading{"What a rate for every parameter lacks"});
    findings.parts.push_back(Text{fmt::format(
        "A At couples each weight behind a hidden layer with the bias of the unit that it feeds: it asks for a "
        "multiple of the weight's gradient less a multiple of the bias's. Rates that are fixed, of whatever sign, "
        "would need the ratio of those two gradients to stay as it is at the first step; rates above zero, even ones "
        "chosen anew at each step, would need them never to ask for a step against the gradient. Below, the rates are "
        "those of least squares, parameter by parameter, with the whole path known beforehand: what they miss, every "
        "diagonal of their kind misses. Not excluded are rates of either sign that are chosen anew at each step: (A At "
        "g) / g is one for each parameter, by construction, and {} of {} of them are below zero at the first step, so "
        "that it is no rate. Nor is it excluded that other steps lead to outputs close by.",
        d.first_against(), d.parameters())});
    findings.claims.push_back({"The diagonal of A At, a learning rate for every parameter, keeps them together",
                               told(by_own), holds(by_own.parted < 0)});
    findings.claims.push_back(
        {"Some fixed learning rate for every parameter, of either sign, takes the tanh network's steps",
         fmt::format("the best in hindsight are off by {:.2g} % of the length of the steps, over {} steps (root of the "
                     "sum of squares); trained with them, {}",
                     kPercent * d.fixed_misses(), d.steps(), told(by_best)),
         d.steps() < 2 ? Verdict::kUndecided : holds(d.fixed_misses() <= kRounding)});
    findings.claims.push_back(
        {"Learning rates above zero for every parameter, chosen anew at each step, take the tanh network's steps",
         fmt::format("at every step at least {} of {} parameters must go against their gradients; without them a step "
                     "is off by at least {:.2g} % of its length, at each of the {} steps",
                     d.least_against(), d.parameters(), kPercent * d.positive_misses_least(), d.steps()),
         holds(d.positive_misses_most() <= kRounding)});
}

void tell_training(Findings& findings, const SigmoidTanhOptions& o) {
    seed_modules(o.seed, {34});
    TanhNetwork start(o.units);
    start.to(at::kDouble);
    const Task task = make_task(o);
    const Course same = train_beside(o, start, task, unscaled, "the same rate");
    const Course own = train_beside(o, start, task, models::by_diagonal, "the diagonal of A At");
    const SharedPath path = train_together(o, start, task);
    const Course best = train_by_best(o, start, task, path.diagonals);
    const Course& full = path.course;
    const std::string shape = fmt::format("{}", fmt::join(o.units, "-"));
    findings.parts.push_back(Heading{"Not the same training"});
    findings.parts.push_back(Text{fmt::format(
        "The sigmoid network's parameters are a linear map A of the tanh network's, so its gradient reaches them as At "
        "g: a step that leaves both the same function is A At g in the sigmoid network's own parameters. Networks of "
        "{} units, gradient descent on 200 points of two classes, {} steps of rate {:g}, from the same function.",
        shape, o.steps, o.lr)});
    findings.parts.push_back(
        Picture{"distance", "Largest difference of an output between the two networks, by step.",
                evaluation::Chart{.title = "From the same function",
                                  .x_label = "steps",
                                  .y_label = "largest difference of outputs",
                                  .log_y = true,
                                  .series = {same.distance, own.distance, best.distance, full.distance}}});
    findings.parts.push_back(
        Picture{"loss", "Training loss by step; the last lies on that of tanh.",
                evaluation::Chart{.title = "Training loss",
                                  .x_label = "steps",
                                  .y_label = "cross-entropy, nats",
                                  .series = {same.tanh_loss, same.loss, own.loss, best.loss, full.loss}}});
    findings.checks.push_back({"outputs during training, gradient times A At", full.farthest, 1e-9, "absolute"});
    findings.claims.push_back({"Trained by gradient descent at the same rate from the same function, the two part ways",
                               told(same), holds(same.parted >= 0)});
    tell_diagonals(findings, path, own, best);
    findings.claims.push_back({"The gradient scaled by A At, weights and biases coupled, keeps them together",
                               told(full), holds(full.parted < 0)});
}

}  // namespace

void SigmoidTanhOptions::describe(core::config::Description<SigmoidTanhOptions>& d) {
    describe_common(d);
    d.field("trials", &SigmoidTanhOptions::trials, "Number of random networks that are converted")
        .at_least(1)
        .at_most(100'000);
    d.field("hidden_layers", &SigmoidTanhOptions::hidden_layers,
            "Largest number of hidden layers in the random networks")
        .at_least(1)
        .at_most(16);
    d.field("units", &SigmoidTanhOptions::units,
            "Units per layer of the networks that are trained: inputs, hidden layers, outputs")
        .at_least(1)
        .at_most(1024);
    d.field("steps", &SigmoidTanhOptions::steps, "Number of steps of gradient descent").at_least(1).at_most(1'000'000);
    d.field("lr", &SigmoidTanhOptions::lr, "Learning rate of gradient descent").greater_than(0).at_most(1000);
    d.check([](const SigmoidTanhOptions& o, core::config::Problems& problems) {
        if (o.units.size() < 3) problems.add("units", "no hidden layer", "give inputs, hidden layers and outputs");
    });
}

Findings study_sigmoid_tanh(const SigmoidTanhOptions& options) {
    Findings findings{.name = "sigmoid_tanh",
                      .title = "Sigmoid and tanh networks",
                      .question =
                          "tanh(a) = 2σ(2a) - 1, so every network with tanh units should have a twin with logistic "
                          "units: do they compute the same, and do they learn the same?"};
    tell_equivalence(findings, options);
    tell_training(findings, options);
    return findings;
}

}  // namespace kaziranga::studies
