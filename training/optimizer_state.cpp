#include "training/optimizer_state.hpp"

#include <ATen/ops/scalar_tensor.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/sgd.h>

#include <deque>
#include <map>

#include "core/error.hpp"

namespace kaziranga::training {
namespace {

using torch::optim::AdamWParamState;
using torch::optim::LBFGSParamState;
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
    void operator()(const std::string& name, double& value) {
        out_.emplace_back(prefix_ + name, at::scalar_tensor(value, at::kDouble));
    }
    void operator()(const std::string& name, std::deque<at::Tensor>& values) {
        for (size_t i = 0; i < values.size(); ++i) (*this)(name + "." + std::to_string(i), values[i]);
    }

  private:
    models::StateDict& out_;
    std::string prefix_;
};

/// Takes the fields of a state out of a dict.
class Loader {
  public:
    Loader(std::map<std::string, at::Tensor>& in, std::string prefix, const std::string& source)
        : in_(in), prefix_(std::move(prefix)), source_(source) {}
    void operator()(const std::string& name, at::Tensor& value) { value = take(name); }
    void operator()(const std::string& name, int64_t& value) { value = number(name, at::kLong).item<int64_t>(); }
    void operator()(const std::string& name, double& value) { value = number(name, at::kDouble).item<double>(); }
    void operator()(const std::string& name, std::deque<at::Tensor>& values) {
        values.clear();
        for (at::Tensor next = take(name + ".0"); next.defined();) {
            values.push_back(next);
            next = take(name + "." + std::to_string(values.size()));
        }
    }

  private:
    at::Tensor take(const std::string& name) {
        const auto found = in_.extract(prefix_ + name);
        return found.empty() ? at::Tensor() : found.mapped();
    }
    at::Tensor number(const std::string& name, at::ScalarType type) {
        const at::Tensor value = take(name);
        if (!value.defined() || value.dim() != 0 || value.scalar_type() != type) {
            throw core::Error({.what = "the saved optimiser state lacks '" + prefix_ + name + "'",
                               .where = source_,
                               .remedy = "start afresh with overwrite=true"});
        }
        return value;
    }

    std::map<std::string, at::Tensor>& in_;
    std::string prefix_;
    const std::string& source_;
};

/// Names every field of a state once; saving and loading both walk it.
template <class Visitor>
void visit(torch::optim::OptimizerParamState& state, Visitor visitor) {
    if (auto* sgd = dynamic_cast<SGDParamState*>(&state)) {
        visitor("momentum_buffer", sgd->momentum_buffer());
    } else if (auto* adamw = dynamic_cast<AdamWParamState*>(&state)) {
        visitor("step", adamw->step());
        visitor("exp_avg", adamw->exp_avg());
        visitor("exp_avg_sq", adamw->exp_avg_sq());
    } else if (auto* lbfgs = dynamic_cast<LBFGSParamState*>(&state)) {
        visitor("func_evals", lbfgs->func_evals());
        visitor("n_iter", lbfgs->n_iter());
        visitor("t", lbfgs->t());
        visitor("prev_loss", lbfgs->prev_loss());
        visitor("d", lbfgs->d());
        visitor("H_diag", lbfgs->H_diag());
        visitor("prev_flat_grad", lbfgs->prev_flat_grad());
        visitor("old_dirs", lbfgs->old_dirs());
        visitor("old_stps", lbfgs->old_stps());
        visitor("ro", lbfgs->ro());
    }
}

std::unique_ptr<torch::optim::OptimizerParamState> empty_state(const Optimizer& optimizer) {
    if (dynamic_cast<const torch::optim::SGD*>(&optimizer)) return std::make_unique<SGDParamState>();
    if (dynamic_cast<const torch::optim::AdamW*>(&optimizer)) return std::make_unique<AdamWParamState>();
    return std::make_unique<LBFGSParamState>();
}

/// Every parameter in the order of the groups, with the number its state is saved under.
template <class Visit>
void for_each_parameter(Optimizer& optimizer, Visit visit_parameter) {
    int64_t number = 0;
    for (auto& group : optimizer.param_groups()) {
        for (at::Tensor& parameter : group.params()) visit_parameter(parameter, std::to_string(number++) + ".");
    }
}

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const torch::nn::Module& module, const OptimizerOptions& options) {
    std::vector<at::Tensor> decayed, plain;
    for (const at::Tensor& parameter : module.parameters()) {
        if (!parameter.requires_grad()) continue;
        (parameter.dim() > 1 ? decayed : plain).push_back(parameter);
    }
    if (options.name == "lbfgs") {
        constexpr int64_t kHistory = 10;
        decayed.insert(decayed.end(), plain.begin(), plain.end());
        return std::make_unique<torch::optim::LBFGS>(decayed, torch::optim::LBFGSOptions(options.lr)
                                                                  .max_iter(1)
                                                                  .max_eval(25)
                                                                  .history_size(kHistory)
                                                                  .tolerance_grad(options.tolerance)
                                                                  .tolerance_change(0)
                                                                  .line_search_fn("strong_wolfe"));
    }
    const auto groups = [&](auto with_decay) {
        std::vector<torch::optim::OptimizerParamGroup> made;
        made.emplace_back(decayed, std::make_unique<decltype(with_decay)>(with_decay));
        with_decay.weight_decay(0);
        made.emplace_back(plain, std::make_unique<decltype(with_decay)>(with_decay));
        return made;
    };
    if (options.name == "sgd") {
        const auto defaults =
            torch::optim::SGDOptions(options.lr).momentum(options.momentum).weight_decay(options.weight_decay);
        return std::make_unique<torch::optim::SGD>(groups(defaults), defaults);
    }
    constexpr double kBeta2 = 0.999;
    const auto defaults = torch::optim::AdamWOptions(options.lr)
                              .betas({options.momentum, kBeta2})
                              .weight_decay(options.weight_decay);
    return std::make_unique<torch::optim::AdamW>(groups(defaults), defaults);
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
        visit(*made, Loader(left, prefix, source));
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
