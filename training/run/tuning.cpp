#include "training/run/tuning.hpp"

#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hash.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "data/csv_table.hpp"
#include "evaluation/read_records.hpp"
#include "training/run/run_folder.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <functional>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;
using core::config::Strings;

std::optional<double> number(const std::string& text) {
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

constexpr std::string_view kFirstFigure = "cv_top1";  // first column of tuning.csv after the keys

std::string key_of(const std::string& override_text) {
    return override_text.substr(0, override_text.find('='));
}

/// A key and the values that are tried for it; numbers ascending.
struct Axis {
    std::string key;
    Strings values;
    bool numeric = false;

    std::string override_of(size_t i) const { return key + "=" + values[i]; }

    /// The next value beyond an end, in the ratio of the two values there; none if there is no such ratio.
    std::optional<std::string> beyond(bool last) const {
        if (!numeric || values.size() < 2) return std::nullopt;
        const size_t count = values.size();
        const double end = *number(last ? values[count - 1] : values[0]);
        const double before = *number(last ? values[count - 2] : values[1]);
        if (!(end > 0) || !(before > 0)) return std::nullopt;
        const double next = end * end / before;
        const bool whole =
            std::ranges::all_of(values, [](const std::string& v) { return v.find_first_of(".eE") == v.npos; });
        if (!whole) return fmt::format("{:.3g}", next);
        const double rounded = std::round(next);
        return rounded < 1 || rounded == end ? std::nullopt : std::optional(fmt::format("{:.0f}", rounded));
    }
};

std::vector<Axis> axes_of(const core::config::Table& grid) {
    std::vector<Axis> axes;
    for (const auto& [key, values] : grid) {
        Axis axis{.key = key, .values = values};
        axis.numeric = std::ranges::all_of(values, [](const std::string& v) { return number(v).has_value(); });
        if (axis.numeric) std::ranges::sort(axis.values, {}, [](const std::string& v) { return *number(v); });
        axes.push_back(std::move(axis));
    }
    return axes;
}

Options with(const Options& options, const Strings& overrides) {
    Options changed = options;
    changed.tune.grid.clear();
    std::vector<core::config::Override> words;
    for (const std::string& text : overrides) words.push_back({text, "tune.grid"});
    core::config::read_into(core::config::group_of<Options>(), &changed, "", "tune.grid", words);
    return changed;
}

bool better(const Trial& a, const Trial& b) {
    return a.top1 != b.top1 ? a.top1 > b.top1 : a.loss < b.loss;
}

/// Tries settings and remembers their results.
class Search {
  public:
    Search(const core::config::Table& grid, const std::function<bool(const std::string&)>& possible,
           const std::function<void(Trial&)>& judge)
        : axes_(axes_of(grid)), possible_(possible), judge_(judge) {
        for (const auto& [key, values] : grid) best_.push_back(key + "=" + values.front());
    }

    std::vector<Trial> run(int64_t rounds) {
        for (int64_t round = 0; round < rounds; ++round) {
            const Strings before = best_;
            for (size_t a = 0; a < axes_.size(); ++a) improve(a);
            if (best_ == before) break;
        }
        std::vector<Trial> trials(trials_.begin(), trials_.end());
        for (Trial& trial : trials) trial.chosen = trial.overrides == best_;
        return trials;
    }

  private:
    /// The trial of the best values so far, with the value of one key replaced.
    const Trial& trial_with(size_t a, const std::string& override_text) {
        Strings setting = best_;
        setting[a] = override_text;
        const std::string name = core::join(setting, " ");
        if (const auto found = place_.find(name); found != place_.end()) return trials_[found->second];
        Trial made{.overrides = std::move(setting)};
        judge_(made);
        place_.emplace(name, trials_.size());
        trials_.push_back(std::move(made));
        return trials_.back();
    }

    /// True if the best value is at an end and is better than its neighbour there by more than chance.
    bool gains_at_end(size_t a, size_t best, bool last) {
        const Axis& axis = axes_[a];
        if (axis.values.size() < 2 || best != (last ? axis.values.size() - 1 : 0)) return false;
        const Trial& end = trial_with(a, axis.override_of(best));
        const Trial& neighbour = trial_with(a, axis.override_of(last ? best - 1 : best + 1));
        return end.top1 - neighbour.top1 > end.error;
    }

    void improve(size_t a) {
        Axis& axis = axes_[a];
        const auto found = std::ranges::find(axis.values, best_[a].substr(axis.key.size() + 1));
        auto best = static_cast<size_t>(found - axis.values.begin());
        const auto consider = [&](size_t i) {
            const Trial& tried = trial_with(a, axis.override_of(i));
            if (better(tried, trial_with(a, axis.override_of(best)))) best = i;
        };
        for (size_t i = 0; i < axis.values.size(); ++i) consider(i);
        for (const bool last : {false, true}) {
            for (int step = 0; step < kMostSteps && gains_at_end(a, best, last); ++step) {
                const std::optional<std::string> next = axis.beyond(last);
                if (!next || !possible_(axis.key + "=" + *next)) break;
                axis.values.insert(last ? axis.values.end() : axis.values.begin(), *next);
                if (!last) ++best;
                consider(last ? axis.values.size() - 1 : 0);
            }
        }
        best_[a] = axis.override_of(best);
    }

    std::vector<Axis> axes_;
    const std::function<bool(const std::string&)>& possible_;
    const std::function<void(Trial&)>& judge_;
    Strings best_;              ///< best value of each axis so far
    std::deque<Trial> trials_;  ///< references stay valid when it grows
    std::map<std::string, size_t> place_;
};

/// Evaluates settings by trainings that hold out a part of the training images.
class HeldOutTrainings {
  public:
    HeldOutTrainings(const Options& options, fs::path folder, const std::function<void(const Options&)>& train)
        : options_(options), folder_(std::move(folder)), train_(train) {}

    void judge(Trial& trial) const {
        const std::string name = core::join(trial.overrides, " ");
        core::log().info("tune: {}", core::printable(name));
        int64_t images = 0;
        const int64_t turns = options_.tune.turns == 0 ? options_.tune.folds : options_.tune.turns;
        for (int64_t fold = 0; fold < turns; ++fold) {
            const evaluation::RunRecord record = train_without(fold, trial.overrides, name);
            trial.seconds += record.seconds;
            if (!record.splits.contains("test")) continue;  // fewer images than folds
            const evaluation::Metrics& m = record.splits.at("test");
            trial.top1 += m.top1 * static_cast<double>(m.n);
            trial.loss += m.loss * static_cast<double>(m.n);
            images += m.n;
        }
        if (images == 0) {
            throw core::Error(
                {.what = "no training image could be held out to choose settings by",
                 .where = "tune.grid",
                 .expected = "classes of two training images at least, some in the first tune.turns folds",
                 .remedy = "give more training images (data.shots), or leave tune.grid out"});
        }
        const auto count = static_cast<double>(images);
        trial.top1 /= count;
        trial.loss /= count;
        trial.error = std::sqrt(trial.top1 * (100 - trial.top1) / count);
        core::log().info("tune: held-out top-1 {:.2f} %, loss {:.4f}", trial.top1, trial.loss);
    }

  private:
    evaluation::RunRecord train_without(int64_t fold, const Strings& overrides, const std::string& name) const {
        Options options = with(options_, overrides);
        options.data.folds = options_.tune.folds;
        options.data.fold = fold;
        options.train.measure.clear();
        options.output = (folder_ / fmt::format("{:016x}", core::hash64(name)) / fmt::format("fold_{}", fold)).string();
        const RunFolder run{options.output};
        const RunStatus status = run_status(options);
        if (status != RunStatus::kFinished) {
            core::throw_if_interrupted();
            options.overwrite = status == RunStatus::kOther;
            options.resume = !options.overwrite;
            train(options, name);
            fs::remove_all(run.weights());  // only the metrics are needed
        }
        return evaluation::parse_metrics(core::read_file(run.metrics()), run.metrics().string());
    }

    void train(const Options& options, const std::string& name) const {
        try {
            train_(options);
        } catch (const core::Error& error) {
            std::vector<core::Problem> problems = error.problems();
            problems.push_back({.what = "a setting of tune.grid cannot be trained",
                                .where = name,
                                .remedy = "leave it out of tune.grid"});
            throw core::Error(std::move(problems));
        }
    }

    const Options& options_;
    const fs::path folder_;
    const std::function<void(const Options&)>& train_;
};

}  // namespace

Strings chosen(const std::vector<Trial>& trials) {
    const auto found = std::ranges::find_if(trials, &Trial::chosen);
    return found == trials.end() ? Strings{} : found->overrides;
}

double seconds_of(const std::vector<Trial>& trials) {
    return std::accumulate(trials.begin(), trials.end(), 0.0,
                           [](double sum, const Trial& trial) { return sum + trial.seconds; });
}

std::vector<Trial> search(const core::config::Table& grid, int64_t rounds,
                          const std::function<bool(const std::string&)>& possible,
                          const std::function<void(Trial&)>& judge) {
    return Search(grid, possible, judge).run(rounds);
}

std::vector<core::Problem> problems_of_settings(const Options& options) {
    std::vector<core::Problem> problems;
    for (const auto& [key, values] : options.tune.grid) {
        for (const std::string& value : values) {
            try {
                with(options, {key + "=" + value});
            } catch (const core::Error& error) {
                problems.insert(problems.end(), error.problems().begin(), error.problems().end());
            }
        }
    }
    return problems;
}

Tuned tune(const Options& options, const fs::path& folder, const std::function<void(const Options&)>& train) {
    const HeldOutTrainings trainings(options, folder, train);
    const auto possible = [&](const std::string& text) {
        try {
            with(options, {text});
        } catch (const core::Error&) {
            return false;
        }
        return true;
    };
    const auto trials =
        search(options.tune.grid, options.tune.rounds, possible, [&](Trial& trial) { trainings.judge(trial); });
    return {with(options, chosen(trials)), trials};
}

std::string tuning_csv(const std::vector<Trial>& trials) {
    std::string csv;
    for (const std::string& text : trials.front().overrides) csv += core::csv_field(key_of(text)) + ",";
    csv += std::string(kFirstFigure) + ",standard_error,cv_loss,seconds,chosen\n";
    for (const Trial& t : trials) {
        for (const std::string& text : t.overrides) csv += core::csv_field(text.substr(key_of(text).size() + 1)) + ",";
        csv +=
            fmt::format("{:.4f},{:.4f},{:.6f},{:.2f},{}\n", t.top1, t.error, t.loss, t.seconds, t.chosen ? "yes" : "");
    }
    return csv;
}

std::vector<Trial> parse_tuning(std::string_view csv, const std::string& name) {
    const data::CsvTable table = data::parse_csv(csv);
    const auto refuse = [&] {
        return core::Error({.what = "not the table of a search",
                            .where = name,
                            .expected = "what tune.grid writes",
                            .remedy = "remove the run's folder and train it again"});
    };
    if (!table.problems.empty() || table.records.empty()) throw refuse();
    const std::vector<std::string>& heading = table.records.front().fields;
    const auto keys = static_cast<size_t>(std::ranges::find(heading, kFirstFigure) - heading.begin());
    constexpr size_t kFigures = 5;
    std::vector<Trial> trials;
    for (size_t line = 1; line < table.records.size(); ++line) {
        const std::vector<std::string>& fields = table.records[line].fields;
        if (heading.size() != keys + kFigures || fields.size() != heading.size()) throw refuse();
        Trial trial;
        for (size_t k = 0; k < keys; ++k) trial.overrides.push_back(heading[k] + "=" + fields[k]);
        const auto figure = [&](size_t i) { return number(fields[keys + i]).value_or(0); };
        trial.top1 = figure(0);
        trial.error = figure(1);
        trial.loss = figure(2);
        trial.seconds = figure(3);
        trial.chosen = fields.back() == "yes";
        trials.push_back(std::move(trial));
    }
    return trials;
}

}  // namespace kaziranga::training
