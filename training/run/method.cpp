#include "training/run/method.hpp"

#include "core/files.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "evaluation/records.hpp"
#include "evaluation/report/contact_sheet.hpp"

#include <algorithm>

#include <ATen/ops/tensor.h>
#include <fmt/format.h>

namespace kaziranga::training {
namespace {

/// The caption of a class: its name, or its line in classes.txt if ASCII has no letters for the name.
std::string caption_of(const std::vector<std::string>& classes, int64_t label) {
    const std::string& name = classes[static_cast<size_t>(label)];
    const std::string caption = core::in_ascii(name);
    const bool whole = std::ranges::count(caption, '?') == std::ranges::count(name, '?');
    return whole ? caption : fmt::format("line {} of classes.txt", label + 1);
}

/// What stays in one fold: a group, the boxes of an image, or the copies of an image.
std::vector<core::Hash128> units_of(const UsableImages& images) {
    std::vector<core::Hash128> units;
    for (size_t i = 0; i < images.samples.size(); ++i) {
        const data::Sample& sample = images.samples[i];
        const bool alone = sample.group.empty() && !sample.box;
        units.push_back(alone ? images.contents[i] : core::hash_bytes(data::unit_name(sample)));
    }
    return units;
}

}  // namespace

FeatureExtractor::Settings extractor_settings(const RunContext& context) {
    const Options& options = context.options;
    return FeatureExtractor::settings_of(options.features, options.data,
                                         resolve_preprocessing(context.architecture, options.data), context.device);
}

SplitFeatures extract_split(const RunContext& context, const FeatureExtractor& extractor, const std::string& phase,
                            UsableImages& images, const Views& views, FeatureCache& cache) {
    const Features features = extractor.extract(phase, images.samples, images.contents, views, &cache);
    const at::Tensor kept = at::tensor(context.sieve.drop(images, features.failed), at::kLong);
    return {features.x.index_select(0, kept), evaluation::labels_of(images.samples)};
}

TrainingViews views_to_fit(const RunContext& context) {
    const Options& options = context.options;
    return training_views(options.features, options.augment, static_cast<uint64_t>(options.seed));
}

std::shared_ptr<models::Head> find_head(const RunContext& context, const SplitFeatures& training) {
    const HeadProblem problem{.x = training.x,
                              .y = training.y,
                              .classes = context.network.num_classes(),
                              .seed = static_cast<uint64_t>(context.options.seed),
                              .source = context.source,
                              .stage_features = context.network.given_stage_dim(),
                              .units = units_of(context.images.train),
                              .judged_views = views_to_fit(context).judged};
    SolvedHead solved = solve_head(problem, context.options.head, context.options.balance);
    if (!solved.candidates.empty()) core::write_file(context.folder.candidates(), candidates_csv(solved.candidates));
    for (const Candidate& candidate : solved.candidates) {
        core::log().info("head: {} {} cross-validated top-1 {:.2f} +- {:.2f} %, loss {:.4f}{}", candidate.head,
                         candidate.setting, candidate.top1, candidate.error, candidate.loss,
                         candidate.chosen ? ", chosen" : "");
    }
    return std::move(solved.head);
}

void draw_train_batch(const RunContext& context, const at::Tensor& images, const std::vector<int64_t>& labels) {
    constexpr int64_t kShown = 16;
    const int64_t shown = std::min(kShown, images.size(0));
    std::vector<std::string> captions;
    for (int64_t i = 0; i < shown; ++i) {
        captions.push_back(caption_of(context.classes, labels[static_cast<size_t>(i)]));
    }
    evaluation::write_contact_sheet(context.folder.train_batch(), images.narrow(0, 0, shown).cpu(), captions);
}

}  // namespace kaziranga::training
