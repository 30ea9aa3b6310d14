#include "training/heads/selection.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"
#include "training/heads/calibrated.hpp"
#include "training/heads/families.hpp"
#include "training/heads/fold_moments.hpp"
#include "training/heads/head_input.hpp"
#include "training/heads/held_out.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {
namespace {

using HeadPtr = std::shared_ptr<models::Head>;

/// A candidate with everything needed to compare it, to average it with others, and to fit it again.
struct Judged {
    Candidate candidate;
    at::Tensor logits;  ///< [N, K] float32, of the held-out images
    Contender contender;
    Setting setting = {};
    std::vector<size_t> members = {};  ///< the contestants that it consists of
};

/// A family on one of the inputs.
struct Contestant {
    Family family;
    bool linear = true;
    size_t input = 0;
    std::string name;
};

class Solver {
  public:
    Solver(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance)
        : problem_(problem),
          options_(options),
          inputs_(head_inputs(options, problem.x, problem.stage_features, problem.source)),
          image_weights_(balanced_image_weights(problem.y, problem.classes, balance)),
          held_out_(problem, options, balance),
          fold_moments_(inputs_.size()) {}

    SolvedHead solve() {
        const bool choosing = options_.type == HeadKind::kAuto;
        std::vector<HeadKind> kinds = choosing ? options_.candidates : std::vector{options_.type};
        const bool ensemble = std::erase(kinds, HeadKind::kEnsemble) > 0;
        const std::vector<PreparedRows> all = prepared(Exactness::kToKeep, std::nullopt);
        std::vector<Contestant> contestants;
        for (size_t input = 0; input < inputs_.size(); ++input) {
            for (const HeadKind kind : kinds) {
                const HeadType& type = type_of(kind);
                if (!type.linear && inputs_[input].of_source()) continue;
                contestants.push_back({.family = type.family(all[input], held_out_, options_),
                                       .linear = type.linear,
                                       .input = input,
                                       .name = std::string(type.word) + inputs_[input].suffix});
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
    /// The middle of the path, for use without folds to choose by.
    static const Setting& middle(const Family& family) { return family.settings[family.settings.size() / 2]; }

    /// For each input, the rows of all images, or of those outside a fold.
    std::vector<PreparedRows> prepared(Exactness exactness, std::optional<int64_t> left_out) const {
        const at::Tensor images = left_out ? held_out_.without(*left_out) : at::arange(problem_.y.size(0));
        std::vector<PreparedRows> result;
        for (size_t input = 0; input < inputs_.size(); ++input) {
            WeightedRows rows = rows_of(input, images);
            std::function<RowMoments()> moments;
            if (held_out_.folds() <= FoldMoments::kMost && RowMoments::along_features(rows.x.size(0), rows.x.size(1)))
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

    /// Computed once, at the first use.
    const FoldMoments& fold_moments(size_t input) const {
        std::optional<FoldMoments>& moments = fold_moments_[input];
        if (!moments) {
            moments.emplace(rows_of(input, at::arange(problem_.y.size(0))),
                            held_out_.fold_of().repeat_interleave(problem_.x.size(1)));
        }
        return *moments;
    }

    HeadPtr fit(const Contestant& contestant, const std::vector<PreparedRows>& rows, const Setting& setting) const {
        return contestant.family.fit(rows[contestant.input], {setting}, {}).front();
    }

    /// Returns the head to keep. Its logits are multiplied by the calibration factor, if that is wanted, and then
    /// reduced by the contribution of the class frequencies. (Menon et al. 2021, eq. 9, arXiv:2007.07314, for
    /// log-probabilities; the factor turns scores such as ridge's into these.)
    HeadPtr finished(HeadPtr head, double factor) const {
        head = scaled(std::move(head), options_.calibrate ? factor : 1);
        if (auto* linear = dynamic_cast<models::LinearHead*>(head.get())) {
            const c10::NoGradGuard no_grad;
            linear->bias.sub_(held_out_.adjustment());
        }
        return head;
    }

    /// The settings to evaluate for each contestant; empty: the contestant is skipped.
    using Asked = std::vector<std::vector<Setting>>;

    /// The last fit for each contestant and each fold, of contestants whose fits start from earlier ones.
    using LastFitted = std::vector<std::vector<Fitted>>;

    /// Evaluates every setting of every contestant on the held-out images; returns a list for each contestant. If the
    /// chosen setting is at the end of its grid, evaluates further settings.
    std::vector<std::vector<Judged>> judge(const std::vector<Contestant>& contestants) const {
        std::vector<std::vector<Judged>> judged(contestants.size());
        Asked asked;
        LastFitted last(contestants.size(), std::vector<Fitted>(static_cast<size_t>(held_out_.folds())));
        for (const Contestant& contestant : contestants) asked.push_back(contestant.family.settings);
        bool any = true;
        for (const char* phase = "cross-validate"; any; phase = "widen grids") {
            add_judged(contestants, asked, phase, judged, last);
            any = false;
            for (size_t c = 0; c < contestants.size(); ++c) {
                if (asked[c].empty()) continue;  // already settled
                std::vector<Setting> tried;
                for (const Judged& one : judged[c]) tried.push_back(one.setting);
                const auto next = contestants[c].family.reserve.beyond(tried, chosen_of(judged[c]).chosen);
                asked[c].clear();
                if (next) asked[c].push_back(*next);
                any = any || next;
            }
        }
        return judged;
    }

    Choice chosen_of(const std::vector<Judged>& judged) const {
        std::vector<Contender> contenders;
        for (const Judged& one : judged) contenders.push_back(one.contender);
        return choose(contenders, held_out_.weights());
    }

    /// Evaluates the given settings in one pass over the folds.
    void add_judged(const std::vector<Contestant>& contestants, const Asked& asked, const char* phase,
                    std::vector<std::vector<Judged>>& judged, LastFitted& last) const {
        using Clock = std::chrono::steady_clock;
        const auto taking_part = std::ranges::count_if(asked, [](const auto& settings) { return !settings.empty(); });
        core::Phase progress(phase, taking_part * held_out_.folds(), "folds");
        std::vector<std::vector<at::Tensor>> logits(contestants.size());
        for (size_t c = 0; c < contestants.size(); ++c) {
            for (size_t s = 0; s < asked[c].size(); ++s) {
                logits[c].push_back(at::zeros({problem_.y.size(0), problem_.classes}));
            }
        }
        std::vector<double> seconds(contestants.size(), 0);
        for (int64_t fold = 0; fold < held_out_.folds(); ++fold) {
            const at::Tensor out = held_out_.of(fold);
            std::vector<PreparedRows> rows;
            if (out.numel() > 0) rows = prepared(Exactness::kToCompare, fold);
            for (size_t c = 0; c < contestants.size(); ++c) {
                if (asked[c].empty()) continue;
                core::throw_if_interrupted();
                progress.advance(1);
                if (rows.empty()) continue;
                const auto& [family, linear, input, name] = contestants[c];
                const auto start = Clock::now();
                const at::Tensor images = inputs_[input].x.narrow(1, 0, problem_.judged_views).index_select(0, out);
                Fitted& before = last[c][static_cast<size_t>(fold)];
                const auto heads = family.fit(rows[input], asked[c], before);
                if (family.starts_from_fitted) before = {asked[c].back(), heads.back()};
                for_each_setting(heads.size(), [&](size_t s) {
                    logits[c][s].index_copy_(0, out, models::mean_logits(*heads[s], images));
                });
                seconds[c] += std::chrono::duration<double>(Clock::now() - start).count();
            }
        }
        for (size_t c = 0; c < contestants.size(); ++c) {
            const size_t before = judged[c].size();
            judged[c].resize(before + logits[c].size());
            for_each_setting(logits[c].size(), [&](size_t s) {
                const Setting& setting = asked[c][s];
                Judged& one = judged[c][before + s];
                one = measured({.head = contestants[c].name, .setting = setting.said, .seconds = seconds[c]},
                               logits[c][s], contestants[c].linear);
                one.contender.complexity.beyond_features = beyond_features(contestants[c]);
                one.setting = setting;
                one.members = {c};
            });
        }
    }

    bool beyond_features(const Contestant& contestant) const {
        const HeadInput& input = inputs_[contestant.input];
        return !contestant.linear || input.of_source() || input.columns.stages > 0;
    }

    Judged measured(Candidate candidate, const at::Tensor& logits, bool linear) const {
        Answers answers = held_out_.judge(logits, linear);
        const Estimate right = estimate(answers.right, held_out_.weights());
        candidate.top1 = 100 * right.mean;
        candidate.error = 100 * right.error;
        candidate.loss = estimate(answers.losses, held_out_.weights()).mean;
        return {.candidate = std::move(candidate), .logits = logits, .contender = {std::move(answers)}};
    }

    SolvedHead judged_best(const std::vector<Contestant>& contestants, const std::vector<PreparedRows>& all,
                           bool ensemble) const {
        std::vector<Judged> best_of;  // of each contestant
        std::vector<Judged> table;
        for (std::vector<Judged>& settings : judge(contestants)) {
            best_of.push_back(settings[chosen_of(settings).chosen]);
            for (Judged& judged : settings) {
                judged.logits.reset();  // only the best are averaged
                table.push_back(std::move(judged));
            }
        }
        if (ensemble) add_ensembles(contestants, best_of, table);

        const Choice choice = chosen_of(table);
        for (size_t i = 0; i < table.size(); ++i) table[i].candidate.why = choice.why[i];
        Judged& chosen = table[choice.chosen];
        chosen.candidate.chosen = true;
        std::vector<HeadPtr> heads;
        std::vector<double> factors;
        HeadColumns columns;
        for (const size_t c : chosen.members) columns = joined(columns, inputs_[contestants[c].input].columns);
        for (const size_t c : chosen.members) {
            const Judged& member = chosen.members.size() == 1 ? chosen : best_of[c];
            heads.push_back(
                head_of_network(fit(contestants[c], all, member.setting), inputs_[contestants[c].input], columns));
            factors.push_back(member.contender.answers.factors.best);
        }
        SolvedHead solved;
        solved.head = finished(heads.size() == 1 ? heads.front() : averaged(heads, factors),
                               chosen.contender.answers.factors.cautious);
        for (const Judged& row : table) solved.candidates.push_back(row.candidate);
        return solved;
    }

    /// Adds an ensemble of each size. Starts with the best linear contestant and adds the contestant that gives the
    /// best ensemble, until all are in it (Caruana et al. 2004, "Ensemble selection from libraries of models", section
    /// 2).
    void add_ensembles(const std::vector<Contestant>& contestants, const std::vector<Judged>& best_of,
                       std::vector<Judged>& table) const {
        std::vector<size_t> waiting;
        for (size_t c = 0; c < contestants.size(); ++c) {
            if (contestants[c].linear) waiting.push_back(c);
        }
        Judged grown;
        while (!waiting.empty()) {
            std::vector<Judged> tried;
            for (const size_t c : waiting) {
                core::throw_if_interrupted();
                std::vector<size_t> members = grown.members;
                members.push_back(c);
                tried.push_back(ensemble_of(members, contestants, best_of));
            }
            grown = std::move(tried[chosen_of(tried).chosen]);
            std::erase(waiting, grown.members.back());
            if (grown.members.size() < 2) continue;
            table.push_back(grown);
        }
    }

    Judged ensemble_of(const std::vector<size_t>& members, const std::vector<Contestant>& contestants,
                       const std::vector<Judged>& best_of) const {
        std::vector<std::string> names;
        at::Tensor sum = at::zeros({problem_.y.size(0), problem_.classes});
        for (const size_t c : members) {
            names.push_back(contestants[c].name);
            sum.add_(best_of[c].logits,
                     best_of[c].contender.answers.factors.best / static_cast<double>(members.size()));
        }
        Judged judged = measured({.head = "ensemble", .setting = core::join(names, " + ")}, sum, /*linear=*/true);
        judged.logits.reset();  // only members are averaged
        Complexity& complexity = judged.contender.complexity;
        complexity.members = static_cast<int64_t>(members.size());
        for (const size_t c : members) {
            complexity.beyond_features = complexity.beyond_features || beyond_features(contestants[c]);
        }
        judged.members = members;
        return judged;
    }

    const HeadProblem& problem_;
    const HeadOptions& options_;
    std::vector<HeadInput> inputs_;
    at::Tensor image_weights_;  ///< [N] double; undefined: all equal
    HeldOut held_out_;
    mutable std::vector<std::optional<FoldMoments>> fold_moments_;  ///< of each input
};

}  // namespace

SolvedHead solve_head(const HeadProblem& problem, const HeadOptions& options, const data::BalanceOptions& balance) {
    const c10::NoGradGuard no_grad;
    return Solver(problem, options, balance).solve();
}

}  // namespace kaziranga::training
