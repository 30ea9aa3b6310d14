#include "training/heads/selection.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "training/balance.hpp"
#include "training/heads/families.hpp"

namespace kaziranga::training {
namespace {

using HeadPtr = std::shared_ptr<models::Head>;

/// A candidate with all that is needed to compare it, to average it with others, and to fit it again.
struct Judged {
    Candidate candidate;
    at::Tensor logits;  ///< [N, K] double, of the held-out images
    double factor = 1;  ///< that calibrates them
    double setting = 0;
};

class Solver {
  public:
    Solver(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance)
        : problem_(problem), options_(options), balance_(balance) {
        const bool balanced = balance.class_weights == "balanced" || balance.sampling == "balanced";
        const at::Tensor alike = balanced_class_weights(problem.y, problem.classes).to(at::kDouble).index_select(0, problem.y);
        if (balanced) image_weights_ = alike;
        const auto folds = deal_folds(problem.y, problem.classes, options.folds, problem.seed);
        fold_of_ = at::tensor(folds, at::kLong);
        held_out_ = fold_of_.ge(0).nonzero().flatten();
        const bool by_class = balanced || balance.logit_adjustment > 0;
        judge_weights_ = (by_class ? alike : at::ones_like(alike)).index_select(0, held_out_);
        judge_weights_ = judge_weights_ / judge_weights_.sum();
    }

    SolvedHead solve() {
        const bool choosing = options_.type == "auto";
        std::vector<std::string> names = choosing ? options_.candidates : core::config::Strings{options_.type};
        const bool ensemble = std::erase(names, "ensemble") > 0;
        std::vector<Family> families;
        const WeightedRows all = rows_of(at::arange(problem_.y.size(0)));
        for (const std::string& name : names) families.push_back(make_family(name, all, group_size(), options_));
        const bool one_setting = families.size() == 1 && families.front().settings.size() == 1;
        const bool can_judge = held_out_.numel() > 1;
        if (!can_judge || (one_setting && !options_.calibrate)) return {fit(families.front(), all, middle(families.front())), {}};
        return judged_best(families, all, ensemble);
    }

  private:
    int64_t group_size() const { return problem_.x.size(1); }

    /// Without folds to choose by: the middle of the path.
    static double middle(const Family& family) { return family.settings[family.settings.size() / 2]; }

    WeightedRows rows_of(const at::Tensor& images) const {
        const int64_t views = group_size();
        const at::Tensor x = problem_.x.index_select(0, images).flatten(0, 1);
        const at::Tensor y = problem_.y.index_select(0, images).repeat_interleave(views);
        if (!image_weights_.defined()) return {x, y, problem_.classes};
        return {x, y, problem_.classes, image_weights_.index_select(0, images).repeat_interleave(views)};
    }

    HeadPtr adjusted(HeadPtr head) const {
        if (auto* linear = dynamic_cast<models::LinearHead*>(head.get()); linear != nullptr && balance_.logit_adjustment > 0) {
            const c10::NoGradGuard no_grad;
            linear->bias.sub_(log_frequencies(problem_.y, problem_.classes) * balance_.logit_adjustment);
        }
        return head;
    }

    HeadPtr fit(const Family& family, const WeightedRows& rows, double setting) const {
        return adjusted(family.fit(rows, group_size(), {setting}).front());
    }

    /// Every setting of a family, judged on the held-out images.
    std::vector<Judged> judge(const Family& family, core::Phase& progress) {
        const auto start = std::chrono::steady_clock::now();
        const int64_t images = problem_.y.size(0);
        std::vector<at::Tensor> logits(family.settings.size());
        for (at::Tensor& some : logits) some = at::zeros({images, problem_.classes}, at::kDouble);
        for (int64_t fold = 0; fold < options_.folds; ++fold) {
            core::throw_if_interrupted();
            const at::Tensor out = fold_of_.eq(fold).nonzero().flatten();
            progress.advance(1);
            if (out.numel() == 0) continue;
            const auto heads = family.fit(rows_of(fold_of_.ne(fold).nonzero().flatten()), group_size(), family.settings);
            const at::Tensor centre = problem_.x.select(1, 0).index_select(0, out);
            for (size_t s = 0; s < heads.size(); ++s) {
                logits[s].index_copy_(0, out, adjusted(heads[s])->forward(centre).to(at::kDouble));
            }
        }
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::vector<Judged> judged;
        for (size_t s = 0; s < logits.size(); ++s) {
            const double setting = family.settings[s];
            const std::string said = family.parameter.empty() ? "" : fmt::format("{} {:.3g}", family.parameter, setting);
            judged.push_back(measured({.head = family.name, .setting = said, .seconds = seconds}, logits[s]));
            judged.back().setting = setting;
        }
        return judged;
    }

    Judged measured(Candidate candidate, const at::Tensor& all_logits) const {
        const at::Tensor logits = all_logits.index_select(0, held_out_);
        const at::Tensor y = problem_.y.index_select(0, held_out_);
        const at::Tensor right = logits.argmax(1).eq(y).to(at::kDouble);
        const double mean = right.dot(judge_weights_).item<double>();
        const double variance = (right - mean).square().mul(judge_weights_.square()).sum().item<double>();
        const double factor = best_temperature_factor(logits, y);
        const at::Tensor log_probability = (logits * factor).log_softmax(1).gather(1, y.unsqueeze(1)).squeeze(1);
        candidate.top1 = 100 * mean;
        candidate.error = 100 * std::sqrt(variance);
        candidate.loss = -log_probability.dot(judge_weights_).item<double>();
        return {std::move(candidate), all_logits, factor, 0};
    }

    static bool better(const Judged& a, const Judged& b) {
        if (a.candidate.top1 != b.candidate.top1) return a.candidate.top1 > b.candidate.top1;
        return a.candidate.loss < b.candidate.loss;
    }

    SolvedHead judged_best(const std::vector<Family>& families, const WeightedRows& all, bool ensemble) {
        core::Phase progress("cross-validate", static_cast<int64_t>(families.size()) * options_.folds, "folds");
        std::vector<Judged> table;
        std::vector<size_t> best_of;  // of each family, in the table
        for (const Family& family : families) {
            auto judged = judge(family, progress);
            const auto best = std::min_element(judged.begin(), judged.end(), better) - judged.begin();
            best_of.push_back(table.size() + static_cast<size_t>(best));
            table.insert(table.end(), judged.begin(), judged.end());
        }
        std::vector<std::vector<size_t>> members;  // of each row of the table: the families it consists of
        for (size_t f = 0; f < families.size(); ++f) members.resize(members.size() + families[f].settings.size(), {f});
        if (ensemble) add_ensembles(families, best_of, table, members);

        const auto chosen = static_cast<size_t>(std::min_element(table.begin(), table.end(), better) - table.begin());
        table[chosen].candidate.chosen = true;
        SolvedHead solved;
        for (const Judged& row : table) solved.candidates.push_back(row.candidate);
        std::vector<HeadPtr> heads;
        std::vector<double> factors;
        for (const size_t f : members[chosen]) {
            const Judged& member = members[chosen].size() == 1 ? table[chosen] : table[best_of[f]];
            heads.push_back(fit(families[f], all, member.setting));
            factors.push_back(member.factor);
        }
        const double whole = options_.calibrate ? table[chosen].factor : 1;
        solved.head = heads.size() == 1 ? scaled(heads.front(), whole) : averaged(heads, factors, whole);
        return solved;
    }

    /// Every set of two or more of the linear families, each at its best setting. The mean of calibrated logits is, but
    /// for what is common to all classes, the mean of their log-probabilities.
    void add_ensembles(const std::vector<Family>& families, const std::vector<size_t>& best_of, std::vector<Judged>& table,
                       std::vector<std::vector<size_t>>& members) const {
        std::vector<size_t> linear;
        for (size_t f = 0; f < families.size(); ++f) {
            if (families[f].name != "prototype" && families[f].name != "knn") linear.push_back(f);
        }
        for (size_t set = 0; set < size_t{1} << linear.size(); ++set) {
            std::vector<size_t> chosen;
            std::vector<std::string> names;
            at::Tensor sum = at::zeros({problem_.y.size(0), problem_.classes}, at::kDouble);
            for (size_t i = 0; i < linear.size(); ++i) {
                if ((set >> i & 1) == 0) continue;
                const Judged& member = table[best_of[linear[i]]];
                chosen.push_back(linear[i]);
                names.push_back(families[linear[i]].name);
                sum += member.logits * member.factor;
            }
            if (chosen.size() < 2) continue;
            table.push_back(measured({.head = "ensemble", .setting = core::join(names, " + ")},
                                     sum / static_cast<double>(chosen.size())));
            members.push_back(chosen);
        }
    }

    static HeadPtr scaled(HeadPtr head, double factor) {
        const c10::NoGradGuard no_grad;
        if (auto* linear = dynamic_cast<models::LinearHead*>(head.get())) {
            linear->weight.mul_(factor);
            linear->bias.mul_(factor);
        } else if (auto* cosine = dynamic_cast<models::CosineHead*>(head.get())) {
            cosine->log_scale.add_(std::log(factor));
        }
        return head;
    }

    static HeadPtr averaged(const std::vector<HeadPtr>& heads, const std::vector<double>& factors, double factor) {
        const c10::NoGradGuard no_grad;
        auto mean = std::make_shared<models::LinearHead>(heads.front()->spec());
        mean->weight.zero_();
        mean->bias.zero_();
        for (size_t i = 0; i < heads.size(); ++i) {
            const auto& member = dynamic_cast<const models::LinearHead&>(*heads[i]);
            const double share = factor * factors[i] / static_cast<double>(heads.size());
            mean->weight.add_(member.weight, share);
            mean->bias.add_(member.bias, share);
        }
        return mean;
    }

    const HeadProblem& problem_;
    const HeadOptions& options_;
    const BalanceOptions& balance_;
    at::Tensor image_weights_;  ///< [N] double; undefined: all alike
    at::Tensor fold_of_;        ///< [N] int64
    at::Tensor held_out_;       ///< images that are in some fold
    at::Tensor judge_weights_;  ///< of those, double, of sum one
};

}  // namespace

std::string candidates_csv(const std::vector<Candidate>& candidates) {
    std::string csv = "head,setting,cv_top1,standard_error,cv_loss,seconds,chosen\n";
    for (const Candidate& c : candidates) {
        csv += fmt::format("{},{},{:.4f},{:.4f},{:.6f},{:.3f},{}\n", core::csv_field(c.head), core::csv_field(c.setting), c.top1,
                           c.error, c.loss, c.seconds, c.chosen ? "yes" : "");
    }
    return csv;
}

SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance) {
    const c10::NoGradGuard no_grad;
    return Solver(problem, options, balance).solve();
}

std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed) {
    std::vector<std::vector<size_t>> images(static_cast<size_t>(classes));
    const auto* labels = y.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < y.size(0); ++i) images[static_cast<size_t>(labels[i])].push_back(static_cast<size_t>(i));
    std::vector<int64_t> fold_of(static_cast<size_t>(y.size(0)), -1);
    int64_t next = 0;  // goes on from class to class, so that folds are of one size
    for (size_t k = 0; k < images.size(); ++k) {
        if (images[k].size() < 2) continue;
        const auto order = core::permutation(static_cast<int64_t>(images[k].size()), {seed, core::Purpose::kFolds, {k}});
        for (const int64_t position : order) fold_of[images[k][static_cast<size_t>(position)]] = next++ % folds;
    }
    return fold_of;
}

double best_temperature_factor(const at::Tensor& logits, const at::Tensor& y) {
    // The loss is convex in the factor; golden-section search over its logarithm.
    constexpr double kLow = -7, kHigh = 7, kGolden = 0.6180339887498949;
    constexpr int kSteps = 25;
    const at::Tensor single = logits.to(at::kFloat);
    const auto loss = [&](double log_factor) {
        const at::Tensor scaled = single * std::exp(log_factor);
        return -scaled.log_softmax(1).gather(1, y.unsqueeze(1)).mean().item<double>();
    };
    double low = kLow, high = kHigh;
    double left = high - kGolden * (high - low), right = low + kGolden * (high - low);
    double at_left = loss(left), at_right = loss(right);
    for (int i = 0; i < kSteps; ++i) {
        if (at_left <= at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - kGolden * (high - low);
            at_left = loss(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + kGolden * (high - low);
            at_right = loss(right);
        }
    }
    return std::isfinite(at_left) ? std::exp((low + high) / 2) : 1;
}

}  // namespace kaziranga::training
