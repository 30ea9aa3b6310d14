#include "training/heads/head_input.hpp"

#include <algorithm>

#include <c10/core/GradMode.h>

#include "core/error.hpp"

namespace kaziranga::training {

std::vector<HeadInput> head_inputs(const HeadOptions& options, const at::Tensor& features, const models::SourceLayer& source) {
    const bool choosing = options.inputs == core::config::Strings{"auto"};
    const auto named = [&](const char* input) {
        return std::find(options.inputs.begin(), options.inputs.end(), input) != options.inputs.end();
    };
    std::vector<HeadInput> inputs;
    if (choosing || named("features")) inputs.push_back({features, {}});
    if (choosing ? options.type == "auto" && source.defined() : named("source")) {
        if (!source.defined()) {
            throw core::Error({.what = "head.inputs: there are no source classes to describe images by",
                               .where = "model.weights",
                               .expected = "weights with the output layer that they were trained with",
                               .remedy = "use head.inputs=features, or complete weights"});
        }
        inputs.push_back({models::source_likeness(features, source), source});
    }
    return inputs;
}

std::shared_ptr<models::Head> on_features(std::shared_ptr<models::Head> head, const HeadInput& input,
                                          const models::SourceLayer& source) {
    if (!source.defined()) return head;
    const c10::NoGradGuard no_grad;
    const auto& linear = dynamic_cast<const models::LinearHead&>(*head);
    const int64_t features = source.weight.size(1);
    auto whole = std::make_shared<models::SourceHead>(models::HeadSpec{
        .kind = "source", .features = features, .classes = linear.spec().classes, .source_classes = source.classes()});
    whole->set_source(source);
    whole->weight.zero_();
    whole->weight.narrow(1, input.source.defined() ? features : 0, linear.weight.size(1)).copy_(linear.weight);
    whole->bias.copy_(linear.bias);
    return whole;
}

}  // namespace kaziranga::training
