#include "training/heads/families.hpp"

#include <ATen/ops/linalg_vector_norm.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

#include "core/interrupt.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/prototype.hpp"
#include "training/heads/ridge.hpp"
#include "training/heads/standardisation.hpp"

namespace kaziranga::training {
namespace {

using Heads = std::vector<std::shared_ptr<models::Head>>;

constexpr std::array<double, 4> kLogisticPenalties = {0.3, 0.1, 0.03, 0.01};  // in the order of the warm starts
constexpr std::array<double, 5> kShrinkages = {0.1, 0.3, 0.5, 0.7, 0.9};

struct StandardRows {
    Standardisation standardisation;
    WeightedRows rows;

    StandardRows(const WeightedRows& raw, bool wanted)
        : standardisation(Standardisation::of(raw.x, wanted)),
          rows(standardisation.apply(raw.x), raw.y, raw.classes, raw.w) {}

    std::shared_ptr<models::Head> head(const LinearMap& map) const { return linear_head(standardisation.fold(map)); }
};

Family logistic(const HeadOptions& options) {
    Family family{.name = "logistic", .parameter = "penalty", .settings = {}, .fit = {}};
    if (options.penalty.is_auto()) {
        family.settings.assign(kLogisticPenalties.begin(), kLogisticPenalties.end());
    } else {
        family.settings = {*options.penalty.value};
    }
    family.fit = [standardise = options.standardise](const WeightedRows& raw, int64_t, const std::vector<double>& settings) {
        const StandardRows standard(raw, standardise);
        const Logistic solver(standard.rows);
        Heads heads;
        LinearMap last;
        for (const double penalty : settings) {
            last = solver.fit(penalty, last.weight.defined() ? &last : nullptr);
            heads.push_back(standard.head(last));
        }
        return heads;
    };
    return family;
}

/// The penalty whose leave-one-out scores put most images into their class, judged by their first view.
double best_ridge_penalty(const Ridge& ridge, const WeightedRows& rows, int64_t group_size) {
    double best = kRidgePenalties.front(), most = -1;
    const at::Tensor labels = rows.y.slice(0, 0, {}, group_size), weights = rows.w.slice(0, 0, {}, group_size);
    for (const double penalty : kRidgePenalties) {
        core::throw_if_interrupted();
        const at::Tensor scores = ridge.leave_out(penalty).slice(0, 0, {}, group_size);
        const double right = scores.argmax(1).eq(labels).to(at::kDouble).dot(weights).item<double>();
        if (right > most) {
            most = right;
            best = penalty;
        }
    }
    return best;
}

Family ridge(const WeightedRows& all, int64_t all_group_size, const HeadOptions& options) {
    Family family{.name = "ridge", .parameter = "penalty", .settings = {}, .fit = {}};
    const bool several_images = all.x.size(0) / all_group_size > 1;
    if (!options.penalty.is_auto()) {
        family.settings = {*options.penalty.value};
    } else if (several_images) {
        const StandardRows standard(all, options.standardise);
        family.settings = {best_ridge_penalty(Ridge(standard.rows, all_group_size), standard.rows, all_group_size)};
    } else {
        family.settings = {1.0};
    }
    family.fit = [standardise = options.standardise](const WeightedRows& raw, int64_t group_size,
                                                     const std::vector<double>& settings) {
        const StandardRows standard(raw, standardise);
        const Ridge solver(standard.rows, group_size);
        Heads heads;
        for (const double penalty : settings) heads.push_back(standard.head(solver.solve(penalty)));
        return heads;
    };
    return family;
}

Family lda(const WeightedRows& all, const HeadOptions& options) {
    Family family{.name = "lda", .parameter = "shrinkage", .settings = {}, .fit = {}};
    if (!options.shrinkage.is_auto()) {
        family.settings = {*options.shrinkage.value};
    } else {
        family.settings.assign(kShrinkages.begin(), kShrinkages.end());
        const StandardRows standard(all, options.standardise);
        const double analytic = Lda(standard.rows).analytic_shrinkage();
        if (analytic > 0) family.settings.push_back(analytic);
    }
    family.fit = [standardise = options.standardise](const WeightedRows& raw, int64_t, const std::vector<double>& settings) {
        const StandardRows standard(raw, standardise);
        const Lda solver(standard.rows);
        Heads heads;
        for (const double shrinkage : settings) heads.push_back(standard.head(solver.solve(shrinkage)));
        return heads;
    };
    return family;
}

/// Fills in what a head keeps instead of folding it into its weights.
template <class SomeHead>
std::shared_ptr<SomeHead> standardised_head(const models::HeadSpec& spec, const Standardisation& standardisation) {
    auto head = std::make_shared<SomeHead>(spec);
    head->set(standardisation.mean, standardisation.scale);
    return head;
}

WeightedRows unit_rows(const WeightedRows& rows) {
    constexpr double kShortest = 1e-12;
    const at::Tensor length = at::linalg_vector_norm(rows.x, 2, {1}, /*keepdim=*/true).clamp_min(kShortest);
    return {rows.x / length, rows.y, rows.classes, rows.w};
}

Family prototype(const HeadOptions& options) {
    Family family{.name = "prototype", .parameter = "", .settings = {0}, .fit = {}};
    family.fit = [standardise = options.standardise](const WeightedRows& raw, int64_t, const std::vector<double>&) {
        const StandardRows standard(raw, standardise);
        auto head = standardised_head<models::CosineHead>(
            {.kind = "cosine", .features = raw.x.size(1), .classes = raw.classes}, standard.standardisation);
        const c10::NoGradGuard no_grad;
        head->weight.copy_(cosine_mean(unit_rows(standard.rows)).weight);
        return Heads{head};
    };
    return family;
}

Family neighbours(const HeadOptions& options) {
    Family family{.name = "knn", .parameter = "", .settings = {0}, .fit = {}};
    family.fit = [options](const WeightedRows& raw, int64_t, const std::vector<double>&) {
        const StandardRows standard(raw, options.standardise);
        const int64_t rows = raw.x.size(0);
        auto head = standardised_head<models::NeighboursHead>({.kind = "neighbours",
                                                               .features = raw.x.size(1),
                                                               .classes = raw.classes,
                                                               .bank = rows,
                                                               .neighbours = std::min(options.neighbours, rows),
                                                               .temperature = options.temperature},
                                                              standard.standardisation);
        const c10::NoGradGuard no_grad;
        head->bank.copy_(unit_rows(standard.rows).x);
        head->labels.copy_(raw.y);
        return Heads{head};
    };
    return family;
}

}  // namespace

Family make_family(const std::string& name, const WeightedRows& rows, int64_t group_size, const HeadOptions& options) {
    if (name == "logistic") return logistic(options);
    if (name == "ridge") return ridge(rows, group_size, options);
    if (name == "lda") return lda(rows, options);
    if (name == "prototype") return prototype(options);
    TORCH_CHECK(name == "knn", "no head of this name is found at once: ", name);
    return neighbours(options);
}

}  // namespace kaziranga::training
