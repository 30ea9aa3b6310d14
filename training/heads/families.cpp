#include "training/heads/families.hpp"

#include "core/interrupt.hpp"
#include "core/threads.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/prototype.hpp"
#include "training/heads/ridge.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

namespace kaziranga::training {
namespace {

using Heads = std::vector<std::shared_ptr<models::Head>>;
using Settings = std::vector<Setting>;

constexpr std::array<double, 4> kLogisticPenalties = {0.3, 0.1, 0.03, 0.01};  // in the order of the warm starts
constexpr std::array<double, 5> kShrinkages = {0.1, 0.3, 0.5, 0.7, 0.9};
// Values beyond the grids, up to the last useful ones. Smaller penalties of logistic regression take minutes to fit.
// Values outside the other ranges no longer change the result: it is the class means, a flat answer, or a covariance
// without any shrinkage.
constexpr std::array kLogisticReserve = {1e-4, 3e-4, 1e-3, 3e-3, 1.0, 3.0, 10.0, 30.0};
constexpr std::array kShrinkageReserve = {0.001, 0.003, 0.01, 0.03, 0.97, 0.99, 0.997, 0.999};
constexpr std::array kRidgeReserve = {1e-6, 1e-5, 1e3, 1e4};
constexpr std::array<int64_t, 4> kNeighbours = {5, 10, 20, 40};
constexpr std::array<double, 3> kTemperatures = {0.05, 0.1, 0.2};

/// Tolerance of a logistic head that is only compared, as a part of the loss: far below the differences between two
/// penalties.
constexpr double kComparedOptimum = 1e-4;

Reserve reserve(const char* parameter, std::span<const double> values) {
    return {parameter, {values.begin(), values.end()}};
}

Setting setting(const char* parameter, double value) {
    return {fmt::format("{} {:.3g}", parameter, value), value};
}

std::shared_ptr<models::Head> raw_head(const PreparedRows& rows, const LinearMap& map) {
    return linear_head(rows.standardisation().fold(map));
}

/// The linear map on standardised rows from which a head for raw features was made.
LinearMap fitted_map(const PreparedRows& rows, const models::Head& head) {
    const auto& linear = dynamic_cast<const models::LinearHead&>(head);
    return rows.standardisation().unfold({linear.weight.to(at::kDouble), linear.bias.to(at::kDouble)});
}

/// The ridge penalty that leave-one-out scores choose.
double best_ridge_penalty(const PreparedRows& all, const HeldOut& held_out) {
    const RidgeLeaveOut ridge(all.rotated(), all.group_size());
    const Reserve further = reserve("penalty", kRidgeReserve);
    Settings tried;
    std::vector<Contender> contenders;
    const auto add = [&](const Setting& one) {
        core::throw_if_interrupted();
        const at::Tensor scores = ridge.scores(one.value).view({-1, all.group_size(), all.raw().classes});
        contenders.push_back({held_out.judge_views(scores)});
        tried.push_back(one);
    };
    for (const double penalty : kRidgePenalties) add(setting("penalty", penalty));
    for (;;) {
        const size_t chosen = choose(contenders, held_out.weights()).chosen;
        const auto next = further.beyond(tried, chosen);
        if (!next) return tried[chosen].value;
        add(*next);
    }
}

/// A head that keeps the standardisation instead of folding it into its weights.
template <class SomeHead>
std::shared_ptr<SomeHead> standardised_head(const models::HeadSpec& spec, const Standardisation& standardisation) {
    auto head = std::make_shared<SomeHead>(spec);
    head->set(standardisation.mean, standardisation.scale);
    return head;
}

}  // namespace

Family logistic(const PreparedRows&, const HeldOut&, const HeadOptions& options) {
    Family family;
    if (options.penalty.is_auto()) {
        for (const double penalty : kLogisticPenalties) family.settings.push_back(setting("penalty", penalty));
        family.reserve = reserve("penalty", kLogisticReserve);
    } else {
        family.settings = {setting("penalty", *options.penalty.value)};
    }
    family.starts_from_fitted = true;
    family.fit = [](const PreparedRows& rows, const Settings& settings, const Fitted& before) {
        const Logistic solver(rows.rotated());
        const double tolerance = rows.exactness() == Exactness::kToKeep ? Logistic::kOptimum : kComparedOptimum;
        std::vector<double> penalties;
        for (const Setting& one : settings) penalties.push_back(one.value);
        // For a larger penalty, the descent from zero is faster.
        std::optional<LinearMap> start;
        if (before.head && before.setting.value > penalties.front()) start = fitted_map(rows, *before.head);
        Heads heads;
        for (const LinearMap& map : solver.path(penalties, tolerance, start ? &*start : nullptr)) {
            heads.push_back(raw_head(rows, map));
        }
        return heads;
    };
    return family;
}

Family ridge(const PreparedRows& all, const HeldOut& held_out, const HeadOptions& options) {
    Family family;
    double penalty = 1;
    if (!options.penalty.is_auto()) {
        penalty = *options.penalty.value;
    } else if (held_out.any()) {
        penalty = best_ridge_penalty(all, held_out);
    }
    family.settings = {setting("penalty", penalty)};
    family.fit = [](const PreparedRows& rows, const Settings& settings, const Fitted&) {
        Heads heads;
        for (const Setting& one : settings)
            heads.push_back(raw_head(rows, solve_ridge(rows.moments(), one.value, rows.precision())));
        return heads;
    };
    return family;
}

Family lda(const PreparedRows& all, const HeldOut& held_out, const HeadOptions& options) {
    Family family;
    // With two images a class, folds leave one. A covariance estimated from all images would give answers of another
    // scale than those that were held out, and the calibration would not fit them.
    const Variation variation =
        held_out.any() && !held_out.shows_variation() ? Variation::kUnknown : Variation::kEstimated;
    if (variation == Variation::kUnknown) {
        family.settings = {setting("shrinkage", 1)};
    } else if (!options.shrinkage.is_auto()) {
        family.settings = {setting("shrinkage", *options.shrinkage.value)};
    } else {
        for (const double shrinkage : kShrinkages) family.settings.push_back(setting("shrinkage", shrinkage));
        const double analytic = Lda(all.moments()).analytic_shrinkage(all.standardised());
        family.reserve = reserve("shrinkage", kShrinkageReserve);
        if (analytic > 0) family.settings.push_back(setting("shrinkage", analytic));
    }
    family.fit = [variation](const PreparedRows& rows, const Settings& settings, const Fitted&) {
        const Lda solver(rows.moments(), rows.precision(), variation);
        Heads heads(settings.size());
        for_each_setting(settings.size(),
                         [&](size_t s) { heads[s] = raw_head(rows, solver.solve(settings[s].value)); });
        return heads;
    };
    return family;
}

Family prototype(const PreparedRows&, const HeldOut&, const HeadOptions&) {
    Family family{.settings = {Setting{}}};
    family.fit = [](const PreparedRows& rows, const Settings&, const Fitted&) {
        const WeightedRows& known = rows.standardised();
        auto head = standardised_head<models::CosineHead>(
            {.form = models::HeadForm::kCosine, .features = known.x.size(1), .classes = known.classes},
            rows.standardisation());
        const c10::NoGradGuard no_grad;
        head->weight.copy_(cosine_mean({models::unit_rows(known.x), known.y, known.classes, known.w}).weight);
        return Heads{head};
    };
    return family;
}

Family nearest_neighbours(const PreparedRows&, const HeldOut&, const HeadOptions& options) {
    Family family;
    std::vector<int64_t> counts(kNeighbours.begin(), kNeighbours.end());
    std::vector<double> temperatures(kTemperatures.begin(), kTemperatures.end());
    if (!options.neighbours.is_auto()) counts = {*options.neighbours.value};
    if (!options.temperature.is_auto()) temperatures = {*options.temperature.value};
    for (const int64_t count : counts) {
        for (const double temperature : temperatures) {
            family.settings.push_back(
                {fmt::format("{} neighbours, temperature {:.3g}", count, temperature), temperature, count});
        }
    }
    family.fit = [](const PreparedRows& rows, const Settings& settings, const Fitted&) {
        const WeightedRows& known = rows.standardised();
        const at::Tensor bank = models::unit_rows(known.x);
        const c10::NoGradGuard no_grad;
        Heads heads;
        for (const Setting& one : settings) {
            auto head = standardised_head<models::NeighboursHead>({.form = models::HeadForm::kNeighbours,
                                                                   .features = known.x.size(1),
                                                                   .classes = known.classes,
                                                                   .bank = bank.size(0),
                                                                   .neighbours = std::min(one.neighbours, bank.size(0)),
                                                                   .temperature = one.value},
                                                                  rows.standardisation());
            head->bank.copy_(bank);
            head->labels.copy_(known.y);
            heads.push_back(head);
        }
        return heads;
    };
    return family;
}

void for_each_setting(size_t count, const std::function<void(size_t)>& work) {
    core::parallel_for(static_cast<int64_t>(count), at::get_num_threads(),
                       [&work](int64_t s) { work(static_cast<size_t>(s)); });
}

std::optional<Setting> Reserve::beyond(const Settings& tried, size_t chosen) const {
    const double value = tried.at(chosen).value;
    const auto [least, most] = std::minmax_element(
        tried.begin(), tried.end(), [](const Setting& a, const Setting& b) { return a.value < b.value; });
    if (value == most->value) {
        const auto next = std::upper_bound(values.begin(), values.end(), value);
        if (next != values.end()) return setting(parameter, *next);
    }
    if (value == least->value) {
        const auto next = std::lower_bound(values.begin(), values.end(), value);
        if (next != values.begin()) return setting(parameter, *std::prev(next));
    }
    return std::nullopt;
}

}  // namespace kaziranga::training
