#include "core/error.hpp"
#include "models/weights/raw_tensor.hpp"
#include "models/weights/state_dict.hpp"

#include <map>
#include <regex>
#include <set>

#include <ATen/ops/isfinite.h>
#include <torch/utils.h>

namespace kaziranga::models {
namespace {

/// A message shows this many names of each kind and counts the others.
constexpr size_t kMostNames = 10;

void add_state(const torch::nn::Module& module, const std::string& prefix, StateDict& state) {
    for (const auto& item : module.named_parameters(/*recurse=*/false)) {
        state.emplace_back(prefix + item.key(), item.value());
    }
    for (const auto& item : module.named_buffers(/*recurse=*/false)) {
        state.emplace_back(prefix + item.key(), item.value());
    }
    for (const auto& item : module.named_children()) add_state(*item.value(), prefix + item.key() + ".", state);
}

/// True for a file of a network that is split into several: "model-00001-of-00002.safetensors".
bool is_part(const std::string& file) {
    static const std::regex kPart(R"(-\d{5}-of-\d{5}\.[a-z]+$)");
    return std::regex_search(file, kPart);
}

bool is_floating(const torch::Tensor& tensor) {
    return torch::isFloatingType(tensor.scalar_type());
}

bool convertible(const torch::Tensor& from, const torch::Tensor& to) {
    return from.scalar_type() == to.scalar_type() || (is_floating(from) && is_floating(to));
}

/// Compares a file's tensors with a network's, and collects those that do not fit.
class Matcher {
  public:
    Matcher(const StateDict& network, const StateDict& weights, const LoadOptions& options)
        : options_(options), network_(network.begin(), network.end()) {
        for (const auto& [name, tensor] : weights) add(name, tensor);
        for (const auto& [name, tensor] : network) {
            if (seen_.contains(name) || may_be_missing(name) || in_layer(name, options.classifier_name)) continue;
            missing_.push_back({.what = "tensor '" + name + "' is missing",
                                .where = options_.source,
                                .expected = shape_text(tensor.sizes())});
        }
        if (!missing_.empty() || !unexpected_.empty() || !unfit_.empty()) throw core::Error(report());
    }

    /// Pairs of (network's tensor, file's tensor in the network's dtype).
    const std::vector<std::pair<torch::Tensor, torch::Tensor>>& pairs() const { return pairs_; }
    const std::vector<std::string>& left_out() const { return left_out_; }

  private:
    void add(const std::string& name, const torch::Tensor& tensor);
    void add_pair(const std::string& name, const torch::Tensor& target, const torch::Tensor& tensor);
    std::vector<core::Problem> report() const;

    const LoadOptions& options_;
    std::map<std::string, torch::Tensor> network_;
    std::set<std::string> seen_;
    std::vector<std::pair<torch::Tensor, torch::Tensor>> pairs_;
    std::vector<std::string> left_out_;
    std::vector<core::Problem> missing_, unexpected_, unfit_;
};

void Matcher::add(const std::string& name, const torch::Tensor& tensor) {
    if (!seen_.insert(name).second) {
        unfit_.push_back({.what = "tensor '" + name + "' appears twice", .where = options_.source});
    } else if (in_layer(name, options_.classifier_name)) {
        left_out_.push_back(name);
    } else if (const auto found = network_.find(name); found == network_.end()) {
        unexpected_.push_back({.what = "tensor '" + name + "' is unexpected: the network has none of this name",
                               .where = options_.source,
                               .found = shape_text(tensor.sizes())});
    } else {
        add_pair(name, found->second, tensor);
    }
}

void Matcher::add_pair(const std::string& name, const torch::Tensor& target, const torch::Tensor& tensor) {
    core::Problem problem{.where = options_.source};
    if (tensor.sizes() != target.sizes()) {
        problem.what = "tensor '" + name + "' has another shape than the network's";
        problem.expected = shape_text(target.sizes());
        problem.found = shape_text(tensor.sizes());
    } else if (!convertible(tensor, target)) {
        problem.what = "tensor '" + name + "' has a dtype that cannot stand for the network's";
        problem.expected = c10::toString(target.scalar_type());
        problem.found = c10::toString(tensor.scalar_type());
    } else {
        const torch::Tensor converted = tensor.to(target.scalar_type());
        const int64_t strange =
            is_floating(converted) ? converted.numel() - at::isfinite(converted).sum().item<int64_t>() : 0;
        if (strange == 0) {
            pairs_.emplace_back(target, converted);
            return;
        }
        problem.what = "tensor '" + name + "' holds values that are infinite or not a number";
        problem.found = std::to_string(strange) + " of " + std::to_string(converted.numel());
    }
    unfit_.push_back(std::move(problem));
}

std::vector<core::Problem> Matcher::report() const {
    std::vector<core::Problem> lines = {
        {.what = "the weights do not fit the network: " + std::to_string(missing_.size()) + " missing, " +
                 std::to_string(unexpected_.size()) + " unexpected, " + std::to_string(unfit_.size()) +
                 " of the wrong kind",
         .where = options_.source,
         .found = options_.naming,
         .remedy = is_part(options_.source)
                       ? "this is one of several files of one network: load them all in Python and save them as one"
                       : "choose the architecture that these weights were trained for"}};
    const auto add = [&](const std::vector<core::Problem>& problems, const std::string& kind) {
        const size_t shown = std::min(problems.size(), kMostNames);
        lines.insert(lines.end(), problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(shown));
        if (shown == problems.size()) return;
        lines.push_back(
            {.what = "and " + std::to_string(problems.size() - shown) + " more " + kind, .where = options_.source});
    };
    add(missing_, "missing");
    add(unexpected_, "unexpected");
    add(unfit_, "of the wrong kind");
    return lines;
}

}  // namespace

bool may_be_missing(std::string_view name) {
    return name == "num_batches_tracked" || name.ends_with(".num_batches_tracked");
}

bool in_layer(std::string_view name, std::string_view layer) {
    return !layer.empty() && name.size() > layer.size() && name.starts_with(layer) && name[layer.size()] == '.';
}

StateDict state_dict(const torch::nn::Module& module) {
    StateDict state;
    add_state(module, "", state);
    return state;
}

std::vector<std::string> load_state_dict(torch::nn::Module& module, const StateDict& weights,
                                         const LoadOptions& options) {
    const torch::NoGradGuard no_grad;
    const Matcher matcher(state_dict(module), weights, options);
    for (const auto& [target, source] : matcher.pairs()) torch::Tensor(target).copy_(source);
    return matcher.left_out();
}

}  // namespace kaziranga::models
