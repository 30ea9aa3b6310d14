#include "training/heads/new_head.hpp"

#include "core/random.hpp"
#include "models/head_forms.hpp"

#include <cmath>

#include <c10/core/GradMode.h>

namespace kaziranga::training {

std::shared_ptr<models::Head> new_head(const HeadOptions& options, models::HeadSpec spec, uint64_t seed) {
    const HeadType& type = type_of(options.type);
    spec.form = type.form;
    spec.hidden = options.hidden;
    auto head = models::make_head(spec);
    const c10::NoGradGuard no_grad;
    core::RandomStream random(seed, core::Purpose::kInitialise);
    const auto draw = [&](at::Tensor& parameter, int64_t inputs) {
        const double range = 1.0 / std::sqrt(static_cast<double>(inputs));
        float* values = parameter.mutable_data_ptr<float>();
        for (int64_t i = 0; i < parameter.numel(); ++i) values[i] = static_cast<float>(random.uniform(-range, range));
    };
    int64_t inputs = spec.features;  // of the layer; its bias follows its weight
    for (at::Tensor& parameter : head->parameters()) {
        if (type.linear) {
            parameter.zero_();
        } else if (parameter.dim() > 0) {  // the scale of a cosine head keeps its own initial value
            if (parameter.dim() > 1) inputs = parameter.size(1);
            draw(parameter, inputs);
        }
    }
    return head;
}

}  // namespace kaziranga::training
