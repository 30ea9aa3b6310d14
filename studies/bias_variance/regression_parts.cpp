#include "studies/bias_variance/regression_parts.hpp"

#include "core/progress.hpp"
#include "studies/bias_variance/decomposition.hpp"
#include "studies/bias_variance/learners.hpp"
#include "studies/bias_variance/line_fit.hpp"
#include "studies/bias_variance/trend.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <ATen/ops/arange.h>
#include <ATen/ops/stack.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using evaluation::Interval;
using evaluation::Series;

constexpr int64_t kPlaces = 200;
/// Confidence of checks: one of ten thousand fails by chance.
constexpr double kAlmostSure = 0.9999;

/// The known function, on [0, 1]; odd about 1/2.
double truth_at(double x) {
    constexpr double kTurn = 2 * std::numbers::pi;
    return std::sin(kTurn * x) + 0.5 * std::sin(3 * kTurn * x);
}

Tensor truth_of(const Tensor& x) {
    constexpr double kTurn = 2 * std::numbers::pi;
    return (kTurn * x).sin() + 0.5 * (3 * kTurn * x).sin();
}

/// Data that all settings share, so that random draws do not make them differ: training sets (small ones are the first
/// points of large ones), places of testing, and the labels there.
struct Draws {
    Tensor x, t;           ///< [R, most points, 1]
    Tensor places, truth;  ///< [kPlaces, 1], [kPlaces]
    Tensor labels;         ///< [R, kPlaces], fresh
    Tensor repeated;       ///< [2, M], pairs of labels of the same places
};

Draws draw(const BiasVarianceOptions& o) {
    const at::Generator from = generator(o.seed, {50});
    const int64_t most = std::max(o.points, o.sizes.back());
    Draws draws;
    draws.x = uniform({o.learners, most, 1}, 0, 1, from);
    draws.t = truth_of(draws.x) + o.noise * normal(draws.x.sizes(), from);
    draws.places = (at::arange(kPlaces, at::kDouble) + 0.5).div(kPlaces).unsqueeze(1);
    draws.truth = truth_of(draws.places).flatten();
    const auto labels = [&](int64_t rows) { return draws.truth + o.noise * normal({rows, kPlaces}, from); };
    draws.labels = labels(o.learners);
    constexpr int64_t kRepeats = 100;
    draws.repeated = at::stack({labels(kRepeats).flatten(), labels(kRepeats).flatten()});
    return draws;
}

/// One setting of a sweep.
struct Setting {
    double value = 0;  ///< of the varied quantity
    NetworkShape shape;
    double weight_decay = 0;
    int64_t points = 0;
};

struct Measured {
    Setting setting;
    Convergence convergence;
    SquaredParts parts;
    double training_error = 0;
    Tensor gap;  ///< [R], error on fresh labels minus the training error
};

Measured measure(const BiasVarianceOptions& o, const Draws& draws, const Setting& setting) {
    const NetworkShape& shape = setting.shape;
    Learners learners(
        o.learners, shape,
        generator(o.seed, {51, static_cast<uint64_t>(shape.hidden_layers), static_cast<uint64_t>(shape.width)}));
    const Tensor x = draws.x.narrow(1, 0, setting.points).contiguous(),
                 t = draws.t.narrow(1, 0, setting.points).contiguous();
    Measured m{.setting = setting};
    m.convergence = learners.train(x, t, {.weight_decay = setting.weight_decay, .steps = o.steps});
    const Tensor predictions = learners.predict(draws.places).squeeze(2);
    const Tensor training = (learners.predict(x) - t).square().mean({1, 2});
    m.parts = squared_parts(predictions, draws.truth, draws.labels, draws.repeated);
    m.training_error = training.mean().item<double>();
    m.gap = (predictions - draws.labels).square().mean(1) - training;
    return m;
}

/// A varied quantity and its settings.
struct Sweep {
    std::string name, x_label;
    std::string of;  ///< "networks with {:g} hidden layers"
    bool log_x = false;
    std::vector<Setting> settings;
};

std::vector<Sweep> sweeps_of(const BiasVarianceOptions& o) {
    Sweep depth{.name = "depth", .x_label = "hidden layers", .of = "networks with {:g} hidden layers"};
    Sweep width{.name = "width", .x_label = "units a layer", .of = "networks with {:g} units a layer", .log_x = true};
    Sweep size{.name = "training_set", .x_label = "training points", .of = "networks of {:g} points", .log_x = true};
    Sweep decay{.name = "weight_decay",
                .x_label = "weight decay",
                .of = "networks with a weight decay of {:g}",
                .log_x = o.weight_decays.front() > 0};
    const auto add = [&](Sweep& sweep, const auto& values, auto change) {
        for (const auto value : values) {
            Setting setting{.value = static_cast<double>(value),
                            .shape = {.hidden_layers = o.hidden_layers, .width = o.width},
                            .weight_decay = o.weight_decay,
                            .points = o.points};
            change(setting, value);
            sweep.settings.push_back(setting);
        }
    };
    add(depth, o.depths, [](Setting& s, int64_t n) { s.shape.hidden_layers = n; });
    add(width, o.widths, [](Setting& s, int64_t n) { s.shape.width = n; });
    add(size, o.sizes, [](Setting& s, int64_t n) { s.points = n; });
    add(decay, o.weight_decays, [](Setting& s, double rate) { s.weight_decay = rate; });
    return {depth, width, size, decay};
}

std::vector<std::string> untrained(const Sweep& sweep, const std::vector<Measured>& all, int64_t steps) {
    std::vector<std::string> sentences;
    for (const Measured& m : all) {
        if (m.convergence.complete()) continue;
        sentences.push_back(
            short_of_minimum(m.convergence, fmt::format(fmt::runtime(sweep.of), m.setting.value), steps));
    }
    return sentences;
}

Course course_of(const std::vector<Measured>& all, Estimate SquaredParts::* part,
                 const std::vector<std::string>& reasons, double confidence) {
    Course course{.untrained = reasons};
    std::vector<Estimate> parts;
    for (const Measured& m : all) {
        course.values.push_back(m.setting.value);
        parts.push_back(m.parts.*part);
        course.means.push_back(parts.back().value);
    }
    course.change = [parts, confidence](size_t later, size_t earlier) {
        return (parts[later] - parts[earlier]).interval(confidence);
    };
    return course;
}

/// The distance of a value from its expected value, in half widths of its interval.
double distance(const Interval& interval, double truth) {
    return std::abs(interval.mean - truth) / interval.half_width;
}

void check_sum(Findings& findings, const Sweep& sweep, const std::vector<Measured>& all) {
    double worst = 0;
    for (const Measured& m : all) worst = worse(worst, distance(m.parts.gap(kAlmostSure), 0));
    findings.checks.push_back({"bias² + variance + noise against the measured error, sweep over " + sweep.name, worst,
                               1, "of the 99.99 % interval"});
}

/// A network without hidden layers is a line, whose bias and variance are known.
void check_line(Findings& findings, const BiasVarianceOptions& o, const Measured& m) {
    if (m.setting.shape.hidden_layers != 0 || m.setting.points < kLeastPoints) return;
    const ExpectedLine line = expected_line(
        {.truth = truth_at, .points = o.points, .noise = o.noise, .weight_decay = m.setting.weight_decay}, kPlaces);
    const auto check = [&](const std::string& what, const Interval& measured, double truth) {
        findings.checks.push_back(
            {fmt::format("{} without hidden layers, {:.4f}, against that of least squares, {:.4f}", what, measured.mean,
                         truth),
             distance(measured, truth), 1, "of the 99.99 % interval"});
    };
    // The mean line is close to the best of all lines, where bias² is flat. The error of its estimate is therefore of
    // second order, and the jackknife does not detect it. It is the square of a mean deviation, on the scale of
    // variance / learners.
    constexpr double kSquareOfNormal = 15.1;  // exceeded once in 10,000
    Interval bias2 = m.parts.bias2.interval(kAlmostSure);
    bias2.half_width += kSquareOfNormal * line.variance / static_cast<double>(o.learners);
    check("bias²", bias2, line.bias2);
    check("variance", m.parts.variance.interval(kAlmostSure), line.variance);
}

void draw_sweep(Findings& findings, const Sweep& sweep, const std::vector<Measured>& all, double confidence) {
    Series bias{.name = "bias²"}, variance{.name = "variance"}, noise{.name = "noise"},
        error{.name = "measured error", .mark = evaluation::Mark::kPoints};
    Series training{.name = "training error", .mark = evaluation::Mark::kDashes};
    Grid grid{{{sweep.x_label, "at a minimum", "iterations: median", "most", "largest gradient", "bias²", "variance",
                "carried by 1/20 of the networks"}}};
    for (const Measured& m : all) {
        const double value = m.setting.value;
        bias.add(value, m.parts.bias2.interval(confidence));
        variance.add(value, m.parts.variance.interval(confidence));
        noise.add(value, m.parts.noise_interval(confidence));
        error.add(value, m.parts.error.interval(confidence));
        training.add(value, m.training_error);
        const Convergence& c = m.convergence;
        grid.rows.push_back({fmt::format("{:g}", value), fmt::format("{} of {}", c.converged, c.learners),
                             fmt::format("{:g}", c.median_iterations), fmt::format("{}", c.most_iterations),
                             fmt::format("{:.1e}", c.largest_gradient), fmt::format("{:.4f}", m.parts.bias2.value),
                             fmt::format("{:.4f}", m.parts.variance.value),
                             fmt::format("{:.0f} %", 100 * m.parts.farthest_share)});
    }
    findings.parts.push_back(
        Picture{"regression_" + sweep.name,
                fmt::format("Parts of the squared error against {}. Bands and bars: {:g} % over training sets and "
                            "starting weights, by jackknife; of the noise over pairs of labels.",
                            sweep.x_label, 100 * confidence),
                evaluation::Chart{.title = "Regression: " + sweep.x_label,
                                  .x_label = sweep.x_label,
                                  .y_label = "squared error",
                                  .log_x = sweep.log_x,
                                  .log_y = true,
                                  .series = {bias, variance, noise, error, training}}});
    findings.parts.push_back(grid);
}

/// A gap between test and training error alone is not over-fitting: it also grows while both errors fall.
void tell_gap(Findings& findings, const std::vector<Measured>& by_depth, double confidence) {
    for (const Measured* m : {&by_depth.front(), &by_depth.back()}) {
        const Interval gap = evaluation::student_interval(values_of(m->gap), confidence);
        findings.figures.push_back(
            {fmt::format("regression: test error above training error, {:g} hidden layers", m->setting.value), gap.mean,
             "", gap});
    }
}

void tell_sweep(Findings& findings, const BiasVarianceOptions& o, const Sweep& sweep,
                const std::vector<Measured>& all) {
    draw_sweep(findings, sweep, all, o.confidence);
    check_sum(findings, sweep, all);
    const std::vector<std::string> reasons = untrained(sweep, all, o.steps);
    const auto claim = [&](const std::string& text, Estimate SquaredParts::* part, bool falls) {
        findings.claims.push_back(
            trend(text, course_of(all, part, reasons, o.confidence_of_a_claim()), falls, o.confidence_of_a_claim()));
    };
    if (sweep.name == "depth") {
        check_line(findings, o, all.front());
        claim("With more hidden layers, bias falls (regression)", &SquaredParts::bias2, true);
        claim("With more hidden layers, variance rises (regression)", &SquaredParts::variance, false);
        claim("Deeper networks over-fit: with more hidden layers, the error on new labels rises (regression)",
              &SquaredParts::error, false);
        tell_gap(findings, all, o.confidence);
    } else if (sweep.name == "width") {
        claim("With wider layers, variance rises", &SquaredParts::variance, false);
    } else if (sweep.name == "training_set") {
        claim("With more training points, variance falls", &SquaredParts::variance, true);
    } else {
        claim("With more weight decay, bias rises", &SquaredParts::bias2, false);
    }
}

std::string introduction(const BiasVarianceOptions& o) {
    return fmt::format(
        "sin 2πx + ½ sin 6πx on [0, 1] with noise of deviation {:g}; {} networks of tanh units on as many training "
        "sets of {} points, {} hidden layers of {} units and a weight decay of {:g} where nothing else is said. Each "
        "minimises the mean squared error of its points plus weight decay times the sum of its squared parameters (the "
        "last bias apart), until the gradient is no longer than {:g}, or {} steps are used up; no claim is judged that "
        "rests on a setting where some network did not come so far. All settings have the same training sets, of which "
        "small ones are the first points, so that differences are paired. Variance is over training sets and starting "
        "weights: different starts end in different minima.",
        o.noise, o.learners, o.points, o.hidden_layers, o.width, o.weight_decay, LearnerOptions{}.tolerance, o.steps);
}

constexpr const char* kWhatTheSumSays =
    "Bias² and variance come from the same predictions and add up to their squared distance from the truth by "
    "arithmetic. That they and the noise are the error on fresh labels checks the labels, that their noise is "
    "independent of the networks, and the bookkeeping; not that the networks are trained, nor that bias and variance "
    "are told apart. The first is what the gradients are for. For the second there is the network without hidden "
    "layers: it is a straight line fitted by least squares, whose bias² and variance are known by a quadrature.";

constexpr const char* kWithoutDecay =
    "Without any weight decay a network that can pass through every point has no minimum to come to: the error falls "
    "as long as the weights grow. Its predictions between the points then reach so far that the mean over networks "
    "says little. The last column tells of such tails. Of predictions scattered normally, a twentieth of the networks "
    "carries from 28 % of the variance, where all differ in one direction, down to 5 %, where they differ in many.";

}  // namespace

void tell_regression(Findings& findings, const BiasVarianceOptions& o) {
    findings.parts.push_back(Heading{"Regression on a known function"});
    for (const std::string& text : {introduction(o), std::string(kWhatTheSumSays), std::string(kWithoutDecay)}) {
        findings.parts.push_back(Text{text});
    }
    const std::vector<Sweep> sweeps = sweeps_of(o);
    int64_t total = 0;
    for (const Sweep& sweep : sweeps) total += static_cast<int64_t>(sweep.settings.size());
    core::Phase phase("regression", total, "settings");
    const Draws draws = draw(o);
    std::vector<Measured> known;  // the usual setting is part of every sweep
    for (const Sweep& sweep : sweeps) {
        std::vector<Measured> all;
        for (const Setting& setting : sweep.settings) {
            const auto same = std::ranges::find_if(known, [&](const Measured& m) {
                return m.setting.shape == setting.shape && m.setting.points == setting.points &&
                       m.setting.weight_decay == setting.weight_decay;
            });
            if (same == known.end()) {
                all.push_back(measure(o, draws, setting));
                known.push_back(all.back());
            } else {
                all.push_back(*same);
                all.back().setting = setting;
            }
            phase.advance();
        }
        tell_sweep(findings, o, sweep, all);
    }
    std::vector<Convergence> trained;
    for (const Measured& m : known) trained.push_back(m.convergence);
    tell_convergence(findings, "regression", trained);
}

}  // namespace kaziranga::studies
