#include "training/loop/joint_optimizers.hpp"

#include <cmath>
#include <map>
#include <vector>

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_addcdiv.h>
#include <ATen/ops/_foreach_addcmul.h>
#include <ATen/ops/_foreach_div.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_sqrt.h>
#include <ATen/ops/zeros_like.h>
#include <c10/core/GradMode.h>

namespace kaziranga::training {
namespace {

using torch::optim::AdamWOptions;
using torch::optim::AdamWParamState;
using torch::optim::OptimizerParamGroup;
using torch::optim::SGDOptions;
using torch::optim::SGDParamState;
using Tensors = std::vector<at::Tensor>;

/// The parameters that have a gradient.
Tensors moving(const OptimizerParamGroup& group) {
    Tensors found;
    for (const at::Tensor& parameter : group.params()) {
        if (parameter.grad().defined()) found.push_back(parameter);
    }
    return found;
}

Tensors gradients_of(const Tensors& parameters) {
    Tensors gradients;
    for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad());
    return gradients;
}

/// Returns the state of a parameter; makes it at the first use.
template <class State, class States>
State& state_of(States& states, const at::Tensor& parameter) {
    auto& state = states[parameter.unsafeGetTensorImpl()];
    if (!state) state = std::make_unique<State>();
    return static_cast<State&>(*state);
}

/// Parameters with the same number of steps, and their AdamW state.
struct Cohort {
    Tensors parameters, means, squares;
};

}  // namespace

at::Tensor JointSgd::step(LossClosure closure) {
    TORCH_CHECK(!closure, "the loss is not evaluated again");
    const at::NoGradGuard no_grad;
    for (OptimizerParamGroup& group : param_groups()) {
        const auto& options = static_cast<const SGDOptions&>(group.options());
        const Tensors parameters = moving(group);
        if (parameters.empty()) continue;
        Tensors change = gradients_of(parameters);
        if (options.weight_decay() != 0) change = at::_foreach_add(change, parameters, options.weight_decay());
        if (options.momentum() != 0) {
            Tensors kept, added, buffers;
            for (size_t i = 0; i < parameters.size(); ++i) {
                auto& memory = state_of<SGDParamState>(state(), parameters[i]);
                if (memory.momentum_buffer().defined()) {
                    kept.push_back(memory.momentum_buffer());
                    added.push_back(change[i]);
                } else {
                    memory.momentum_buffer(change[i].detach().clone());
                }
                buffers.push_back(memory.momentum_buffer());
            }
            if (!kept.empty()) {
                at::_foreach_mul_(kept, options.momentum());
                at::_foreach_add_(kept, added, 1 - options.dampening());
            }
            change = options.nesterov() ? at::_foreach_add(change, buffers, options.momentum()) : buffers;
        }
        at::_foreach_add_(parameters, change, -options.lr());
    }
    return {};
}

at::Tensor JointAdamW::step(LossClosure closure) {
    TORCH_CHECK(!closure, "the loss is not evaluated again");
    const at::NoGradGuard no_grad;
    for (OptimizerParamGroup& group : param_groups()) {
        const auto& options = static_cast<const AdamWOptions&>(group.options());
        TORCH_CHECK(!options.amsgrad(), "AMSGrad is not known here");
        std::map<int64_t, Cohort> cohorts;  // by the number of steps, including this one
        for (const at::Tensor& parameter : moving(group)) {
            auto& memory = state_of<AdamWParamState>(state(), parameter);
            if (!memory.exp_avg().defined()) {
                memory.step(0);
                memory.exp_avg(at::zeros_like(parameter, at::MemoryFormat::Preserve));
                memory.exp_avg_sq(at::zeros_like(parameter, at::MemoryFormat::Preserve));
            }
            memory.step(memory.step() + 1);
            Cohort& cohort = cohorts[memory.step()];
            cohort.parameters.push_back(parameter);
            cohort.means.push_back(memory.exp_avg());
            cohort.squares.push_back(memory.exp_avg_sq());
        }
        const auto [beta1, beta2] = options.betas();
        for (auto& [steps, cohort] : cohorts) {
            const Tensors gradients = gradients_of(cohort.parameters);
            if (options.weight_decay() != 0) {
                at::_foreach_mul_(cohort.parameters, 1 - options.lr() * options.weight_decay());
            }
            at::_foreach_mul_(cohort.means, beta1);
            at::_foreach_add_(cohort.means, gradients, 1 - beta1);
            at::_foreach_mul_(cohort.squares, beta2);
            at::_foreach_addcmul_(cohort.squares, gradients, gradients, 1 - beta2);
            const double mean_bias = 1 - std::pow(beta1, steps), square_bias = 1 - std::pow(beta2, steps);
            Tensors spread = at::_foreach_sqrt(cohort.squares);
            at::_foreach_div_(spread, std::sqrt(square_bias));
            at::_foreach_add_(spread, options.eps());
            at::_foreach_addcdiv_(cohort.parameters, cohort.means, spread, -options.lr() / mean_bias);
        }
    }
    return {};
}

}  // namespace kaziranga::training
