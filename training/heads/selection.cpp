#include "training/heads/selection.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "training/balance.hpp"
#include "training/heads/calibrated.hpp"
#include "training/heads/families.hpp"
#include "training/heads/folds.hpp"
#include "training/heads/temperature.hpp"

namespace kaziranga::training {
namespace {

using HeadPtr = std::shared_ptr<models::Head>;

/// A candidate with all that is needed to compare it, to average it with others, and to fit it again.
struct Judged {
    Candidate candidate;
    at::Tensor logits;  ///< [N, K] float32, of the held-out images
    double factor = 1;  ///< that calibrates them
    Setting setting = {};
    std::vector<size_t> families = {};  ///< that it consists of
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
        const PreparedRows all = prepared(at::arange(problem_.y.size(0)), Exactness::kToKeep);
        std::vector<Family> families;
        for (const std::string& name : names) families.push_back(make_family(name, all, options_));
        const bool one_setting = families.size() == 1 && families.front().settings.size() == 1;
        const bool can_judge = held_out_.numel() > 1;
        if (!can_judge || (one_setting && !options_.calibrate)) {
            return {finished(fit(families.front(), all, middle(families.front())), 1), {}};
        }
        return judged_best(families, all, ensemble);
    }

  private:
    /// Without folds to choose by: the middle of the path.
    static const Setting& middle(const Family& family) { return family.settings[family.settings.size() / 2]; }

    PreparedRows prepared(const at::Tensor& images, Exactness exactness) const {
        const int64_t views = problem_.x.size(1);
        const at::Tensor x = problem_.x.index_select(0, images).flatten(0, 1);
        const at::Tensor y = problem_.y.index_select(0, images).repeat_interleave(views);
        at::Tensor weights;
        if (image_weights_.defined()) weights = image_weights_.index_select(0, images).repeat_interleave(views);
        return {WeightedRows(x, y, problem_.classes, weights), views, options_.standardise, exactness};
    }

    HeadPtr fit(const Family& family, const PreparedRows& rows, const Setting& setting) const {
        return family.fit(rows, {setting}).front();
    }

    /// The head that is kept: its logits times the factor that calibrates them, if that is wanted, and then less what
    /// the classes' frequencies contribute. (Menon et al. 2021, eq. 9, arXiv:2007.07314, on log-probabilities, which
    /// scores such as ridge's become by the factor.)
    HeadPtr finished(HeadPtr head, double factor) const {
        head = scaled(std::move(head), options_.calibrate ? factor : 1);
        if (auto* linear = dynamic_cast<models::LinearHead*>(head.get())) {
            const c10::NoGradGuard no_grad;
            linear->bias.sub_(adjustment());
        }
        return head;
    }

    at::Tensor adjustment() const { return log_frequencies(problem_.y, problem_.classes) * balance_.logit_adjustment; }

    /// Every setting of every family, a list a family, judged on the held-out images.
    std::vector<std::vector<Judged>> judge(const std::vector<Family>& families) const {
        using Clock = std::chrono::steady_clock;
        core::Phase progress("cross-validate", static_cast<int64_t>(families.size()) * options_.folds, "folds");
        std::vector<std::vector<at::Tensor>> logits(families.size());
        for (size_t f = 0; f < families.size(); ++f) {
            for (size_t s = 0; s < families[f].settings.size(); ++s) {
                logits[f].push_back(at::zeros({problem_.y.size(0), problem_.classes}));
            }
        }
        std::vector<double> seconds(families.size(), 0);
        for (int64_t fold = 0; fold < options_.folds; ++fold) {
            const at::Tensor out = fold_of_.eq(fold).nonzero().flatten();
            std::optional<PreparedRows> rows;
            if (out.numel() > 0) rows.emplace(prepared(fold_of_.ne(fold).nonzero().flatten(), Exactness::kToCompare));
            const at::Tensor centre = problem_.x.select(1, 0).index_select(0, out);
            for (size_t f = 0; f < families.size(); ++f) {
                core::throw_if_interrupted();
                progress.advance(1);
                if (!rows) continue;
                const auto start = Clock::now();
                const auto heads = families[f].fit(*rows, families[f].settings);
                for (size_t s = 0; s < heads.size(); ++s) logits[f][s].index_copy_(0, out, heads[s]->forward(centre));
                seconds[f] += std::chrono::duration<double>(Clock::now() - start).count();
            }
        }
        std::vector<std::vector<Judged>> judged(families.size());
        for (size_t f = 0; f < families.size(); ++f) {
            for (size_t s = 0; s < logits[f].size(); ++s) {
                const Setting& setting = families[f].settings[s];
                judged[f].push_back(measured({.head = families[f].name, .setting = setting.said, .seconds = seconds[f]},
                                             logits[f][s], families[f].linear));
                judged[f].back().setting = setting;
                judged[f].back().families = {f};
            }
        }
        return judged;
    }

    /// @param logits  [N, K] of heads as they are fitted; they are judged as they would be kept, the loss at the best
    ///                temperature in any case     @param linear  a linear head, so that finished() would adjust it
    Judged measured(Candidate candidate, const at::Tensor& logits, bool linear) const {
        const at::Tensor held_out = logits.index_select(0, held_out_), y = problem_.y.index_select(0, held_out_);
        const double factor = best_temperature_factor(held_out, y);
        at::Tensor kept = held_out * (options_.calibrate || balance_.logit_adjustment == 0 ? factor : 1);
        if (linear) kept.sub_(adjustment());
        const at::Tensor right = kept.argmax(1).eq(y).to(at::kDouble);
        const double mean = right.dot(judge_weights_).item<double>();
        const double variance = (right - mean).square().mul(judge_weights_.square()).sum().item<double>();
        const at::Tensor log_probability = kept.log_softmax(1).gather(1, y.unsqueeze(1)).squeeze(1);
        candidate.top1 = 100 * mean;
        candidate.error = 100 * std::sqrt(variance);
        candidate.loss = -log_probability.to(at::kDouble).dot(judge_weights_).item<double>();
        return {.candidate = std::move(candidate), .logits = logits, .factor = factor};
    }

    static bool better(const Judged& a, const Judged& b) {
        if (a.candidate.top1 != b.candidate.top1) return a.candidate.top1 > b.candidate.top1;
        return a.candidate.loss < b.candidate.loss;
    }

    SolvedHead judged_best(const std::vector<Family>& families, const PreparedRows& all, bool ensemble) const {
        std::vector<Judged> best_of;  // each family
        std::vector<Judged> table;
        for (std::vector<Judged>& settings : judge(families)) {
            best_of.push_back(*std::min_element(settings.begin(), settings.end(), better));
            for (Judged& judged : settings) {
                judged.logits.reset();  // only the best are averaged
                table.push_back(std::move(judged));
            }
        }
        if (ensemble) add_ensembles(families, best_of, table);

        Judged& chosen = *std::min_element(table.begin(), table.end(), better);
        chosen.candidate.chosen = true;
        std::vector<HeadPtr> heads;
        std::vector<double> factors;
        for (const size_t f : chosen.families) {
            const Judged& member = chosen.families.size() == 1 ? chosen : best_of[f];
            heads.push_back(fit(families[f], all, member.setting));
            factors.push_back(member.factor);
        }
        SolvedHead solved;
        solved.head = finished(heads.size() == 1 ? heads.front() : averaged(heads, factors), chosen.factor);
        for (const Judged& row : table) solved.candidates.push_back(row.candidate);
        return solved;
    }

    /// Every set of two or more of the linear families, each at its best setting.
    void add_ensembles(const std::vector<Family>& families, const std::vector<Judged>& best_of, std::vector<Judged>& table) const {
        std::vector<size_t> linear;
        for (size_t f = 0; f < families.size(); ++f) {
            if (families[f].linear) linear.push_back(f);
        }
        for (size_t set = 0; set < size_t{1} << linear.size(); ++set) {
            std::vector<size_t> members;
            std::vector<std::string> names;
            at::Tensor sum = at::zeros({problem_.y.size(0), problem_.classes});
            for (size_t i = 0; i < linear.size(); ++i) {
                if ((set >> i & 1) == 0) continue;
                members.push_back(linear[i]);
                names.push_back(families[linear[i]].name);
                sum.add_(best_of[linear[i]].logits, best_of[linear[i]].factor);
            }
            if (members.size() < 2) continue;
            table.push_back(measured({.head = "ensemble", .setting = core::join(names, " + ")},
                                     sum / static_cast<double>(members.size()), true));
            table.back().families = members;
            table.back().logits.reset();
        }
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

SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance) {
    const c10::NoGradGuard no_grad;
    return Solver(problem, options, balance).solve();
}

}  // namespace kaziranga::training
