#include "studies/reproduce/page.hpp"

#include "core/files.hpp"
#include "core/text.hpp"
#include "data/manifests/load.hpp"
#include "data/read_image.hpp"
#include "evaluation/report/contact_sheet.hpp"
#include "studies/reproduce/comparison.hpp"
#include "studies/reproduce/overfitting.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <ATen/ops/stack.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

namespace fs = std::filesystem;
using core::config::Strings;
using evaluation::Interval;
using evaluation::Series;

/// Points of top-1 that freezing may cost without counting as a loss.
constexpr double kMargin = 1;

/// Nats of test loss: a smaller rise does not matter. It means 5 % less probability for the right class. Without this
/// limit, chance would decide the verdict on a training that ends at its lowest test loss.
constexpr double kLeastRise = 0.05;

double train_top1_of(const ArmResult& r) {
    return r.train_top1;
}
double seconds_of(const ArmResult& r) {
    return r.seconds;
}

/// Reads the results and reports them.
class Teller {
  public:
    Teller(const ReproduceOptions& options, const Reproduction& all, Findings& findings)
        : o_(options), all_(all), compare_(options, all), arms_(arms_of(options)), findings_(findings) {}

    void tell() {
        tell_setting();
        tell_settings();
        tell_arms();
        tell_epochs();
        tell_depths();
        tell_shots();
        if (o_.made_up_target() && o_.shifts.size() > 1) tell_shifts();
    }

  private:
    Photograph sheet(const std::string& name, const fs::path& park, const std::string& caption) const {
        const data::Manifest manifest = data::read_manifest({.root = park.string(), .format = "park"});
        constexpr size_t kShown = 16;
        const data::Samples& samples = manifest.train;
        std::vector<at::Tensor> images;
        std::vector<std::string> captions;
        for (size_t i = 0; i < kShown; ++i) {
            const data::Sample& sample = samples[i * samples.size() / kShown];
            images.push_back(data::read_image(sample, {}).permute({2, 0, 1}));
            captions.push_back(manifest.classes[static_cast<size_t>(sample.label)]);
        }
        const fs::path file = fs::path(o_.output) / (name + ".jpg");
        evaluation::write_contact_sheet(file, at::stack(images), captions);
        return {name, caption, core::read_file(file)};
    }

    void tell_setting() {
        auto& parts = findings_.parts;
        parts.push_back(Heading{"The setting"});
        if (o_.made_up_source()) {
            Strings sources;
            for (const Source& s : all_.sources) {
                sources.push_back(
                    s.top1 < 0 ? fmt::format("{:.0f} s", s.seconds)
                               : fmt::format("{:.0f} s, {:.1f} % of its held-out images right", s.seconds, s.top1));
            }
            parts.push_back(
                Text{fmt::format("Olympic: {} made-up species, {} images of each, {} × {} pixels. Networks trained on "
                                 "them from random weights are the sources, {} in all: {}.",
                                 o_.olympic.species, o_.olympic.train_images, o_.olympic.size, o_.olympic.size,
                                 sources.size(), core::join(sources, "; "))});
            constexpr double kScenario = 1e6;
            const auto images = static_cast<double>(o_.olympic.species * o_.olympic.train_images);
            parts.push_back(
                Text{fmt::format("The scenario speaks of 1,000,000 images of 1,000 classes; the source of this run has "
                                 "learned from {:.0f}, {:.3g} % of that. How long it learns was not searched for in "
                                 "this run: one that has learned longer may carry over more.",
                                 images, 100 * images / kScenario)});
        } else {
            parts.push_back(Text{"Source: " + o_.source + " weights."});
        }
        parts.push_back(Text{o_.made_up_target() ? fmt::format("Kaziranga: {} other species; {} training images of "
                                                               "each are drawn from {}, {} of each are for testing.",
                                                               o_.kaziranga.species, o_.shots.back(),
                                                               o_.kaziranga.train_images, o_.kaziranga.test_images)
                                                 : "Target: " + o_.target + "."});
        if (o_.made_up_source()) parts.push_back(sheet("olympic", olympic_folder(o_), "Olympic"));
        if (!o_.made_up_target()) return;
        parts.push_back(sheet("kaziranga", kaziranga_folder(o_, o_.shifts.front()),
                              fmt::format("Kaziranga, shift {:g}", o_.shifts.front())));
        if (o_.shifts.size() > 1) {
            parts.push_back(sheet("kaziranga_far", kaziranga_folder(o_, o_.shifts.back()),
                                  fmt::format("Kaziranga, shift {:g}", o_.shifts.back())));
        }
    }

    /// Reports the chosen settings of each arm, and the cost of the search.
    void tell_settings() {
        std::vector<std::vector<std::string>> rows = {{"arm", "settings tried", "seconds of all", "chosen"}};
        for (const Arm& arm : arms_) {
            const auto found = all_.settings.find(arm.name);
            if (found == all_.settings.end() || found->second.chosen.empty()) continue;
            const Settings& s = found->second;
            rows.push_back(
                {arm.name, std::to_string(s.trials), fmt::format("{:.0f}", s.seconds), core::join(s.chosen, ", ")});
            findings_.figures.push_back({"time of the search, " + arm.name, s.seconds, "s"});
        }
        findings_.parts.push_back(Heading{"Budgets"});
        if (rows.size() == 1) {
            findings_.parts.push_back(
                Text{"Each arm trains as the config says; nothing was searched for in this run. Depths of freezing "
                     "have the settings of fine_tuned; other shots and shifts have those of the arm."});
            return;
        }
        findings_.parts.push_back(Text{fmt::format(
            "Searched for on held-out training images of seed {}, from lists of the arm's own by the same rules; the "
            "chosen values are those of all seeds, shots and shifts, and of fine_tuned those of the depths of freezing "
            "too. A list of numbers goes on beyond its end while that gains more than a standard error.",
            o_.seeds.front())});
        findings_.parts.push_back(Grid{rows});
    }

    void tell_arms() {
        std::vector<std::vector<std::string>> rows = {{"arm", "test top-1, %", "±", "train top-1, %", "gap", "seconds",
                                                       "sd of seeds", "sd of sources", "se of images"}};
        const auto cell = [](const std::optional<double>& x) {
            return x ? fmt::format("{:.2f}", *x) : std::string("-");
        };
        for (const Arm& arm : arms_) {
            const Runs runs = compare_.main(arm.name);
            const Estimate test = compare_.top1(runs);
            const double train = Comparison::mean(runs, train_top1_of), seconds = Comparison::mean(runs, seconds_of);
            rows.push_back({arm.name, fmt::format("{:.2f}", test.interval.mean),
                            fmt::format("{:.2f}", test.interval.half_width), fmt::format("{:.2f}", train),
                            fmt::format("{:.2f}", train - test.interval.mean), fmt::format("{:.1f}", seconds),
                            cell(test.sd_seeds), cell(test.sd_sources), cell(test.se_images)});
            findings_.figures.push_back({"test top-1, " + arm.name, test.interval.mean, "%", test.interval});
            findings_.figures.push_back({"time, " + arm.name, seconds, "s"});
        }
        findings_.parts.push_back(Heading{fmt::format("Ways of training, {} images a class", o_.shots.back())});
        findings_.parts.push_back(Text{fmt::format(
            "Means and intervals of {:g} % over {}. Seconds are all that a run needs from nothing: its features, the "
            "choice and solving of its head, and its training; without the training of the source, which all targets "
            "share, without what is measured after epochs, and without a search of settings. The gap is training minus "
            "test accuracy; it is no over-fitting by itself, see the losses below. Every claim of this page is judged "
            "by its own interval, none widened for their number.{}",
            100 * o_.confidence, compare_.over(o_.seeds.size()),
            all_.sources.size() > 1 ? "" : " There is one source: what another would change is in no interval.")});
        findings_.parts.push_back(Grid{rows});
        findings_.figures.push_back({"time, all trainings", all_seconds(), "s"});
        claim_advantage("A new output layer on the frozen network beats training the whole network from scratch",
                        kFrozen, kScratch);
        claim_advantage("Fine-tuning the whole network at once beats the frozen network", kFineTuned, kFrozen);
        claim_advantage("Training the head first and then the whole network beats the frozen network", kLpFt, kFrozen);
        claim_advantage("What carries over is what was learned: the source's frozen features beat random ones", kFrozen,
                        kRandomFeatures);
        claim_speed();
    }

    double all_seconds() const {
        double sum = 0;
        for (const Source& source : all_.sources) sum += source.seconds;
        for (const ArmResult& r : all_.results) sum += r.seconds;
        for (const auto& [arm, settings] : all_.settings) sum += settings.seconds;
        return sum;
    }

    void claim_advantage(const std::string& text, const std::string& better, const std::string& than) {
        const Estimate e = compare_.advantage(compare_.main(better), compare_.main(than));
        findings_.claims.push_back({text, to_text(e.interval) + " percentage points", is_above(e.interval, 0)});
    }

    void claim_speed() {
        const auto log_seconds = [](const ArmResult& r) { return std::log(r.seconds); };
        const Runs frozen = compare_.main(kFrozen), scratch = compare_.main(kScratch);
        const double ratio = std::exp(Comparison::mean(scratch, log_seconds) - Comparison::mean(frozen, log_seconds));
        const std::optional<Interval> of_runs = compare_.over_runs(scratch, frozen, log_seconds);
        findings_.claims.push_back(
            {"Training the output layer alone is faster than training from scratch",
             fmt::format("{:.1f} times as fast{}, features included, the source not", ratio,
                         of_runs ? fmt::format(" ({:.1f} to {:.1f}, over {} alone)", std::exp(of_runs->low()),
                                               std::exp(of_runs->high()), Comparison::whole_runs(frozen))
                                 : ""),
             of_runs ? is_above(*of_runs, 0) : Verdict::kUndecided});
    }

    /// Mean over sources and seeds of a column of the curves.
    static std::vector<double> mean_curve(const Runs& runs, std::vector<double> Curve::* column) {
        std::vector<double> mean;
        double count = 0;
        for (const auto& row : runs) {
            for (const ArmResult* run : row) {
                const std::vector<double>& values = run->curve.*column;
                if (mean.empty()) mean.assign(values.size(), 0);
                if (values.size() != mean.size()) return {};
                for (size_t e = 0; e < mean.size(); ++e) mean[e] += values[e];
                ++count;
            }
        }
        for (double& x : mean) x /= count;
        return mean;
    }

    /// Draws each arm's curve on training and test images, against the completed share of its training.
    void draw_curves(const std::string& name, const std::string& title, const std::string& y_label,
                     std::vector<double> Curve::* train, std::vector<double> Curve::* test) {
        evaluation::Chart chart{.title = title, .x_label = "share of the training, %", .y_label = y_label};
        int colour = 0;
        for (const Arm& arm : arms_) {
            if (arm.name != arm.settings_of) continue;  // depths of freezing have their own chart
            const Runs runs = compare_.main(arm.name);
            const std::vector<double> epochs = mean_curve(runs, &Curve::epochs);
            const std::vector<double> of_train = mean_curve(runs, train), of_test = mean_curve(runs, test);
            ++colour;
            if (epochs.empty()) continue;
            Series dashed{.name = arm.name + ", training images",
                          .mark = evaluation::Mark::kDashes,
                          .colour = colour - 1,
                          .listed = false};
            Series full{.name = arm.name, .colour = colour - 1};
            for (size_t e = 0; e < epochs.size(); ++e) {
                const double done = 100 * epochs[e] / epochs.back();
                dashed.add(done, of_train[e]);
                full.add(done, of_test[e]);
            }
            chart.series.push_back(std::move(dashed));
            chart.series.push_back(std::move(full));
        }
        if (chart.series.empty()) return;
        findings_.parts.push_back(Picture{
            name, "Full: test images; dashed: training images as they are classified. Mean of the seeds and sources.",
            chart});
    }

    void tell_epochs() {
        findings_.parts.push_back(Heading{"By epoch"});
        draw_curves("epochs", "Accuracy by epoch", "top-1, %", &Curve::train, &Curve::test);
        draw_curves("losses", "Loss by epoch", "cross-entropy, nats", &Curve::train_loss, &Curve::test_loss);
        std::vector<std::vector<std::string>> rows = {
            {"arm", "test loss rises by, nats", "±", "training loss falls by, nats"}};
        std::map<const ArmResult*, Turn> turns;
        for (const Arm& arm : arms_) {
            const Runs runs = compare_.main(arm.name);
            const auto of_arm = turns_of(runs);
            turns.insert(of_arm.begin(), of_arm.end());
            const auto rise = [&](const ArmResult& r) { return of_arm.at(&r).rise; };
            const auto fall = [&](const ArmResult& r) { return of_arm.at(&r).fall; };
            if (!all_have(runs, turns)) continue;
            const std::optional<Interval> mean = compare_.over_runs(runs, rise);
            rows.push_back({arm.name, fmt::format("{:.3f}", mean->mean), fmt::format("{:.3f}", mean->half_width),
                            fmt::format("{:.3f}", Comparison::mean(runs, fall))});
        }
        if (rows.size() == 1) return;
        findings_.parts.push_back(Text{
            fmt::format("Over-fitting is test loss that rises again while training loss falls, within the epochs that "
                        "the arm has; below zero it falls. From the measured epoch with the lowest test loss to the "
                        "last. That epoch is the one of the other seeds' lowest loss: a seed's own would show a rise "
                        "by chance alone. Intervals of {:g} % over {}, of losses over all test images.",
                        100 * o_.confidence, Comparison::whole_runs(compare_.main(kFrozen)))});
        findings_.parts.push_back(Grid{rows});
        claim_overfitting(turns);
    }

    static bool all_have(const Runs& runs, const std::map<const ArmResult*, Turn>& turns) {
        return std::ranges::all_of(runs, [&](const auto& row) {
            return std::ranges::all_of(row, [&](const ArmResult* run) { return turns.contains(run); });
        });
    }

    void claim_overfitting(const std::map<const ArmResult*, Turn>& turns) {
        const Runs scratch = compare_.main(kScratch), frozen = compare_.main(kFrozen);
        const auto rise = [&](const ArmResult& r) { return turns.at(&r).rise; };
        const auto fall = [&](const ArmResult& r) { return turns.at(&r).fall; };
        if (!all_have(scratch, turns)) return;
        const Interval alone = *compare_.over_runs(scratch, rise);
        const double falls = Comparison::mean(scratch, fall);
        findings_.claims.push_back(
            {fmt::format("Trained from scratch as long as here, the network over-fits: test loss rises again by more "
                         "than {:g} nats while training loss falls",
                         kLeastRise),
             fmt::format("test loss rises by {} nats (over {} alone), training loss falls by {:.2f}", to_text(alone, 3),
                         Comparison::whole_runs(scratch), falls),
             falls > 0 ? is_above(alone, kLeastRise) : Verdict::kNotSupported});
        if (!all_have(frozen, turns)) return;
        const Interval more = *compare_.over_runs(scratch, frozen, rise);
        findings_.claims.push_back(
            {fmt::format("From scratch test loss rises again by {:g} nats more than that of a new output layer on the "
                         "frozen network",
                         kLeastRise),
             fmt::format("it rises by {} nats more (over {} alone)", to_text(more, 3), Comparison::whole_runs(frozen)),
             is_above(more, kLeastRise)});
    }

    void tell_depths() {
        if (!o_.freeze_depths) return;
        const int64_t stages = stages_of(o_);
        Series curve{.name = "as the source left them"};
        const auto arm_at = [&](int64_t k) -> std::string {
            return k == 0 ? kFineTuned : k == stages ? kFrozen : fmt::format("freeze_{}", k);
        };
        for (int64_t k = 0; k <= stages; ++k) {
            curve.add(static_cast<double>(k), compare_.top1(compare_.main(arm_at(k))).interval);
        }
        findings_.parts.push_back(Heading{"How deep what was learned carries over"});
        findings_.parts.push_back(Text{
            fmt::format("The network has {} stages. The first k are frozen as the source left them and the others "
                        "trained, with the settings of fine_tuned (Yosinski et al. 2014, arXiv:1411.1792); with all {} "
                        "frozen it is the arm `frozen`, whose output layer has settings of its own. Intervals over {}.",
                        stages, stages, compare_.over(o_.seeds.size()))});
        findings_.parts.push_back(Picture{
            "freeze_depth", "Test accuracy against the number of frozen stages.",
            evaluation::Chart{
                .title = "Depth of freezing", .x_label = "frozen stages", .y_label = "top-1, %", .series = {curve}}});
        const int64_t middle = stages / 2;
        const Estimate cost = compare_.advantage(compare_.main(arm_at(middle)), compare_.main(kFineTuned));
        findings_.claims.push_back({fmt::format("With the first {} of {} stages frozen as the source left them, no "
                                                "more than {:g} point is lost against training all",
                                                middle, stages, kMargin),
                                    to_text(cost.interval) + " percentage points", is_above(cost.interval, -kMargin)});
    }

    /// Both arms of a curve and the advantage of one over the other.
    struct Pair {
        Series frozen{.name = "frozen"}, scratch{.name = "scratch"}, advantage{.name = "advantage"};
    };

    /// @return  the advantage at a place of a curve; it is also added to `pair`
    Interval add_place(Pair& pair, double x, double shift, int64_t shots) const {
        const Runs frozen = compare_.of_curve(kFrozen, shift, shots),
                   scratch = compare_.of_curve(kScratch, shift, shots);
        const Interval advantage = compare_.advantage(frozen, scratch).interval;
        pair.frozen.add(x, compare_.top1(frozen).interval);
        pair.scratch.add(x, compare_.top1(scratch).interval);
        pair.advantage.add(x, advantage);
        return advantage;
    }

    std::string whose_curves() const { return o_.curve_seeds.size() > 1 ? "" : " (one seed: over test images alone)"; }

    void tell_shots() {
        if (o_.shots.size() < 2) return;
        Pair pair;
        std::vector<Interval> advantages;
        for (const int64_t shots : o_.shots) {
            advantages.push_back(add_place(pair, static_cast<double>(shots), o_.shifts.front(), shots));
        }
        findings_.parts.push_back(Heading{"Few images, fewer images"});
        findings_.parts.push_back(
            Text{fmt::format("Intervals over {}. The settings are those of {} images a class: of fewer images as many "
                             "epochs are fewer steps.",
                             compare_.over(o_.curve_seeds.size()), o_.shots.back())});
        findings_.parts.push_back(Picture{"shots", "Test accuracy against training images a class.",
                                          evaluation::Chart{.title = "Shots",
                                                            .x_label = "training images a class",
                                                            .y_label = "top-1, %",
                                                            .log_x = true,
                                                            .series = {pair.frozen, pair.scratch}}});
        findings_.claims.push_back(
            {"With the fewest images the frozen network is further ahead than with the most",
             fmt::format("{} points at {} images a class, {} at {}{}", to_text(advantages.front()), o_.shots.front(),
                         to_text(advantages.back()), o_.shots.back(), whose_curves()),
             is_above(evaluation::difference(advantages.front(), advantages.back()), 0)});
    }

    void tell_shifts() {
        Pair pair;
        std::vector<Interval> advantages;
        for (const double shift : o_.shifts) advantages.push_back(add_place(pair, shift, shift, o_.shots.back()));
        findings_.parts.push_back(Heading{"As the parks grow apart"});
        findings_.parts.push_back(
            Text{"The premise is that the two domains are similar. Shift 0 draws Kaziranga's scenes as Olympic's, 1 as "
                 "far from them as the generator goes: habitats, light, colours, body plans. The species are others at "
                 "any shift. The settings are those of the first shift."});
        findings_.parts.push_back(Picture{
            "shifts", "Test accuracy against the distance of the parks.",
            evaluation::Chart{
                .title = "Shift", .x_label = "shift", .y_label = "top-1, %", .series = {pair.frozen, pair.scratch}}});
        findings_.parts.push_back(Picture{"advantage", "Frozen minus scratch, the same test images.",
                                          evaluation::Chart{.title = "Advantage of the frozen network",
                                                            .x_label = "shift",
                                                            .y_label = "percentage points",
                                                            .series = {pair.advantage}}});
        const Interval decay = evaluation::difference(advantages.back(), advantages.front());
        const std::string whose = whose_curves();
        findings_.claims.push_back({"Frozen against scratch, the frozen network loses ground as the parks grow apart",
                                    fmt::format("{} points at shift {:g}, {} at {:g}{}", to_text(advantages.front()),
                                                o_.shifts.front(), to_text(advantages.back()), o_.shifts.back(), whose),
                                    is_below(decay, 0)});
        findings_.claims.push_back({"Even at the largest distance the frozen network is ahead",
                                    to_text(advantages.back()) + " points" + whose, is_above(advantages.back(), 0)});
    }

    const ReproduceOptions& o_;
    const Reproduction& all_;
    const Comparison compare_;
    const std::vector<Arm> arms_;
    Findings& findings_;
};

}  // namespace

void tell_reproduction(const ReproduceOptions& options, const Reproduction& all, Findings& findings) {
    Teller(options, all, findings).tell();
}

}  // namespace kaziranga::studies
