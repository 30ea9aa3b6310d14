#include "training/heads/selection.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "training/heads/calibrated.hpp"
#include "training/heads/families.hpp"
#include "training/heads/fold_moments.hpp"
#include "training/heads/head_input.hpp"
#include "training/heads/held_out.hpp"

namespace kaziranga::training {
namespace {

using HeadPtr = std::shared_ptr<models::Head>;

/// A candidate with all that is needed to compare it, to average it with others, and to fit it again.
struct Judged {
    Candidate candidate;
    at::Tensor logits;  ///< [N, K] float32, of the held-out images
    double factor = 1;  ///< that calibrates them
    Setting setting = {};
    std::vector<size_t> members = {};  ///< the contestants that it consists of
};

/// A family on one of the inputs.
struct Contestant {
    Family family;
    size_t input = 0;
    std::string name;
};

class Solver {
  public:
    Solver(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance)
        : problem_(problem),
          options_(options),
          inputs_(head_inputs(options, problem.x, problem.stage_features, problem.source)),
          image_weights_(balanced_image_weights(problem.y, problem.classes, balance)),
          held_out_(problem, options, balance),
          fold_moments_(inputs_.size()) {}

    SolvedHead solve() {
        const bool choosing = options_.type == "auto";
        std::vector<std::string> names = choosing ? options_.candidates : core::config::Strings{options_.type};
        const bool ensemble = std::erase(names, "ensemble") > 0;
        const std::vector<PreparedRows> all = prepared(Exactness::kToKeep, std::nullopt);
        Judge judge;
        if (held_out_.any()) {
            judge = [this](const at::Tensor& logits) {
                return held_out_.top1(logits.narrow(1, 0, problem_.judged_views).mean(1).to(at::kFloat));
            };
        }
        std::vector<Contestant> contestants;
        for (size_t input = 0; input < inputs_.size(); ++input) {
            for (const std::string& name : names) {
                Family family = make_family(name, all[input], judge, options_);
                if (!family.linear && inputs_[input].of_source()) continue;
                contestants.push_back({std::move(family), input, name + inputs_[input].suffix});
            }
        }
        const Contestant& first = contestants.front();
        const bool one_setting = contestants.size() == 1 && first.family.settings.size() == 1;
        if (!held_out_.any() || (one_setting && !options_.calibrate)) {
            const HeadInput& input = inputs_[first.input];
            return {finished(head_of_network(fit(first, all, middle(first.family)), input, input.columns), 1), {}};
        }
        return judged_best(contestants, all, ensemble);
    }

  private:
    /// Without folds to choose by: the middle of the path.
    static const Setting& middle(const Family& family) { return family.settings[family.settings.size() / 2]; }

    /// The rows of all images, or of those outside a fold, of each input.
    std::vector<PreparedRows> prepared(Exactness exactness, std::optional<int64_t> left_out) const {
        const at::Tensor images = left_out ? held_out_.without(*left_out) : at::arange(problem_.y.size(0));
        std::vector<PreparedRows> result;
        for (size_t input = 0; input < inputs_.size(); ++input) {
            WeightedRows rows = rows_of(input, images);
            std::function<RowMoments()> moments;
            if (options_.folds <= FoldMoments::kMost && RowMoments::along_features(rows.x.size(0), rows.x.size(1)))
                moments = [this, input, left_out] { return fold_moments(input).without(left_out); };
            result.emplace_back(std::move(rows), problem_.x.size(1), options_.standardise, exactness,
                                std::move(moments));
        }
        return result;
    }

    WeightedRows rows_of(size_t input, const at::Tensor& images) const {
        const int64_t views = problem_.x.size(1);
        at::Tensor weights;
        if (image_weights_.defined()) weights = image_weights_.index_select(0, images).repeat_interleave(views);
        return {inputs_[input].x.index_select(0, images).flatten(0, 1),
                problem_.y.index_select(0, images).repeat_interleave(views), problem_.classes, weights};
    }

    /// Computed once, when the first asks.
    const FoldMoments& fold_moments(size_t input) const {
        std::optional<FoldMoments>& moments = fold_moments_[input];
        if (!moments) {
            moments.emplace(rows_of(input, at::arange(problem_.y.size(0))),
                            held_out_.fold_of().repeat_interleave(problem_.x.size(1)));
        }
        return *moments;
    }

    HeadPtr fit(const Contestant& contestant, const std::vector<PreparedRows>& rows, const Setting& setting) const {
        return contestant.family.fit(rows[contestant.input], {setting}).front();
    }

    /// The head that is kept: its logits times the factor that calibrates them, if that is wanted, and then less what
    /// the classes' frequencies contribute. (Menon et al. 2021, eq. 9, arXiv:2007.07314, on log-probabilities, which
    /// scores such as ridge's become by the factor.)
    HeadPtr finished(HeadPtr head, double factor) const {
        head = scaled(std::move(head), options_.calibrate ? factor : 1);
        if (auto* linear = dynamic_cast<models::LinearHead*>(head.get())) {
            const c10::NoGradGuard no_grad;
            linear->bias.sub_(held_out_.adjustment());
        }
        return head;
    }

    /// Every setting of every contestant, a list for each, judged on the held-out images.
    std::vector<std::vector<Judged>> judge(const std::vector<Contestant>& contestants) const {
        using Clock = std::chrono::steady_clock;
        core::Phase progress("cross-validate", static_cast<int64_t>(contestants.size()) * options_.folds, "folds");
        std::vector<std::vector<at::Tensor>> logits(contestants.size());
        for (size_t c = 0; c < contestants.size(); ++c) {
            for (size_t s = 0; s < contestants[c].family.settings.size(); ++s) {
                logits[c].push_back(at::zeros({problem_.y.size(0), problem_.classes}));
            }
        }
        std::vector<double> seconds(contestants.size(), 0);
        for (int64_t fold = 0; fold < options_.folds; ++fold) {
            const at::Tensor out = held_out_.of(fold);
            std::vector<PreparedRows> rows;
            if (out.numel() > 0) rows = prepared(Exactness::kToCompare, fold);
            for (size_t c = 0; c < contestants.size(); ++c) {
                core::throw_if_interrupted();
                progress.advance(1);
                if (rows.empty()) continue;
                const auto& [family, input, name] = contestants[c];
                const auto start = Clock::now();
                const at::Tensor judged = inputs_[input].x.narrow(1, 0, problem_.judged_views).index_select(0, out);
                const auto heads = family.fit(rows[input], family.settings);
                for_each_setting(heads.size(), [&](size_t s) {
                    logits[c][s].index_copy_(0, out, models::mean_logits(*heads[s], judged));
                });
                seconds[c] += std::chrono::duration<double>(Clock::now() - start).count();
            }
        }
        std::vector<std::vector<Judged>> judged(contestants.size());
        for (size_t c = 0; c < contestants.size(); ++c) {
            judged[c].resize(logits[c].size());
            for_each_setting(logits[c].size(), [&](size_t s) {
                const Setting& setting = contestants[c].family.settings[s];
                judged[c][s] = measured({.head = contestants[c].name, .setting = setting.said, .seconds = seconds[c]},
                                        logits[c][s], contestants[c].family.linear);
                judged[c][s].setting = setting;
                judged[c][s].members = {c};
            });
        }
        return judged;
    }

    Judged measured(Candidate candidate, const at::Tensor& logits, bool linear) const {
        const double factor = held_out_.judge(candidate, logits, linear);
        return {.candidate = std::move(candidate), .logits = logits, .factor = factor};
    }

    static bool better(const Judged& a, const Judged& b) {
        constexpr double kRounding = 1e-9;  // of sums of weights
        if (std::abs(a.candidate.top1 - b.candidate.top1) > kRounding) return a.candidate.top1 > b.candidate.top1;
        return a.candidate.loss < b.candidate.loss;
    }

    SolvedHead judged_best(const std::vector<Contestant>& contestants, const std::vector<PreparedRows>& all,
                           bool ensemble) const {
        std::vector<Judged> best_of;  // each contestant
        std::vector<Judged> table;
        for (std::vector<Judged>& settings : judge(contestants)) {
            best_of.push_back(*std::min_element(settings.begin(), settings.end(), better));
            for (Judged& judged : settings) {
                judged.logits.reset();  // only the best are averaged
                table.push_back(std::move(judged));
            }
        }
        if (ensemble) add_ensembles(contestants, best_of, table);

        Judged& chosen = *std::min_element(table.begin(), table.end(), better);
        chosen.candidate.chosen = true;
        std::vector<HeadPtr> heads;
        std::vector<double> factors;
        HeadColumns columns;
        for (const size_t c : chosen.members) columns = joined(columns, inputs_[contestants[c].input].columns);
        for (const size_t c : chosen.members) {
            const Judged& member = chosen.members.size() == 1 ? chosen : best_of[c];
            heads.push_back(
                head_of_network(fit(contestants[c], all, member.setting), inputs_[contestants[c].input], columns));
            factors.push_back(member.factor);
        }
        SolvedHead solved;
        solved.head = finished(heads.size() == 1 ? heads.front() : averaged(heads, factors), chosen.factor);
        for (const Judged& row : table) solved.candidates.push_back(row.candidate);
        return solved;
    }

    /// From the best linear contestant on, the one whose company helps most joins, until all have: an ensemble of each
    /// size (Caruana et al. 2004, "Ensemble selection from libraries of models", section 2).
    void add_ensembles(const std::vector<Contestant>& contestants, const std::vector<Judged>& best_of,
                       std::vector<Judged>& table) const {
        std::vector<size_t> waiting;
        for (size_t c = 0; c < contestants.size(); ++c) {
            if (contestants[c].family.linear) waiting.push_back(c);
        }
        Judged grown;
        while (!waiting.empty()) {
            Judged next;
            for (const size_t c : waiting) {
                core::throw_if_interrupted();
                std::vector<size_t> members = grown.members;
                members.push_back(c);
                Judged tried = ensemble_of(members, contestants, best_of);
                if (next.members.empty() || better(tried, next)) next = std::move(tried);
            }
            grown = std::move(next);
            std::erase(waiting, grown.members.back());
            if (grown.members.size() < 2) continue;
            table.push_back(grown);
            table.back().logits.reset();
        }
    }

    Judged ensemble_of(const std::vector<size_t>& members, const std::vector<Contestant>& contestants,
                       const std::vector<Judged>& best_of) const {
        std::vector<std::string> names;
        at::Tensor sum = at::zeros({problem_.y.size(0), problem_.classes});
        for (const size_t c : members) {
            names.push_back(contestants[c].name);
            sum.add_(best_of[c].logits, best_of[c].factor / static_cast<double>(members.size()));
        }
        Judged judged = measured({.head = "ensemble", .setting = core::join(names, " + ")}, sum, /*linear=*/true);
        judged.members = members;
        return judged;
    }

    const HeadProblem& problem_;
    const HeadOptions& options_;
    std::vector<HeadInput> inputs_;
    at::Tensor image_weights_;  ///< [N] double; undefined: all alike
    HeldOut held_out_;
    mutable std::vector<std::optional<FoldMoments>> fold_moments_;  ///< of each input
};

}  // namespace

SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const BalanceOptions& balance) {
    const c10::NoGradGuard no_grad;
    return Solver(problem, options, balance).solve();
}

}  // namespace kaziranga::training
