#include "training/heads/calibrated.hpp"

#include "models/head_forms.hpp"
#include "models/source_head.hpp"

#include <cmath>

#include <c10/core/GradMode.h>

namespace kaziranga::training {

std::shared_ptr<models::Head> scaled(std::shared_ptr<models::Head> head, double factor) {
    const c10::NoGradGuard no_grad;
    if (auto* linear = dynamic_cast<models::LinearHead*>(head.get())) {
        linear->weight.mul_(factor);
        linear->bias.mul_(factor);
    } else if (auto* cosine = dynamic_cast<models::CosineHead*>(head.get())) {
        cosine->log_scale.add_(std::log(factor));
    } else {
        dynamic_cast<models::NeighboursHead&>(*head).logit_scale.mul_(factor);
    }
    return head;
}

std::shared_ptr<models::Head> averaged(const std::vector<std::shared_ptr<models::Head>>& heads,
                                       const std::vector<double>& factors) {
    const c10::NoGradGuard no_grad;
    auto mean = std::dynamic_pointer_cast<models::LinearHead>(models::make_head(heads.front()->spec()));
    if (auto* source = dynamic_cast<models::SourceHead*>(mean.get())) {
        source->set_source(dynamic_cast<const models::SourceHead&>(*heads.front()).source());
    }
    mean->weight.zero_();
    mean->bias.zero_();
    for (size_t i = 0; i < heads.size(); ++i) {
        const auto& member = dynamic_cast<const models::LinearHead&>(*heads[i]);
        const double share = factors[i] / static_cast<double>(heads.size());
        mean->weight.add_(member.weight, share);
        mean->bias.add_(member.bias, share);
    }
    return mean;
}

}  // namespace kaziranga::training
