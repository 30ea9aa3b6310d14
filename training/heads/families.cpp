#include "training/heads/families.hpp"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/interrupt.hpp"
#include "core/threads.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/prototype.hpp"
#include "training/heads/ridge.hpp"

namespace kaziranga::training {
namespace {

using Heads = std::vector<std::shared_ptr<models::Head>>;
using Settings = std::vector<Setting>;

constexpr std::array<double, 4> kLogisticPenalties = {0.3, 0.1, 0.03, 0.01};  // in the order of the warm starts
constexpr std::array<double, 5> kShrinkages = {0.1, 0.3, 0.5, 0.7, 0.9};
constexpr std::array<int64_t, 4> kNeighbours = {5, 10, 20, 40};
constexpr std::array<double, 3> kTemperatures = {0.05, 0.1, 0.2};

/// Where a logistic head may stop that is only compared: far below what tells two penalties apart, as a part of the
/// loss.
constexpr double kComparedOptimum = 1e-4;

Setting setting(const char* parameter, double value) {
    return {fmt::format("{} {:.3g}", parameter, value), value};
}

std::shared_ptr<models::Head> raw_head(const PreparedRows& rows, const LinearMap& map) {
    return linear_head(rows.standardisation().fold(map));
}

Family logistic(const HeadOptions& options) {
    Family family{.name = "logistic"};
    if (options.penalty.is_auto()) {
        for (const double penalty : kLogisticPenalties) family.settings.push_back(setting("penalty", penalty));
    } else {
        family.settings = {setting("penalty", *options.penalty.value)};
    }
    family.fit = [](const PreparedRows& rows, const Settings& settings) {
        const Logistic solver(rows.rotated());
        const double tolerance = rows.exactness() == Exactness::kToKeep ? Logistic::kOptimum : kComparedOptimum;
        std::vector<double> penalties;
        for (const Setting& one : settings) penalties.push_back(one.value);
        Heads heads;
        for (const LinearMap& map : solver.path(penalties, tolerance)) heads.push_back(raw_head(rows, map));
        return heads;
    };
    return family;
}

/// The penalty whose leave-one-out scores are judged best.
double best_ridge_penalty(const PreparedRows& all, const Judge& judge) {
    const RidgeLeaveOut ridge(all.rotated(), all.group_size());
    double best = kRidgePenalties.front(), most = -1;
    for (const double penalty : kRidgePenalties) {
        core::throw_if_interrupted();
        const double right = judge(ridge.scores(penalty).view({-1, all.group_size(), all.raw().classes}));
        if (right > most) {
            most = right;
            best = penalty;
        }
    }
    return best;
}

Family ridge(const PreparedRows& all, const Judge& judge, const HeadOptions& options) {
    Family family{.name = "ridge"};
    double penalty = 1;
    if (!options.penalty.is_auto()) {
        penalty = *options.penalty.value;
    } else if (judge) {
        penalty = best_ridge_penalty(all, judge);
    }
    family.settings = {setting("penalty", penalty)};
    family.fit = [](const PreparedRows& rows, const Settings& settings) {
        Heads heads;
        for (const Setting& one : settings)
            heads.push_back(raw_head(rows, solve_ridge(rows.moments(), one.value, rows.precision())));
        return heads;
    };
    return family;
}

Family lda(const PreparedRows& all, const HeadOptions& options) {
    Family family{.name = "lda"};
    if (!options.shrinkage.is_auto()) {
        family.settings = {setting("shrinkage", *options.shrinkage.value)};
    } else {
        for (const double shrinkage : kShrinkages) family.settings.push_back(setting("shrinkage", shrinkage));
        const double analytic = Lda(all.moments()).analytic_shrinkage(all.standardised());
        if (analytic > 0) family.settings.push_back(setting("shrinkage", analytic));
    }
    family.fit = [](const PreparedRows& rows, const Settings& settings) {
        const Lda solver(rows.moments(), rows.precision());
        Heads heads(settings.size());
        for_each_setting(settings.size(),
                         [&](size_t s) { heads[s] = raw_head(rows, solver.solve(settings[s].value)); });
        return heads;
    };
    return family;
}

/// A head that keeps the standardisation instead of folding it into its weights.
template <class SomeHead>
std::shared_ptr<SomeHead> standardised_head(const models::HeadSpec& spec, const Standardisation& standardisation) {
    auto head = std::make_shared<SomeHead>(spec);
    head->set(standardisation.mean, standardisation.scale);
    return head;
}

Family prototype() {
    Family family{.name = "prototype", .linear = false, .settings = {Setting{}}};
    family.fit = [](const PreparedRows& rows, const Settings&) {
        const WeightedRows& known = rows.standardised();
        auto head = standardised_head<models::CosineHead>(
            {.kind = "cosine", .features = known.x.size(1), .classes = known.classes}, rows.standardisation());
        const c10::NoGradGuard no_grad;
        head->weight.copy_(cosine_mean({models::unit_rows(known.x), known.y, known.classes, known.w}).weight);
        return Heads{head};
    };
    return family;
}

Family neighbours(const HeadOptions& options) {
    Family family{.name = "knn", .linear = false};
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
    family.fit = [](const PreparedRows& rows, const Settings& settings) {
        const WeightedRows& known = rows.standardised();
        const at::Tensor bank = models::unit_rows(known.x);
        const c10::NoGradGuard no_grad;
        Heads heads;
        for (const Setting& one : settings) {
            auto head = standardised_head<models::NeighboursHead>({.kind = "neighbours",
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

}  // namespace

void for_each_setting(size_t count, const std::function<void(size_t)>& work) {
    core::parallel_for(static_cast<int64_t>(count), at::get_num_threads(),
                       [&work](int64_t s) { work(static_cast<size_t>(s)); });
}

Family make_family(const std::string& name, const PreparedRows& all, const Judge& judge, const HeadOptions& options) {
    if (name == "logistic") return logistic(options);
    if (name == "ridge") return ridge(all, judge, options);
    if (name == "lda") return lda(all, options);
    if (name == "prototype") return prototype();
    TORCH_CHECK(name == "knn", "no head of this name is found at once: ", name);
    return neighbours(options);
}

}  // namespace kaziranga::training
