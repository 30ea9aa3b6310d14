#include "training/loop/optimizer_state.hpp"

#include "core/error.hpp"
#include "training/loop/joint_optimizers.hpp"

#include <map>
#include <type_traits>

#include <ATen/ops/scalar_tensor.h>

namespace kaziranga::training {
namespace {

using torch::optim::AdamWParamState;
using torch::optim::Optimizer;
using torch::optim::SGDParamState;

/// Puts the fields of a state into a dict.
class Saver {
  public:
    Saver(models::StateDict& out, std::string prefix) : out_(out), prefix_(std::move(prefix)) {}
    void operator()(const std::string& name, at::Tensor& value) {
        if (value.defined()) out_.emplace_back(prefix_ + name, value.detach().clone());
    }
    void operator()(const std::string& name, int64_t& value) {
        out_.emplace_back(prefix_ + name, at::scalar_tensor(value, at::kLong));
    }

  private:
    models::StateDict& out_;
    std::string prefix_;
};

/// Takes the fields of a state out of a dict.
class Loader {
  public:
    Loader(std::map<std::string, at::Tensor>& in, std::string prefix, c10::Device device, const std::string& source)
        : in_(in), prefix_(std::move(prefix)), device_(device), source_(source) {}
    void operator()(const std::string& name, at::Tensor& value) {
        value = take(name);
        if (value.defined()) value = value.to(device_);
    }
    void operator()(const std::string& name, int64_t& value) {
        const at::Tensor number = take(name);
        if (!number.defined() || number.dim() != 0 || number.scalar_type() != at::kLong) {
            throw core::Error({.what = "the saved optimiser state lacks '" + prefix_ + name + "'",
                               .where = source_,
                               .remedy = "start afresh with overwrite=true"});
        }
        value = number.item<int64_t>();
    }

  private:
    at::Tensor take(const std::string& name) {
        const auto found = in_.extract(prefix_ + name);
        return found.empty() ? at::Tensor() : found.mapped();
    }

    std::map<std::string, at::Tensor>& in_;
    std::string prefix_;
    c10::Device device_;  ///< device of the parameter
    const std::string& source_;
};

/// Calls the visitor once for each field of a state, with the name of the field. Saving and loading both use it.
template <class Visitor>
void visit(torch::optim::OptimizerParamState& state, Visitor visitor) {
    if (auto* sgd = dynamic_cast<SGDParamState*>(&state)) {
        visitor("momentum_buffer", sgd->momentum_buffer());
    } else if (auto* adamw = dynamic_cast<AdamWParamState*>(&state)) {
        visitor("step", adamw->step());
        visitor("exp_avg", adamw->exp_avg());
        visitor("exp_avg_sq", adamw->exp_avg_sq());
    }
}

std::unique_ptr<torch::optim::OptimizerParamState> empty_state(const Optimizer& optimizer) {
    if (dynamic_cast<const torch::optim::SGD*>(&optimizer)) return std::make_unique<SGDParamState>();
    return std::make_unique<AdamWParamState>();
}

/// Visits every parameter in the order of the groups, with the number under which its state is saved.
template <class Visit>
void for_each_parameter(Optimizer& optimizer, Visit visit_parameter) {
    int64_t number = 0;
    for (auto& group : optimizer.param_groups()) {
        for (at::Tensor& parameter : group.params()) visit_parameter(parameter, std::to_string(number++) + ".");
    }
}

/// Groups parameters by learning-rate factor and by weight decay, in a fixed order.
std::map<std::pair<double, bool>, std::vector<at::Tensor>> grouped(const std::vector<TrainedParameter>& parameters) {
    std::map<std::pair<double, bool>, std::vector<at::Tensor>> groups;
    for (const TrainedParameter& parameter : parameters) {
        groups[{parameter.rate_factor, parameter.decays}].push_back(parameter.value);
    }
    return groups;
}

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const std::vector<TrainedParameter>& parameters,
                                          const OptimizerOptions& options) {
    const auto groups = [&](const auto& plain) {
        using Settings = std::remove_cvref_t<decltype(plain)>;
        std::vector<torch::optim::OptimizerParamGroup> made;
        for (const auto& [key, members] : grouped(parameters)) {
            auto settings = std::make_unique<Settings>(plain);
            settings->lr(options.lr * key.first);
            settings->weight_decay(key.second ? options.weight_decay : 0);
            made.emplace_back(members, std::move(settings));
        }
        return made;
    };
    if (options.name == OptimizerKind::kSgd) {
        const auto plain = torch::optim::SGDOptions(options.lr).momentum(options.momentum).nesterov(options.nesterov);
        return std::make_unique<JointSgd>(groups(plain), plain);
    }
    constexpr double kBeta2 = 0.999;
    const auto plain = torch::optim::AdamWOptions(options.lr).betas({options.momentum, kBeta2});
    return std::make_unique<JointAdamW>(groups(plain), plain);
}

std::vector<double> rate_factors(const std::vector<TrainedParameter>& parameters) {
    std::vector<double> factors;
    for (const auto& [key, members] : grouped(parameters)) factors.push_back(key.first);
    return factors;
}

void set_learning_rates(Optimizer& optimizer, const std::vector<double>& factors, double rate) {
    auto& groups = optimizer.param_groups();
    TORCH_CHECK(groups.size() == factors.size(), "one factor a group expected");
    for (size_t g = 0; g < groups.size(); ++g) groups[g].options().set_lr(rate * factors[g]);
}

void set_momentum(Optimizer& optimizer, double momentum) {
    for (auto& group : optimizer.param_groups()) {
        if (auto* sgd = dynamic_cast<torch::optim::SGDOptions*>(&group.options())) {
            sgd->momentum(momentum);
        } else {
            auto& adamw = dynamic_cast<torch::optim::AdamWOptions&>(group.options());
            adamw.betas({momentum, std::get<1>(adamw.betas())});
        }
    }
}

models::StateDict save_optimizer(Optimizer& optimizer) {
    models::StateDict saved;
    for_each_parameter(optimizer, [&](const at::Tensor& parameter, const std::string& prefix) {
        const auto found = optimizer.state().find(parameter.unsafeGetTensorImpl());
        if (found != optimizer.state().end()) visit(*found->second, Saver(saved, prefix));
    });
    return saved;
}

void load_optimizer(Optimizer& optimizer, const models::StateDict& state, const std::string& source) {
    std::map<std::string, at::Tensor> left(state.begin(), state.end());
    if (left.empty()) return;
    for_each_parameter(optimizer, [&](const at::Tensor& parameter, const std::string& prefix) {
        const auto first = left.lower_bound(prefix);
        if (first == left.end() || !first->first.starts_with(prefix)) return;
        auto made = empty_state(optimizer);
        visit(*made, Loader(left, prefix, parameter.device(), source));
        optimizer.state()[parameter.unsafeGetTensorImpl()] = std::move(made);
    });
    if (!left.empty()) {
        throw core::Error({.what = "the saved optimiser state is of another optimiser",
                           .where = source,
                           .found = left.begin()->first,
                           .remedy = "start afresh with overwrite=true"});
    }
}

}  // namespace kaziranga::training
