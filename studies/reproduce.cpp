#include "studies/reproduce.hpp"

#include "core/config/config.hpp"
#include "core/files.hpp"
#include "data/dataset.hpp"
#include "data/read_image.hpp"
#include "evaluation/contact_sheet.hpp"
#include "studies/reproduce_runs.hpp"

#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

#include <ATen/ops/stack.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

namespace fs = std::filesystem;
using evaluation::Interval;
using evaluation::Series;

/// Results of one arm at one place of the comparison, a seed each.
using Results = std::vector<const ArmResult*>;

/// Reads the results and tells what they say.
class Teller {
  public:
    Teller(const ReproduceOptions& options, const Reproduction& all, Findings& findings)
        : o_(options), all_(all), findings_(findings) {}

    void tell() {
        tell_setting();
        tell_arms();
        tell_epochs();
        tell_shots();
        if (o_.made_up_target() && o_.shifts.size() > 1) tell_shifts();
    }

  private:
    Results of(Arm arm, double shift, int64_t shots) const {
        Results results;
        for (const ArmResult& r : all_.results) {
            if (r.run.arm == arm && r.run.shift == shift && r.run.shots == shots) results.push_back(&r);
        }
        return results;
    }
    Results main(Arm arm) const { return of(arm, o_.shifts.front(), o_.shots.back()); }

    template <class Value>
    static std::vector<double> values(const Results& results, Value value) {
        std::vector<double> all;
        for (const ArmResult* r : results) all.push_back(value(*r));
        return all;
    }

    /// Of the mean over seeds where there are several; of one seed over its test images, in percent.
    Interval top1(const Results& results) const {
        const std::vector<double> all = values(results, [](const ArmResult& r) { return r.top1; });
        if (const std::optional<Interval> mean = of_seeds(all)) return *mean;
        const auto images = static_cast<int64_t>(results.front()->hits.size());
        return {all.front(), 100 * evaluation::share_interval(all.front() / 100, images, o_.confidence).half_width};
    }

    /// Of a few values, a seed each; none of a single one.
    std::optional<Interval> of_seeds(const std::vector<double>& values) const {
        if (values.size() < 2) return std::nullopt;
        return evaluation::student_interval(values, o_.confidence);
    }
    static double mean_of(const std::vector<double>& values) {
        return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    }

    /// Whether each test image was right, mean over the seeds.
    static std::vector<double> mean_hits(const Results& results) {
        std::vector<double> mean(results.front()->hits.size(), 0);
        for (const ArmResult* r : results) {
            for (size_t i = 0; i < mean.size(); ++i) mean[i] += r->hits[i] / static_cast<double>(results.size());
        }
        return mean;
    }

    /// Percentage points of `a` above `b` on the same test images, with the interval over images.
    Interval advantage_over_images(const Results& a, const Results& b) const {
        std::vector<double> difference = mean_hits(a);
        const std::vector<double> other = mean_hits(b);
        for (size_t i = 0; i < difference.size(); ++i) difference[i] = 100 * (difference[i] - other[i]);
        return evaluation::normal_interval(difference, o_.confidence);
    }
    Interval top1_over_images(const Results& results) const {
        std::vector<double> hits = mean_hits(results);
        for (double& hit : hits) hit *= 100;
        return evaluation::normal_interval(hits, o_.confidence);
    }

    /// Percentage points of `a` above `b`, paired by seed where there are several, else by image.
    Interval advantage(const Results& a, const Results& b) const {
        return of_seeds(advantages(a, b)).value_or(advantage_over_images(a, b));
    }
    static std::vector<double> advantages(const Results& a, const Results& b) {
        std::vector<double> differences;
        for (size_t i = 0; i < a.size(); ++i) differences.push_back(a[i]->top1 - b[i]->top1);
        return differences;
    }

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
            parts.push_back(Text{fmt::format(
                "Olympic: {} made-up species, {} images of each, {} × {} pixels; a network trained on them from random "
                "weights in {:.0f} s is the source.{}",
                o_.olympic.species, o_.olympic.train_images, o_.olympic.size, o_.olympic.size, all_.source.seconds,
                all_.source.top1 < 0
                    ? ""
                    : fmt::format(" It puts {:.1f} % of its held-out images into their class.", all_.source.top1))});
            constexpr double kScenario = 1e6;
            const auto images = static_cast<double>(o_.olympic.species * o_.olympic.train_images);
            parts.push_back(Text{
                fmt::format("The scenario speaks of 1,000,000 images of 1,000 classes: this run has {:.3g} of them.",
                            images / kScenario)});
        } else {
            parts.push_back(Text{"Source: " + o_.source + " weights."});
        }
        parts.push_back(
            Text{o_.made_up_target()
                     ? fmt::format("Kaziranga: {} other species; {} training images of each are drawn from {}, "
                                   "{} of each are for testing.",
                                   o_.kaziranga.species, o_.shots.back(), o_.kaziranga.train_images,
                                   o_.kaziranga.test_images)
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

    void tell_arms() {
        std::vector<std::vector<std::string>> rows = {
            {"arm", "test top-1, %", "±", "train top-1, %", "gap", "seconds"}};
        for (const Arm arm : kArms) {
            const Results results = main(arm);
            const Interval test = top1(results);
            const double train = mean(results, [](const ArmResult& r) { return r.train_top1; });
            const double seconds = mean(results, [](const ArmResult& r) { return r.seconds; });
            rows.push_back({name_of(arm), fmt::format("{:.2f}", test.mean), fmt::format("{:.2f}", test.half_width),
                            fmt::format("{:.2f}", train), fmt::format("{:.2f}", train - test.mean),
                            fmt::format("{:.1f}", seconds)});
            findings_.figures.push_back({std::string("test top-1, ") + name_of(arm), test.mean, "%", test});
            findings_.figures.push_back({std::string("time, ") + name_of(arm), seconds, "s"});
        }
        findings_.parts.push_back(Heading{fmt::format("Four ways of training, {} images a class", o_.shots.back())});
        findings_.parts.push_back(
            Text{fmt::format("Means of {} seed(s), intervals of {:g} % over {}. Seconds are those of its features and "
                             "of its training, without what is measured after every epoch; how many times as fast is "
                             "the geometric mean over the seeds.",
                             o_.seeds.size(), 100 * o_.confidence, o_.seeds.size() > 1 ? "seeds" : "test images")});
        findings_.parts.push_back(Grid{rows});
        findings_.figures.push_back({"time, all trainings", all_seconds(), "s"});
        claim_difference("A new output layer on the frozen network beats training the whole network from scratch",
                         Arm::kFrozen, Arm::kScratch);
        claim_difference("Fine-tuning the whole network at once beats the frozen network", Arm::kFineTuned,
                         Arm::kFrozen);
        claim_difference("Training the head first and then the whole network beats the frozen network", Arm::kLpFt,
                         Arm::kFrozen);
        std::vector<double> ratios;
        const Results frozen = main(Arm::kFrozen), scratch = main(Arm::kScratch);
        for (size_t i = 0; i < frozen.size(); ++i) ratios.push_back(std::log(scratch[i]->seconds / frozen[i]->seconds));
        const std::optional<Interval> ratio = of_seeds(ratios);
        findings_.claims.push_back({"Training the output layer alone is faster than training from scratch",
                                    fmt::format("{:.1f} times as fast, features included", std::exp(mean_of(ratios))),
                                    ratio ? is_above(*ratio, 0) : Verdict::kUndecided});
    }

    template <class Value>
    static double mean(const Results& results, Value value) {
        return mean_of(values(results, value));
    }

    double all_seconds() const {
        double sum = all_.source.seconds;
        for (const ArmResult& r : all_.results) sum += r.seconds;
        return sum;
    }

    void claim_difference(const std::string& text, Arm better, Arm than) {
        const Interval difference = advantage(main(better), main(than));
        findings_.claims.push_back({text, to_text(difference) + " percentage points", is_above(difference, 0)});
    }

    void tell_epochs() {
        evaluation::Chart chart{.title = "Accuracy by epoch", .x_label = "epochs", .y_label = "top-1, %"};
        for (const Arm arm : kArms) {
            const Results results = main(arm);
            size_t epochs = results.front()->curve.test.size();  // of the shortest: a run may end early
            for (const ArmResult* r : results) epochs = std::min({epochs, r->curve.test.size(), r->curve.train.size()});
            Series train{.name = name_of(arm) + std::string(", training images"),
                         .mark = evaluation::Mark::kDashes,
                         .colour = static_cast<int>(arm),
                         .listed = false};
            Series test{.name = name_of(arm), .colour = static_cast<int>(arm)};
            for (size_t e = 0; e < epochs; ++e) {
                const auto x = static_cast<double>(e + 1);
                train.add(x, mean(results, [&](const ArmResult& r) { return r.curve.train[e]; }));
                test.add(x, mean(results, [&](const ArmResult& r) { return r.curve.test[e]; }));
            }
            if (epochs == 0) continue;
            chart.series.push_back(std::move(train));
            chart.series.push_back(std::move(test));
        }
        const Results scratch = main(Arm::kScratch);
        if (!chart.series.empty()) {
            findings_.parts.push_back(Picture{
                "epochs", "Full: test images; dashed: training images as they are classified. Mean of the seeds.",
                chart});
        }
        std::vector<double> growth;
        for (const ArmResult* r : scratch) {
            if (r->curve.test.size() < 2) return;
            growth.push_back((r->curve.train.back() - r->curve.test.back()) -
                             (r->curve.train.front() - r->curve.test.front()));
        }
        const std::optional<Interval> widening = of_seeds(growth);
        findings_.claims.push_back(
            {"Trained from scratch, the network over-fits: training accuracy runs away from test accuracy",
             fmt::format("the gap grows by {} percentage points from the first epoch to the last",
                         widening ? to_text(*widening) : fmt::format("{:.2f}", mean_of(growth))),
             widening ? is_above(*widening, 0) : Verdict::kUndecided});
    }

    /// Both arms of a curve and the advantage of one over the other.
    struct Pair {
        Series frozen{.name = "frozen"}, scratch{.name = "scratch"}, advantage{.name = "advantage"};
    };

    /// Those with a seed of the curves, so that all places of a curve have the same.
    Results of_curve(Arm arm, double shift, int64_t shots) const {
        Results results = of(arm, shift, shots);
        std::erase_if(results,
                      [&](const ArmResult* r) { return std::ranges::count(o_.curve_seeds, r->run.seed) == 0; });
        return results;
    }

    Interval add_place(Pair& pair, double x, double shift, int64_t shots) const {
        const Results frozen = of_curve(Arm::kFrozen, shift, shots), scratch = of_curve(Arm::kScratch, shift, shots);
        const Interval advantage = this->advantage(frozen, scratch);
        pair.frozen.add(x, top1_over_images(frozen));
        pair.scratch.add(x, top1_over_images(scratch));
        pair.advantage.add(x, advantage);
        return advantage;
    }

    void tell_shots() {
        if (o_.shots.size() < 2) return;
        Pair pair;
        for (const int64_t shots : o_.shots) add_place(pair, static_cast<double>(shots), o_.shifts.front(), shots);
        findings_.parts.push_back(Heading{"Few images, fewer images"});
        findings_.parts.push_back(
            Text{fmt::format("Mean of {} seed(s), intervals over test images.", o_.curve_seeds.size())});
        findings_.parts.push_back(Picture{"shots", "Test accuracy against training images a class.",
                                          evaluation::Chart{.title = "Shots",
                                                            .x_label = "training images a class",
                                                            .y_label = "top-1, %",
                                                            .log_x = true,
                                                            .series = {pair.frozen, pair.scratch}}});
    }

    /// Of the advantage at the last shift over that at the first: by seed where there are several; else over images,
    /// which are others at another shift.
    Interval change_of_advantage() const {
        const int64_t shots = o_.shots.back();
        const auto at = [&](Arm arm, double shift) { return of_curve(arm, shift, shots); };
        const double near = o_.shifts.front(), far = o_.shifts.back();
        const Results near_frozen = at(Arm::kFrozen, near), near_scratch = at(Arm::kScratch, near);
        const Results far_frozen = at(Arm::kFrozen, far), far_scratch = at(Arm::kScratch, far);
        std::vector<double> changes = advantages(far_frozen, far_scratch);
        const std::vector<double> before = advantages(near_frozen, near_scratch);
        for (size_t i = 0; i < changes.size(); ++i) changes[i] -= before[i];
        return of_seeds(changes).value_or(
            evaluation::difference(advantage(far_frozen, far_scratch), advantage(near_frozen, near_scratch)));
    }

    void tell_shifts() {
        Pair pair;
        std::vector<Interval> advantages;
        for (const double shift : o_.shifts) advantages.push_back(add_place(pair, shift, shift, o_.shots.back()));
        findings_.parts.push_back(Heading{"As the parks grow apart"});
        findings_.parts.push_back(
            Text{"The premise is that the two domains are similar. Shift 0 draws Kaziranga's scenes as "
                 "Olympic's, 1 as far from them as the generator goes: habitats, light, colours, body plans. "
                 "The species are others at any shift."});
        findings_.parts.push_back(Picture{
            "shifts", "Test accuracy against the distance of the parks.",
            evaluation::Chart{
                .title = "Shift", .x_label = "shift", .y_label = "top-1, %", .series = {pair.frozen, pair.scratch}}});
        findings_.parts.push_back(Picture{"advantage", "Frozen minus scratch, the same test images.",
                                          evaluation::Chart{.title = "Advantage of the frozen network",
                                                            .x_label = "shift",
                                                            .y_label = "percentage points",
                                                            .series = {pair.advantage}}});
        const Interval decay = change_of_advantage();
        const std::string whose = o_.curve_seeds.size() > 1 ? "" : " (these trainings, other test images)";
        findings_.claims.push_back({"The advantage of the frozen network decays as the parks grow apart",
                                    fmt::format("{} points at shift {:g}, {} at {:g}{}", to_text(advantages.front()),
                                                o_.shifts.front(), to_text(advantages.back()), o_.shifts.back(), whose),
                                    is_below(decay, 0)});
        findings_.claims.push_back({"Even at the largest distance the frozen network is ahead",
                                    to_text(advantages.back()) + " points" + whose, is_above(advantages.back(), 0)});
    }

    const ReproduceOptions& o_;
    const Reproduction& all_;
    Findings& findings_;
};

}  // namespace

Report reproduce(const ReproduceOptions& options) {
    check_arms(options);
    const fs::path folder = options.output;
    require_report_folder(folder, "reproduce");
    const auto start = std::chrono::steady_clock::now();
    Report report{
        .findings = {.name = "reproduce",
                     .title = options.made_up_source() && options.made_up_target()
                                  ? "Transfer learning: from Olympic to Kaziranga"
                                  : "Transfer learning",
                     .question =
                         "Few images, and a network trained on another park's many: is it best to put a new output "
                         "layer on it and train that alone?"},
        .config = core::config::to_yaml(options)};
    // Says whose folder it is, should the run be stopped.
    if (!fs::exists(folder / kRecordName)) core::write_file(folder / kRecordName, to_json(report));
    const Reproduction all = run_arms(options);
    Teller(options, all, report.findings).tell();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    report.seconds = seconds.count();
    report = drawn(std::move(report));
    write_report(folder, report);
    return report;
}

}  // namespace kaziranga::studies
