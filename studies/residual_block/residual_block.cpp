#include "studies/residual_block/residual_block.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "models/residual_block.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <c10/core/GradMode.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using models::ResidualBlock;
using models::ResidualGradients;
using models::ResidualOptions;
using models::ResidualValues;

/// The largest relative errors over all trials, by the gradient's name.
struct Errors {
    std::map<std::string, double> autograd, differences;
    int64_t trials = 0, zeros = 0, difference_trials = 0;
};

void note(std::map<std::string, double>& worst, const std::string& name, double error) {
    worst[name] = worse(worst[name], error);
}

/// One block with random shapes, weights, statistics and input.
struct Trial {
    std::shared_ptr<ResidualBlock> block;
    Tensor x, dy;
    bool touches_zero = false;  ///< z3 is exactly 0 in places

    Trial(int64_t seed, uint64_t number) {
        core::RandomStream stream(static_cast<uint64_t>(seed), core::Purpose::kStudy, {1, number});
        const auto up_to = [&](uint64_t most) { return static_cast<int64_t>(1 + stream.below(most)); };
        const bool dense = number % 2 == 0, norm = number / 2 % 2 == 0, training = number / 4 % 2 == 0;
        touches_zero = number / 8 % 3 == 0;
        // At least two: after a single weight, a batch norm leaves only rounding errors as gradient.
        const int64_t channels = 1 + up_to(5);
        const ResidualOptions options{.in = channels, .width = channels, .kernel = dense ? 1 : 3, .batch_norm = norm};
        seed_modules(seed, {2, number});
        block = std::make_shared<ResidualBlock>(options);
        block->to(at::kDouble);
        block->train(training);
        const at::Generator from = generator(seed, {3, number});
        const int64_t rows = dense ? 1 : up_to(7), columns = dense ? 1 : up_to(7);
        x = normal({3 + up_to(4), channels, rows, columns}, from);
        dy = normal(x.sizes(), from);
        const at::NoGradGuard no_grad;
        for (const auto& item : block->named_parameters()) {
            if (item.value().dim() == 1) item.value().add_(normal(item.value().sizes(), from), 0.3);
        }
        for (const auto& item : block->named_buffers()) {
            if (item.key().ends_with("running_mean")) item.value().copy_(normal(item.value().sizes(), from));
            if (item.key().ends_with("running_var")) item.value().copy_(uniform(item.value().sizes(), 0.3, 3, from));
        }
        if (touches_zero) silence(from);
    }

    /// Makes F(x) = 0 everywhere, and x = 0 in places.
    void silence(const at::Generator& from) {
        for (const auto& item : block->named_parameters()) {
            if (item.key().starts_with("conv2") || item.key() == "bn2.bias") item.value().zero_();
        }
        // With fixed statistics, batch norm shifts the zeros of the convolution, so the mean is set to zero.
        for (const auto& item : block->named_buffers()) {
            if (item.key() == "bn2.running_mean") item.value().zero_();
        }
        x.mul_(uniform(x.sizes(), 0, 1, from) < 0.5);
    }

    double loss_of(const Tensor& y) const { return (y * dy).sum().item<double>(); }
};

/// The gradient with respect to a parameter of the block, which is given by its name.
const Tensor& gradient_of(const ResidualGradients& hand, const std::string& name) {
    const models::LayerGradients& layer =
        name.starts_with("conv1") || name.starts_with("bn1") ? hand.first : hand.second;
    const bool norm = name.starts_with("bn"), bias = name.ends_with("bias");
    if (norm) return bias ? layer.shift : layer.scale;
    return bias ? layer.bias : layer.weight;
}

void compare_with_autograd(const Trial& trial, const ResidualGradients& hand, Errors& errors) {
    const Tensor x = trial.x.clone().requires_grad_();
    const ResidualValues v = trial.block->values(x);
    const auto parameters = trial.block->named_parameters();
    std::vector<Tensor> inputs = {v.z3, v.z2, v.z1, x};
    for (const auto& item : parameters) inputs.push_back(item.value());
    const auto truth = torch::autograd::grad({(v.y * trial.dy).sum()}, inputs);
    const Tensor by_hand[] = {hand.z3, hand.z2, hand.z1, hand.x};
    const char* const names[] = {"dL/dz3", "dL/dz2", "dL/dz1", "dL/dx"};
    for (size_t i = 0; i < std::size(names); ++i) note(errors.autograd, names[i], relative_error(by_hand[i], truth[i]));

    for (size_t i = 0; i < parameters.size(); ++i) {
        note(errors.autograd, "dL/dW",
             relative_error(gradient_of(hand, parameters[i].key()), truth[std::size(names) + i]));
    }

    // The same through the autograd::Function, where autograd only passes the gradients on.
    const Tensor y = trial.block->forward_by_hand(x);
    std::vector<Tensor> ends(inputs.begin() + 3, inputs.end());
    const auto through = torch::autograd::grad({(y * trial.dy).sum()}, ends);
    for (size_t i = 0; i < ends.size(); ++i) {
        note(errors.autograd, "through the autograd::Function", relative_error(through[i], truth[3 + i]));
    }
}

/// The active units: a difference across a kink is no derivative.
Tensor pattern(const ResidualValues& v) {
    return at::cat({(v.z1 > 0).flatten(), (v.z3 > 0).flatten()});
}

/// Central differences of the loss along random directions of the variable of one gradient.
class Differences {
  public:
    Differences(const Trial& trial, const ResidualValues& values, Errors& errors, const at::Generator& from)
        : trial_(trial), values_(values), errors_(errors), from_(from) {}

    /// @param at    the variable; changed here and restored at the end
    /// @param loss  for the present value of `at`; nothing across a kink
    template <class Loss>
    void compare(const std::string& name, Tensor at, const Tensor& gradient, Loss loss) {
        constexpr int kDirections = 3;
        constexpr double kStep = 2e-4;
        const Tensor start = at.clone();
        for (int i = 0; i < kDirections; ++i) {
            const Tensor direction = normal(at.sizes(), from_);
            const auto moved = [&](double steps) {
                at.copy_(start + steps * kStep * direction);
                return loss();
            };
            const std::optional<double> a = moved(-2), b = moved(-1), c = moved(1), d = moved(2);
            if (!a || !b || !c || !d) continue;
            // Fourth order: with a batch norm over few values, two points are not accurate enough.
            const double slope = (8 * (*c - *b) - (*d - *a)) / (12 * kStep);
            const double scale = gradient.norm().item<double>() * direction.norm().item<double>();
            const double error = std::abs(slope - (gradient * direction).sum().item<double>());
            note(errors_.differences, name, scale == 0 ? error : error / scale);
        }
        at.copy_(start);
    }

    std::optional<double> of(const ResidualValues& now) const {
        if (!at::equal(pattern(now), pattern(values_))) return std::nullopt;
        return trial_.loss_of(now.y);
    }

  private:
    const Trial& trial_;
    const ResidualValues& values_;
    Errors& errors_;
    const at::Generator& from_;
};

void compare_with_differences(const Trial& trial, const ResidualGradients& hand, Errors& errors,
                              const at::Generator& from) {
    const at::NoGradGuard no_grad;
    const ResidualValues v = trial.block->values(trial.x);
    Differences differences(trial, v, errors, from);
    const auto whole = [&] { return differences.of(trial.block->values(trial.x)); };
    differences.compare("dL/dx", trial.x, hand.x, whole);
    Tensor z3 = v.z3.clone();
    const auto from_sum = [&](const Tensor& sum) -> std::optional<double> {
        if (!at::equal(sum > 0, v.z3 > 0)) return std::nullopt;
        return trial.loss_of(sum.relu());
    };
    differences.compare("dL/dz3", z3, hand.z3, [&] { return from_sum(z3); });
    Tensor z2 = v.z2.clone();
    differences.compare("dL/dz2", z2, hand.z2, [&] { return from_sum(z2 + trial.x); });
    Tensor z1 = v.z1.clone();
    const auto from_first = [&]() -> std::optional<double> {
        const ResidualValues now = trial.block->values_from(z1, trial.x);
        if (!at::equal(now.z3 > 0, v.z3 > 0)) return std::nullopt;
        return trial.loss_of(now.y);
    };
    differences.compare("dL/dz1", z1, hand.z1, from_first);
    for (const auto& item : trial.block->named_parameters()) {
        differences.compare("dL/dW", item.value(), gradient_of(hand, item.key()), whole);
    }
    ++errors.difference_trials;
}

Errors compare_gradients(const ResidualBlockOptions& options) {
    Errors errors;
    core::Phase phase("gradients", options.trials, "blocks");
    for (int64_t number = 0; number < options.trials; ++number) {
        core::throw_if_interrupted();
        const Trial trial(options.seed, static_cast<uint64_t>(number));
        const ResidualValues values = [&] {
            const at::NoGradGuard no_grad;
            return trial.block->values(trial.x);
        }();
        const ResidualGradients hand = trial.block->gradients(trial.x, values, trial.dy);
        errors.zeros += (values.z3 == 0).sum().item<int64_t>();
        compare_with_autograd(trial, hand, errors);
        if (!trial.touches_zero) {
            compare_with_differences(trial, hand, errors, generator(options.seed, {4, static_cast<uint64_t>(number)}));
        }
        ++errors.trials;
        phase.advance();
    }
    return errors;
}

void tell_gradients(Findings& findings, const Errors& errors) {
    constexpr double kAutograd = 1e-10, kDifferences = 1e-6;
    findings.parts.push_back(Heading{"The gradients"});
    findings.parts.push_back(Text{
        fmt::format("{} blocks with random shapes, dense and of 3×3 convolutions, with and without batch norm, its "
                    "statistics the batch's or fixed; {} values of z3 were exactly 0, where the derivative is taken to "
                    "be 0. Errors are the largest of all blocks: against autograd on the scale of each gradient's "
                    "largest entry; against central differences along random directions, in the {} blocks without such "
                    "zeros and where no unit switched, on the scale of the gradient's length times the direction's.",
                    errors.trials, errors.zeros, errors.difference_trials)});
    for (const auto& [name, error] : errors.autograd) {
        findings.checks.push_back({name + ", by hand against autograd", error, kAutograd, "relative"});
    }
    for (const auto& [name, error] : errors.differences) {
        findings.checks.push_back({name + ", by hand against central differences", error, kDifferences, "relative"});
    }
    double worst = 0;
    for (const auto& [name, error] : errors.autograd) worst = worse(worst, error);
    findings.claims.push_back(
        {"The derived equations give the gradients of a residual block",
         fmt::format("largest relative difference to autograd {:.1e} over {} blocks", worst, errors.trials),
         holds(findings.passed() && !errors.autograd.empty())});
}

/// A stack whose gradient is measured.
struct Stack {
    const char* name;
    bool skip;
    bool norm;
    double gain;  ///< factor on the initial weights of He et al. 2015
};

constexpr Stack kStacks[] = {{"plain, weights × 0.5", false, false, 0.5}, {"residual, weights × 0.5", true, false, 0.5},
                             {"plain, He's weights", false, false, 1},    {"residual, He's weights", true, false, 1},
                             {"plain, batch norm", false, true, 1},       {"residual, batch norm", true, true, 1}};

/// Natural logarithm of |dL/dx| at the input over |dL/dy| at the output, for a random dL/dy.
double log_gain(const Stack& stack, const ResidualBlockOptions& o, int64_t depth, uint64_t repeat) {
    const auto key = static_cast<uint64_t>(depth);
    seed_modules(o.seed, {5, key, repeat});
    const at::Generator from = generator(o.seed, {6, key, repeat});
    const Tensor x = normal({o.batch, o.width, 1, 1}, from).relu_().requires_grad_();
    Tensor y = x;
    for (int64_t i = 0; i < depth; ++i) {
        ResidualBlock block({.in = o.width, .width = o.width, .kernel = 1, .batch_norm = stack.norm});
        block.to(at::kDouble);
        {
            const at::NoGradGuard no_grad;
            for (const auto& item : block.named_parameters()) {
                if (item.value().dim() == 4) item.value().mul_(stack.gain);
            }
        }
        const ResidualValues values = block.values(y);
        y = stack.skip ? values.y : values.z2.relu();
    }
    const Tensor dy = normal(y.sizes(), from);
    const Tensor dx = torch::autograd::grad({(y * dy).sum()}, {x})[0];
    // A dead stack has no gradient at all; a tiny number replaces it.
    constexpr double kTiny = 1e-300;
    return std::log(std::max(dx.norm().item<double>(), kTiny) / dy.norm().item<double>());
}

/// Logarithm of the factor by which the gradient changes per block of the deepest stack, over the repeats.
evaluation::Interval per_block(const std::vector<double>& logs, int64_t depth, double confidence) {
    std::vector<double> each;
    for (const double log : logs) each.push_back(log / static_cast<double>(depth));
    return evaluation::student_interval(each, confidence);
}

void tell_depth(Findings& findings, const ResidualBlockOptions& options) {
    core::Phase phase("depth", static_cast<int64_t>(std::size(kStacks) * options.depths.size()), "stacks");
    evaluation::Chart chart{.title = "Gradient on its way back through a stack",
                            .x_label = "blocks",
                            .y_label = "|dL/dx| / |dL/dy|",
                            .log_x = true,
                            .log_y = true};
    std::vector<evaluation::Interval> factors;
    for (const Stack& stack : kStacks) {
        evaluation::Series series{.name = stack.name,
                                  .mark = stack.skip ? evaluation::Mark::kLine : evaluation::Mark::kDashes,
                                  .colour = static_cast<int>(&stack - kStacks) / 2};
        for (const int64_t depth : options.depths) {
            core::throw_if_interrupted();
            std::vector<double> logs;
            for (int64_t r = 0; r < options.repeats; ++r) {
                logs.push_back(log_gain(stack, options, depth, static_cast<uint64_t>(r)));
            }
            const evaluation::Interval mean = evaluation::student_interval(logs, options.confidence);
            series.x.push_back(static_cast<double>(depth));
            series.y.push_back(std::exp(mean.mean));
            series.low.push_back(std::exp(mean.low()));
            series.high.push_back(std::exp(mean.high()));
            if (depth == options.depths.back()) factors.push_back(per_block(logs, depth, options.confidence));
            phase.advance();
        }
        chart.series.push_back(std::move(series));
        const evaluation::Interval& f = factors.back();
        findings.figures.push_back({fmt::format("logarithm of the gradient's change a block, {} blocks: {}",
                                                options.depths.back(), stack.name),
                                    f.mean, "", f});
    }
    findings.parts.push_back(Heading{"What the \"1 +\" buys"});
    findings.parts.push_back(
        Text{fmt::format("Stacks of dense blocks, {} units wide, with random weights: the norm of the gradient at the "
                         "input over that at the output, geometric mean of {} draws with {:g} % intervals. A plain "
                         "block is the same two layers without the skip; small weights are half of He's.",
                         options.width, options.repeats, 100 * options.confidence)});
    findings.parts.push_back(
        Picture{"gradient_against_depth", "Gradient at the input against depth; dashed: without the skip.", chart});
    const auto factor = [](const evaluation::Interval& log) {
        return fmt::format("{:.3g} ({:.3g} to {:.3g})", std::exp(log.mean), std::exp(log.low()), std::exp(log.high()));
    };
    findings.claims.push_back({"Without the skip, small weights make the gradient vanish with depth",
                               "factor a block " + factor(factors[0]), is_below(factors[0], 0)});
    // Over the whole deepest stack: a factor that looks like 1 per block may be far from 1 in total.
    const auto depth = static_cast<double>(options.depths.back());
    const auto whole = [&](size_t i) {
        return evaluation::Interval{factors[i].mean * depth, factors[i].half_width * depth};
    };
    const auto through = [&](size_t i) {
        return fmt::format("{} times what it was, behind {} blocks", factor(whole(i)), options.depths.back());
    };
    constexpr double kTenth = 0.1;
    findings.claims.push_back(
        {"With the skip, a tenth of the gradient at least reaches the input of the deepest stack where weights are "
         "small",
         through(1) + ", and " + through(0) + " without the skip", is_above(whole(1), std::log(kTenth))});
    findings.claims.push_back({"The skip alone keeps the gradient's size within a factor of ten, with He's weights",
                               through(3),
                               is_below({std::abs(whole(3).mean), whole(3).half_width}, -std::log(kTenth))});
    findings.claims.push_back(
        {"With batch norm inside F, the gradient grows less through the deepest residual stack than with He's weights "
         "alone",
         through(5) + ", against " + factor(whole(3)) + " times",
         is_above({factors[3].mean - factors[5].mean, factors[3].half_width + factors[5].half_width}, 0)});
}

}  // namespace

void ResidualBlockOptions::describe(core::config::Description<ResidualBlockOptions>& d) {
    describe_common(d);
    d.field("trials", &ResidualBlockOptions::trials, "Number of random blocks whose gradients are compared")
        .at_least(24)
        .at_most(100'000);
    d.field("depths", &ResidualBlockOptions::depths, "Numbers of blocks in the stacks to compare, ascending")
        .at_least(1)
        .at_most(1024)
        .unit("blocks");
    d.field("width", &ResidualBlockOptions::width, "Width of the stacks").at_least(2).at_most(4096).unit("units");
    d.field("batch", &ResidualBlockOptions::batch, "Number of inputs over which the norm of a gradient is taken")
        .at_least(2)
        .at_most(4096);
    d.field("repeats", &ResidualBlockOptions::repeats,
            "Number of times that each stack gets new random weights. More make the intervals narrower")
        .at_least(2)
        .at_most(1000);
    d.field("confidence", &ResidualBlockOptions::confidence,
            "Confidence of the intervals. A higher value makes them wider")
        .greater_than(0)
        .less_than(1);
    d.check([](const ResidualBlockOptions& o, core::config::Problems& problems) {
        require_ascending("depths", o.depths, problems);
    });
}

Findings study_residual_block(const ResidualBlockOptions& options) {
    Findings findings{
        .name = "residual_block",
        .title = "Forward and backward through a residual block",
        .question =
            "Input x, first layer z1, second layer z2 = F(x), sum z3 = z2 + x, output y = ReLU(z3): are the gradients "
            "that the chain rule gives by hand right, and what does the \"1 +\" in dL/dx = dL/dz3 · (1 + dF/dx) buy?"};
    tell_gradients(findings, compare_gradients(options));
    tell_depth(findings, options);
    return findings;
}

}  // namespace kaziranga::studies
