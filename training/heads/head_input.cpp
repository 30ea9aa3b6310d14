#include "training/heads/head_input.hpp"

#include "models/head_forms.hpp"

#include <algorithm>

#include <c10/core/GradMode.h>
#include <c10/util/Exception.h>

namespace kaziranga::training {
namespace {

/// Copies a head and sets the number of its features that come from earlier stages.
std::shared_ptr<models::Head> knowing_stages(const models::Head& head, int64_t stages) {
    models::HeadSpec spec = head.spec();
    spec.stage_features = stages;
    return models::copy_head(head, spec);
}

}  // namespace

HeadColumns joined(const HeadColumns& a, const HeadColumns& b) {
    return {.last = std::max(a.last, b.last),
            .stages = std::max(a.stages, b.stages),
            .source = a.source.defined() ? a.source : b.source};
}

std::vector<HeadInput> head_inputs(const HeadOptions& options, const at::Tensor& features, int64_t stages,
                                   const models::SourceLayer& source) {
    const bool choosing = options.inputs == std::vector{InputKind::kAuto};
    const int64_t last = features.size(-1) - stages;
    const at::Tensor of_last = features.narrow(-1, 0, last);
    std::vector<HeadInput> inputs;
    if (choosing || options.takes(InputKind::kFeatures))
        inputs.push_back({of_last, {.last = last, .stages = 0, .source = {}}, ""});
    if (options.takes(InputKind::kStages)) {
        inputs.push_back({features, {.last = last, .stages = stages, .source = {}}, " of all stages"});
    }
    if (choosing ? options.type == HeadKind::kAuto && source.defined() : options.takes(InputKind::kSource)) {
        TORCH_CHECK(source.defined(), "no source classes");
        inputs.push_back({models::source_likeness(of_last, source),
                          {.last = last, .stages = 0, .source = source},
                          " of source classes"});
    }
    return inputs;
}

std::shared_ptr<models::Head> head_of_network(const std::shared_ptr<models::Head>& head, const HeadInput& input,
                                              const HeadColumns& all) {
    const c10::NoGradGuard no_grad;
    const auto* linear = dynamic_cast<const models::LinearHead*>(head.get());
    if (linear == nullptr) return input.columns.stages > 0 ? knowing_stages(*head, input.columns.stages) : head;
    auto whole = std::dynamic_pointer_cast<models::LinearHead>(
        models::make_head({.form = all.source.defined() ? models::HeadForm::kSource : models::HeadForm::kLinear,
                           .features = all.last + all.stages,
                           .stage_features = all.stages,
                           .classes = linear->spec().classes,
                           .source_classes = all.source.classes()}));
    if (auto* source = dynamic_cast<models::SourceHead*>(whole.get())) source->set_source(all.source);
    whole->weight.zero_();
    whole->weight.narrow(1, input.of_source() ? all.last + all.stages : 0, linear->weight.size(1))
        .copy_(linear->weight);
    whole->bias.copy_(linear->bias);
    return whole;
}

}  // namespace kaziranga::training
