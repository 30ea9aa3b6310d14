#include "training/method.hpp"

#include <c10/core/GradMode.h>

#include "core/files.hpp"
#include "core/log.hpp"
#include "evaluation/contact_sheet.hpp"

namespace kaziranga::training {

FeatureExtractor::Settings extractor_settings(const RunContext& context) {
    return {.preprocessing = context.architecture.preprocessing,
            .device = context.device,
            .precision = resolve_precision(context.options.features.precision, context.device),
            .batch_size = context.options.features.batch_size,
            .workers = context.options.data.workers,
            .max_pixels = context.options.data.max_pixels};
}

at::Tensor mean_logits(models::Backbone& network, const at::Tensor& features) {
    const c10::NoGradGuard no_grad;
    const c10::Device device = network.parameters().front().device();
    const at::Tensor logits = network.classify(features.flatten(0, 1).to(device));
    return logits.view({features.size(0), features.size(1), -1}).mean(1).cpu();
}

std::shared_ptr<models::Head> solve_head(const RunContext& context, const at::Tensor& features, const at::Tensor& labels) {
    const HeadProblem problem{features, labels, context.network.num_classes(),
                              static_cast<uint64_t>(context.options.seed), context.source};
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
        captions.push_back(context.classes[static_cast<size_t>(labels[static_cast<size_t>(i)])]);
    }
    evaluation::write_contact_sheet(context.folder.train_batch(), images.narrow(0, 0, shown).cpu(), captions);
}

}  // namespace kaziranga::training
