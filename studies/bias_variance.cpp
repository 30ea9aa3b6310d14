#include "studies/bias_variance.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "studies/compare.hpp"
#include "studies/decomposition.hpp"
#include "studies/draws.hpp"
#include "studies/learners.hpp"
#include "studies/park_features.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using core::config::Numbers;
using evaluation::Interval;
using evaluation::Series;

/// The known function, on [0, 1].
Tensor truth_of(const Tensor& x) {
    constexpr double kTurn = 2 * std::numbers::pi;
    return (kTurn * x).sin() + 0.5 * (3 * kTurn * x).sin();
}

/// One setting of a sweep.
struct Setting {
    double value = 0;  ///< of what is varied
    LearnerOptions learner;
    int64_t points = 0;
};

struct Measured {
    double value = 0;
    SquaredParts parts;
    Interval check;  ///< of the same gap as parts.gap, so wide that one in 10,000 lies outside
    double training_error = 0;
    Interval overfitting;  ///< error on fresh labels above the training error, over learners
};

Measured measure(const BiasVarianceOptions& o, const Setting& setting, uint64_t sweep) {
    const auto key = static_cast<uint64_t>(std::llround(1000 * setting.value));
    const at::Generator from = generator(o.seed, {50, sweep, key});
    const int64_t count = o.learners;
    constexpr int64_t kPlaces = 200;
    const Tensor x = uniform({count, setting.points, 1}, 0, 1, from);
    const Tensor t = truth_of(x) + o.noise * normal(x.sizes(), from);
    // The same places for every setting, so that they do not differ by their draw.
    const Tensor places = (at::arange(kPlaces, at::kDouble) + 0.5).div(kPlaces).unsqueeze(1),
                 truth = truth_of(places).flatten();
    const auto labels_for = [&](int64_t rows) { return truth + o.noise * normal({rows, kPlaces}, from); };

    Learners learners(count, 1, 1, setting.learner, from);
    const Tensor x32 = x.to(at::kFloat), t32 = t.to(at::kFloat);
    const auto loss = [&](const Tensor& y) { return (y - t32).square().mean({1, 2}).sum(); };
    learners.train(x32, loss);
    const at::NoGradGuard no_grad;
    const Tensor predictions = learners.predict(places.to(at::kFloat)).squeeze(2).to(at::kDouble);
    constexpr int64_t kRepeats = 100;
    const Tensor repeated = at::stack({labels_for(kRepeats).flatten(), labels_for(kRepeats).flatten()});
    const Tensor labels = labels_for(count);
    const Tensor training = (learners.predict(x32) - t32).square().mean({1, 2}).to(at::kDouble);
    const Tensor above = (predictions - labels).square().mean(1) - training;
    constexpr double kAlmostSure = 0.9999;
    return {.value = setting.value,
            .parts = squared_parts(predictions, truth, labels, repeated, o.confidence),
            .check = squared_parts(predictions, truth, labels, repeated, kAlmostSure).gap,
            .training_error = training.mean().item<double>(),
            .overfitting = evaluation::student_interval(values_of(above), o.confidence)};
}

/// What is varied, and over what.
struct Sweep {
    std::string name, x_label;
    bool log_x = false;
    std::vector<Setting> settings;
};

std::vector<Sweep> sweeps_of(const BiasVarianceOptions& o) {
    const LearnerOptions usual{.hidden_layers = o.hidden_layers, .width = o.width, .steps = o.steps};
    Sweep depth{.name = "depth", .x_label = "hidden layers"},
        width{.name = "width", .x_label = "units a layer", .log_x = true};
    Sweep size{.name = "training_set", .x_label = "training points", .log_x = true},
        decay{.name = "weight_decay", .x_label = "weight decay"};
    const auto add = [&](Sweep& sweep, const auto& values, auto change) {
        for (const auto value : values) {
            Setting setting{.value = static_cast<double>(value), .learner = usual, .points = o.points};
            change(setting, value);
            sweep.settings.push_back(setting);
        }
    };
    add(depth, o.depths, [](Setting& s, int64_t n) { s.learner.hidden_layers = n; });
    add(width, o.widths, [](Setting& s, int64_t n) { s.learner.width = n; });
    add(size, o.sizes, [](Setting& s, int64_t n) { s.points = n; });
    add(decay, o.weight_decays, [](Setting& s, double rate) { s.learner.weight_decay = rate; });
    return {depth, width, size, decay};
}

/// A part of the error over a sweep.
struct Course {
    std::vector<double> values;  ///< of what is varied
    std::vector<double> means;
    std::function<Interval(size_t later, size_t earlier)> change;
};

/// Whether a part goes one way over a whole sweep: first against last, and step by step. Refuted by a single step that
/// goes the other way, at a confidence that allows for their number; what does not show it is named.
Claim trend(const std::string& text, const Course& course, bool falls, double confidence) {
    const size_t last = course.values.size() - 1;
    const double wider = evaluation::normal_quantile(1 - (1 - confidence) / 2 / static_cast<double>(last)) /
                         evaluation::normal_quantile((1 + confidence) / 2);
    const auto verdict_of = [&](Interval change) { return falls ? is_below(change, 0) : is_above(change, 0); };
    Verdict verdict = verdict_of(course.change(last, 0));
    std::vector<std::string> exceptions;
    for (size_t i = 1; i <= last; ++i) {
        Interval change = course.change(i, i - 1);
        change.half_width *= wider;
        const Verdict step = verdict_of(change);
        if (step == Verdict::kSupported) continue;
        if (step == Verdict::kNotSupported) verdict = Verdict::kNotSupported;
        exceptions.push_back(fmt::format("from {:g} to {:g} ({})", course.values[i - 1], course.values[i],
                                         step == Verdict::kNotSupported ? "the other way" : "undecided"));
    }
    const std::string way = falls ? "falls" : "rises", named = core::join(exceptions, ", ");
    const std::string steps = exceptions.empty()          ? "it " + way + " at every step"
                              : exceptions.size() == last ? "no single step shows that it " + way + ": " + named
                                                          : "it " + way + " at every step but " + named;
    return {text,
            fmt::format("{:.3g} at {:g}, {:.3g} at {:g}; {}", course.means.front(), course.values.front(),
                        course.means.back(), course.values.back(), steps),
            verdict};
}

/// Of settings that were measured on draws of their own.
Course course_of(const std::vector<Measured>& all, Interval SquaredParts::*part) {
    Course course;
    std::vector<Interval> parts;
    for (const Measured& m : all) {
        course.values.push_back(m.value);
        course.means.push_back((m.parts.*part).mean);
        parts.push_back(m.parts.*part);
    }
    course.change = [parts](size_t later, size_t earlier) {
        return evaluation::difference(parts[later], parts[earlier]);
    };
    return course;
}

/// Of settings that were measured on the same test images.
Course course_of(const std::vector<double>& values, const std::vector<ZeroOneParts>& all, Tensor ZeroOneParts::*part,
                 double confidence) {
    Course course{.values = values};
    std::vector<Tensor> places;
    for (const ZeroOneParts& parts : all) {
        places.push_back(parts.*part);
        course.means.push_back(places.back().mean().item<double>());
    }
    course.change = [places, confidence](size_t later, size_t earlier) {
        return over_places(places[later] - places[earlier], confidence);
    };
    return course;
}

void check_sum(Findings& findings, const Sweep& sweep, const std::vector<Measured>& all) {
    double worst = 0;
    for (const Measured& m : all) worst = worse(worst, std::abs(m.check.mean) / m.check.half_width);
    findings.checks.push_back({"bias² + variance + noise against the measured error, sweep over " + sweep.name, worst,
                               1, "of the 99.99 % interval"});
}

void draw_sweep(Findings& findings, const Sweep& sweep, const std::vector<Measured>& all) {
    Series bias{.name = "bias²"}, variance{.name = "variance"}, noise{.name = "noise"},
        error{.name = "measured error", .mark = evaluation::Mark::kPoints};
    Series training{.name = "training error", .mark = evaluation::Mark::kDashes};
    for (const Measured& m : all) {
        bias.add(m.value, m.parts.bias2);
        variance.add(m.value, m.parts.variance);
        noise.add(m.value, m.parts.noise);
        error.add(m.value, m.parts.error);
        training.add(m.value, m.training_error);
    }
    findings.parts.push_back(Picture{"regression_" + sweep.name,
                                     "Parts of the squared error against " + sweep.x_label + ".",
                                     evaluation::Chart{.title = "Regression: " + sweep.x_label,
                                                       .x_label = sweep.x_label,
                                                       .y_label = "squared error",
                                                       .log_x = sweep.log_x,
                                                       .log_y = true,
                                                       .series = {bias, variance, noise, error, training}}});
}

void tell_overfitting(Findings& findings, const std::vector<Measured>& by_depth) {
    const Interval first = by_depth.front().overfitting, last = by_depth.back().overfitting;
    findings.claims.push_back(
        {"Deeper networks over-fit what they were trained on",
         fmt::format("test error above training error by {:.3g} with {:g} hidden layers, by {:.3g} with {:g}",
                     first.mean, by_depth.front().value, last.mean, by_depth.back().value),
         is_above(evaluation::difference(last, first), 0)});
}

void tell_regression(Findings& findings, const BiasVarianceOptions& o) {
    findings.parts.push_back(Heading{"Regression on a known function"});
    findings.parts.push_back(
        Text{fmt::format("sin 2πx + ½ sin 6πx on [0, 1] with noise of deviation {:g}; {} networks (tanh units, {} "
                         "steps of Adam) on as many "
                         "training sets of {} points, {} hidden layers of {} units where nothing else is said. Bias², "
                         "variance and noise are "
                         "estimated apart; their sum must be the error measured on fresh labels. Intervals of {:g} %.",
                         o.noise, o.learners, o.steps, o.points, o.hidden_layers, o.width, 100 * o.confidence)});
    const std::vector<Sweep> sweeps = sweeps_of(o);
    int64_t total = 0;
    for (const Sweep& sweep : sweeps) total += static_cast<int64_t>(sweep.settings.size());
    core::Phase phase("regression", total, "settings");
    for (size_t s = 0; s < sweeps.size(); ++s) {
        std::vector<Measured> all;
        for (const Setting& setting : sweeps[s].settings) {
            all.push_back(measure(o, setting, s));
            phase.advance();
        }
        draw_sweep(findings, sweeps[s], all);
        check_sum(findings, sweeps[s], all);
        const Course bias = course_of(all, &SquaredParts::bias2), variance = course_of(all, &SquaredParts::variance);
        if (sweeps[s].name == "depth") {
            findings.claims.push_back(
                trend("With more hidden layers, bias falls (regression)", bias, true, o.confidence));
            findings.claims.push_back(
                trend("With more hidden layers, variance rises (regression)", variance, false, o.confidence));
            tell_overfitting(findings, all);
        } else if (sweeps[s].name == "training_set") {
            findings.claims.push_back(trend("With more training points, variance falls", variance, true, o.confidence));
        } else if (sweeps[s].name == "weight_decay") {
            findings.claims.push_back(trend("With more weight decay, bias rises", bias, false, o.confidence));
        } else {
            findings.claims.push_back(trend("With wider layers, variance rises", variance, false, o.confidence));
        }
    }
}

/// Learners of a park's species, each trained on images of its own draw.
ZeroOneParts classify(const BiasVarianceOptions& o, const ParkFeatures& features, int64_t hidden_layers,
                      int64_t shots) {
    const at::Generator from =
        generator(o.seed, {52, static_cast<uint64_t>(hidden_layers), static_cast<uint64_t>(shots)});
    const int64_t learners = std::max<int64_t>(3, o.learners / 2), pool = features.pool_x.size(0) / o.species;
    std::vector<Tensor> rows;
    for (int64_t r = 0; r < learners; ++r) {
        std::vector<int64_t> drawn;
        for (int64_t k = 0; k < o.species; ++k) {
            const core::RandomStream stream(static_cast<uint64_t>(o.seed), core::Purpose::kStudy,
                                            {53, static_cast<uint64_t>(r), static_cast<uint64_t>(k)});
            const std::vector<int64_t> order = core::permutation(pool, stream);
            for (int64_t i = 0; i < shots; ++i) drawn.push_back(k * pool + order[static_cast<size_t>(i)]);
        }
        rows.push_back(at::tensor(drawn, at::kLong));
    }
    const Tensor index = at::stack(rows);  // [R, N]
    const Tensor x = features.pool_x.index_select(0, index.flatten()).view({learners, index.size(1), -1});
    const Tensor y = features.pool_y.index_select(0, index.flatten());
    constexpr int64_t kWidth = 64, kSteps = 150;
    Learners networks(learners, x.size(2), o.species,
                      {.hidden_layers = hidden_layers, .width = kWidth, .steps = kSteps}, from);
    networks.train(x, [&](const Tensor& logits) {
        return at::cross_entropy_loss(logits.flatten(0, 1), y) * static_cast<double>(learners);
    });
    const at::NoGradGuard no_grad;
    return zero_one_parts(networks.predict(features.test_x).argmax(2), features.test_y);
}

void draw_classification(Findings& findings, const std::string& name, const std::string& x_label,
                         const std::vector<double>& values, const std::vector<ZeroOneParts>& all, double confidence) {
    Series bias{.name = "bias"}, unbiased{.name = "unbiased variance"}, helpful{.name = "helpful variance"};
    Series error{.name = "error", .mark = evaluation::Mark::kPoints};
    for (size_t i = 0; i < all.size(); ++i) {
        bias.add(values[i], over_places(all[i].bias, confidence));
        unbiased.add(values[i], over_places(all[i].unbiased_variance, confidence));
        helpful.add(values[i], over_places(all[i].helpful_variance, confidence));
        error.add(values[i], over_places(all[i].error, confidence));
    }
    findings.parts.push_back(Picture{"classification_" + name,
                                     "Domingos' parts of the share of wrong classes against " + x_label + ".",
                                     evaluation::Chart{.title = "Classification: " + x_label,
                                                       .x_label = x_label,
                                                       .y_label = "share of test images",
                                                       .series = {bias, unbiased, helpful, error}}});
}

ParkFeatures features_of(const BiasVarianceOptions& o) {
    constexpr int64_t kDraws = 5;  // of the most images a species, so that draws differ
    return park_features({.species = o.species, .pool = kDraws * o.shots.back(), .weights = o.weights}, o.seed);
}

void tell_classification(Findings& findings, const BiasVarianceOptions& o, const ParkFeatures& features) {
    findings.parts.push_back(Heading{"Classification of a park's features"});
    findings.parts.push_back(Text{fmt::format(
        "{} made-up species, features of EfficientNet-Lite0 ({} weights), their {} leading principal axes; networks "
        "with 64 "
        "units a layer trained on draws of some images a species, tested on {} images. Domingos' parts: error = bias + "
        "unbiased variance - helpful variance.",
        o.species, o.weights, features.test_x.size(1), features.test_y.numel())});
    std::vector<double> depths, shots;
    std::vector<ZeroOneParts> by_depth, by_shots;
    constexpr int64_t kMostDepth = 4;
    const int64_t usual = o.shots[o.shots.size() / 2];
    core::Phase phase("classification", kMostDepth + static_cast<int64_t>(o.shots.size()), "settings");
    for (int64_t depth = 0; depth < kMostDepth; ++depth) {
        depths.push_back(static_cast<double>(depth));
        by_depth.push_back(classify(o, features, depth, usual));
        phase.advance();
    }
    for (const int64_t n : o.shots) {
        shots.push_back(static_cast<double>(n));
        by_shots.push_back(classify(o, features, 1, n));
        phase.advance();
    }
    draw_classification(findings, "depth", "hidden layers", depths, by_depth, o.confidence);
    draw_classification(findings, "shots", "training images a species", shots, by_shots, o.confidence);
    double worst = 0;
    for (const ZeroOneParts& p : by_depth) {
        const Tensor sum = p.bias + p.unbiased_variance - p.helpful_variance;
        worst = worse(worst, (p.error - sum).abs().max().item<double>());
    }
    const Course bias = course_of(depths, by_depth, &ZeroOneParts::bias, o.confidence);
    const Course variance = course_of(depths, by_depth, &ZeroOneParts::unbiased_variance, o.confidence);
    const Course by_images = course_of(shots, by_shots, &ZeroOneParts::unbiased_variance, o.confidence);
    findings.checks.push_back({"Domingos' parts against the share of wrong classes, worst image", worst, 1e-12, ""});
    findings.claims.push_back(trend("With more hidden layers, bias falls (classification)", bias, true, o.confidence));
    findings.claims.push_back(
        trend("With more hidden layers, variance rises (classification)", variance, false, o.confidence));
    findings.claims.push_back(trend("With more images a species, variance falls", by_images, true, o.confidence));
}

}  // namespace

void BiasVarianceOptions::describe(core::config::Description<BiasVarianceOptions>& d) {
    describe_common(d);
    d.field("learners", &BiasVarianceOptions::learners, "Training sets, each with a network of its own")
        .at_least(3)
        .at_most(10'000);
    d.field("depths", &BiasVarianceOptions::depths, "Sweep over hidden layers, ascending")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("widths", &BiasVarianceOptions::widths, "Sweep over units a layer, ascending")
        .at_least(1)
        .at_most(1024)
        .unit("units");
    d.field("sizes", &BiasVarianceOptions::sizes, "Sweep over training points, ascending")
        .at_least(2)
        .at_most(100'000)
        .unit("points");
    d.field("weight_decays", &BiasVarianceOptions::weight_decays, "Sweep over AdamW's weight decay, ascending")
        .at_least(0)
        .at_most(1000);
    d.field("hidden_layers", &BiasVarianceOptions::hidden_layers, "Where they are not swept")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("width", &BiasVarianceOptions::width, "Where it is not swept").at_least(1).at_most(1024).unit("units");
    d.field("points", &BiasVarianceOptions::points, "Where they are not swept").at_least(2).at_most(100'000);
    d.field("noise", &BiasVarianceOptions::noise, "Deviation of the labels from the function")
        .greater_than(0)
        .at_most(100);
    d.field("steps", &BiasVarianceOptions::steps, "Of training, for regression").at_least(1).at_most(1'000'000);
    d.field("species", &BiasVarianceOptions::species, "Of the park that is classified").at_least(2).at_most(1000);
    d.field("shots", &BiasVarianceOptions::shots, "Sweep over training images a species, ascending")
        .at_least(1)
        .at_most(1000)
        .unit("images");
    d.field("weights", &BiasVarianceOptions::weights,
            "Of the network that makes the features: pretrained, random or a file");
    d.field("confidence", &BiasVarianceOptions::confidence, "Of the intervals").greater_than(0).less_than(1);
    d.check([](const BiasVarianceOptions& o, core::config::Faults& faults) {
        const auto look = [&](const char* key, const auto& list) {
            if (list.size() == 1) faults.add(key, "nothing to compare", "give at least two");
            require_ascending(key, list, faults);
        };
        look("depths", o.depths);
        look("widths", o.widths);
        look("sizes", o.sizes);
        look("weight_decays", o.weight_decays);
        look("shots", o.shots);
    });
}

Findings study_bias_variance(const BiasVarianceOptions& options) {
    Findings findings{.name = "bias_variance",
                      .title = "Bias and variance",
                      .question =
                          "More hidden layers let a model express more: does bias fall and variance rise, and where "
                          "does that stop?"};
    const ParkFeatures features = features_of(options);  // first: its weights may not be there
    tell_regression(findings, options);
    tell_classification(findings, options, features);
    return findings;
}

}  // namespace kaziranga::studies
