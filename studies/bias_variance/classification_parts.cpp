#include "studies/bias_variance/classification_parts.hpp"

#include "core/progress.hpp"
#include "core/random.hpp"
#include "studies/bias_variance/decomposition.hpp"
#include "studies/bias_variance/learners.hpp"
#include "studies/bias_variance/trend.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using evaluation::Interval;
using evaluation::Series;

constexpr int64_t kWidth = 32;
constexpr int64_t kDepths = 4;       ///< 0 … 3 hidden layers
constexpr int64_t kUsualLayers = 1;  ///< depth for the sweep over training images

struct Setting {
    int64_t hidden_layers = 0, shots = 0;

    bool operator==(const Setting&) const = default;
};

struct Classified {
    Setting setting;
    Convergence convergence;
    ZeroOneParts parts;
    ZeroOneParts in_resamples;
};

int64_t learners_of(const BiasVarianceOptions& o) {
    return std::max<int64_t>(3, o.learners / 2);
}

/// Rows of the pool that each learner is trained on, [R, N]. Every setting has the same images; a smaller one has the
/// first of them.
Tensor training_rows(const BiasVarianceOptions& o, int64_t shots) {
    std::vector<Tensor> rows;
    for (int64_t r = 0; r < learners_of(o); ++r) {
        std::vector<int64_t> drawn;
        for (int64_t k = 0; k < o.species; ++k) {
            const core::RandomStream stream(static_cast<uint64_t>(o.seed), core::Purpose::kStudy,
                                            {53, static_cast<uint64_t>(r), static_cast<uint64_t>(k)});
            const std::vector<int64_t> order = core::permutation(o.pool, stream);
            for (int64_t i = 0; i < shots; ++i) drawn.push_back(k * o.pool + order[static_cast<size_t>(i)]);
        }
        rows.push_back(at::tensor(drawn, at::kLong));
    }
    return at::stack(rows);
}

Classified classify(const BiasVarianceOptions& o, const ParkFeatures& features, const Setting& setting,
                    const Resamples& resamples) {
    const Tensor index = training_rows(o, setting.shots);
    const int64_t learners = index.size(0);
    const Tensor x =
        features.pool_x.index_select(0, index.flatten()).to(at::kDouble).view({learners, index.size(1), -1});
    const Tensor y = features.pool_y.index_select(0, index.flatten()).view_as(index);
    const NetworkShape shape{
        .inputs = x.size(2), .outputs = o.species, .hidden_layers = setting.hidden_layers, .width = kWidth};
    Learners networks(learners, shape, generator(o.seed, {52, static_cast<uint64_t>(setting.hidden_layers)}));
    const Convergence convergence = networks.train(x, y, {.weight_decay = o.weight_decay, .steps = o.steps});
    const Tensor predictions = networks.predict(features.test_x.to(at::kDouble)).argmax(2);
    return {setting, convergence, zero_one_parts(predictions, features.test_y, o.species),
            resampled(predictions, features.test_y, o.species, resamples)};
}

/// Settings along one axis of a chart.
struct Sweep {
    std::string name, x_label;
    std::string of;              ///< "networks with {:g} hidden layers"
    std::vector<double> values;  ///< of the varied quantity
    std::vector<Classified> all;
    std::vector<std::string> untrained;

    void add(double value, const Classified& classified, int64_t steps) {
        values.push_back(value);
        all.push_back(classified);
        if (classified.convergence.complete()) return;
        untrained.push_back(short_of_minimum(classified.convergence, fmt::format(fmt::runtime(of), value), steps));
    }
};

/// @param factors  multiply each setting's part; empty for none
Course course_of(const Sweep& sweep, Tensor ZeroOneParts::* part, double confidence, std::vector<double> factors = {}) {
    Course course{.values = sweep.values, .untrained = sweep.untrained};
    factors.resize(sweep.all.size(), 1);
    std::vector<Tensor> in_resamples;
    for (size_t i = 0; i < sweep.all.size(); ++i) {
        course.means.push_back(factors[i] * (sweep.all[i].parts.*part).mean().item<double>());
        in_resamples.push_back(factors[i] * (sweep.all[i].in_resamples.*part));
    }
    course.change = [means = course.means, in_resamples, confidence](size_t later, size_t earlier) {
        return bootstrap_interval(means[later] - means[earlier], in_resamples[later] - in_resamples[earlier],
                                  confidence);
    };
    return course;
}

void draw_sweep(Findings& findings, const Sweep& sweep, double confidence) {
    Series bias{.name = "bias"}, unbiased{.name = "unbiased variance"}, helpful{.name = "helpful variance"};
    Series error{.name = "error", .mark = evaluation::Mark::kPoints};
    for (size_t i = 0; i < sweep.all.size(); ++i) {
        const Classified& c = sweep.all[i];
        for (const auto& [series, part] :
             {std::pair{&bias, &ZeroOneParts::bias}, std::pair{&unbiased, &ZeroOneParts::unbiased_variance},
              std::pair{&helpful, &ZeroOneParts::helpful_variance}, std::pair{&error, &ZeroOneParts::error}}) {
            series->add(sweep.values[i],
                        bootstrap_interval((c.parts.*part).mean().item<double>(), c.in_resamples.*part, confidence));
        }
    }
    findings.parts.push_back(Picture{"classification_" + sweep.name,
                                     fmt::format("Domingos' parts of the share of wrong classes against {}. Bands and "
                                                 "bars: {:g} % over training sets and species both, by bootstrap.",
                                                 sweep.x_label, 100 * confidence),
                                     evaluation::Chart{.title = "Classification: " + sweep.x_label,
                                                       .x_label = sweep.x_label,
                                                       .y_label = "share of test images",
                                                       .series = {bias, unbiased, helpful, error}}});
}

/// The factor by which the variance of the mean of n images, drawn from a pool without replacement, is too small.
double finite_pool(const BiasVarianceOptions& o, int64_t shots) {
    return 1 - static_cast<double>(shots) / static_cast<double>(o.pool);
}

std::string introduction(const BiasVarianceOptions& o, const ParkFeatures& features, int64_t usual) {
    std::vector<std::string> shares;
    for (const int64_t n : o.shots) shares.push_back(fmt::format("{:.3g}", 100 * (1 - finite_pool(o, n))));
    return fmt::format(
        "{} made-up species, features of EfficientNet-Lite0 ({} weights), their {} leading principal axes; {} networks "
        "with {} units a layer, each trained on images of its own draw from {} a species ({} of them where nothing "
        "else is said), tested on {} images. They minimise the mean cross-entropy plus {:g} times the sum of their "
        "squared parameters: without a penalty classes that can be told apart have no minimum. Domingos' parts: error "
        "= bias + unbiased variance - helpful variance, by arithmetic. Training sets share images, as they come from "
        "one pool: {} images a species make the variance {} % too small, going by that of a mean (the "
        "finite-population factor). Intervals are over training sets and species, whose test images go together; these "
        "are the species that the networks were trained on, so what training on others would change is not in them. "
        "The pictures have variances as they are; the claim about images a species is of variances divided by that "
        "factor.",
        o.species, o.weights, features.test_x.size(1), learners_of(o), kWidth, o.pool, usual, features.test_y.numel(),
        o.weight_decay, fmt::join(o.shots, ", "), fmt::join(shares, ", "));
}

void check_sum(Findings& findings, const std::vector<Classified>& all) {
    double worst = 0;
    for (const Classified& c : all) {
        const Tensor sum = c.parts.bias + c.parts.unbiased_variance - c.parts.helpful_variance;
        worst = worse(worst, largest(c.parts.error - sum));
    }
    findings.checks.push_back({"Domingos' parts against the share of wrong classes, worst image", worst, 1e-12, ""});
}

void claim_trends(Findings& findings, const BiasVarianceOptions& o, const Sweep& depth, const Sweep& shots) {
    const double confidence = o.confidence_of_a_claim();
    const auto claim = [&](const std::string& text, const Course& course, bool falls) {
        findings.claims.push_back(trend(text, course, falls, confidence));
    };
    claim("With more hidden layers, bias falls (classification)", course_of(depth, &ZeroOneParts::bias, confidence),
          true);
    claim("With more hidden layers, variance rises (classification)",
          course_of(depth, &ZeroOneParts::unbiased_variance, confidence), false);
    std::vector<double> factors;
    for (const int64_t n : o.shots) factors.push_back(1 / finite_pool(o, n));
    claim("With more images a species, variance falls",
          course_of(shots, &ZeroOneParts::unbiased_variance, confidence, factors), true);
}

}  // namespace

ParkFeatures features_of(const BiasVarianceOptions& o) {
    return park_features({.species = o.species, .pool = o.pool, .weights = o.weights}, o.seed);
}

void tell_classification(Findings& findings, const BiasVarianceOptions& o, const ParkFeatures& features) {
    const int64_t usual = o.shots[o.shots.size() / 2];
    findings.parts.push_back(Heading{"Classification of a park's features"});
    findings.parts.push_back(Text{introduction(o, features, usual)});
    const Resamples resamples = draw_resamples(learners_of(o), features.test_y.numel(),
                                               features.test_y.numel() / o.species, generator(o.seed, {54}));
    core::Phase phase("classification", kDepths + static_cast<int64_t>(o.shots.size()), "settings");
    std::vector<Classified> known;  // the usual setting is part of both sweeps
    const auto classified = [&](const Setting& setting) -> Classified {
        phase.advance();
        const auto same = std::ranges::find(known, setting, &Classified::setting);
        if (same != known.end()) return *same;
        return known.emplace_back(classify(o, features, setting, resamples));
    };
    Sweep depth{.name = "depth", .x_label = "hidden layers", .of = "networks with {:g} hidden layers"};
    Sweep shots{.name = "shots", .x_label = "training images a species", .of = "networks of {:g} images a species"};
    for (int64_t layers = 0; layers < kDepths; ++layers) {
        depth.add(static_cast<double>(layers), classified({layers, usual}), o.steps);
    }
    for (const int64_t n : o.shots) shots.add(static_cast<double>(n), classified({kUsualLayers, n}), o.steps);
    draw_sweep(findings, depth, o.confidence);
    draw_sweep(findings, shots, o.confidence);
    check_sum(findings, known);
    claim_trends(findings, o, depth, shots);
    std::vector<Convergence> trained;
    for (const Classified& c : known) trained.push_back(c.convergence);
    tell_convergence(findings, "classification", trained);
}

}  // namespace kaziranga::studies
