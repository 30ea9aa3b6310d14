#include "training/loop/unfreezing.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>

namespace kaziranga::training {
namespace {

std::optional<int64_t> whole_number(const std::string& text) {
    int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// The module names for a message: the layer groups, then the modules inside them in general.
std::string known_names(const models::Backbone& network) {
    std::vector<std::string> names;
    for (const auto& group : network.layer_groups()) names.insert(names.end(), group.begin(), group.end());
    return core::join(names, ", ") + " or a module inside them";
}

}  // namespace

std::vector<std::string> unfreezing_problems(const core::config::Table& unfreeze, int64_t epochs) {
    std::vector<std::string> problems;
    for (const auto& [key, modules] : unfreeze) {
        const auto epoch = whole_number(key);
        if (!epoch || *epoch < 1) {
            problems.push_back("'" + key + "' is no number of epochs done, 1 or more");
        } else if (*epoch >= epochs) {
            problems.push_back("training ends after " + std::to_string(epochs) + " epochs, before " + key);
        }
        if (modules.empty()) problems.push_back("nothing to unfreeze at " + key);
    }
    return problems;
}

Unfreezing::Unfreezing(models::Backbone& network, const core::config::Strings& frozen,
                       const core::config::Table& unfreeze)
    : network_(network) {
    std::vector<core::Problem> problems;
    const auto known = network.named_modules("", /*include_self=*/false);
    const auto find = [&](const std::string& key, const std::string& name) -> ModulePtr {
        if (const auto* module = known.find(name)) return *module;
        problems.push_back({.what = key + ": no module '" + name + "' in this network",
                            .where = "config",
                            .expected = known_names(network),
                            .remedy = core::did_you_mean(name, known.keys())});
        return nullptr;
    };
    std::unordered_set<const void*> frozen_parameters;
    for (const std::string& name : frozen) {
        if (name == "none") continue;
        const ModulePtr module = find("model.freeze", name);
        if (!module) continue;
        frozen_.push_back(module);
        for (const at::Tensor& parameter : module->parameters())
            frozen_parameters.insert(parameter.unsafeGetTensorImpl());
    }
    for (const auto& [key, names] : unfreeze) {
        for (const std::string& name : names) {
            const ModulePtr module = name == "all" ? network.shared_from_this() : find("train.unfreeze", name);
            if (!module) continue;
            thaws_.push_back({module, whole_number(key).value()});
            const auto parameters = module->parameters();
            const bool any = std::any_of(parameters.begin(), parameters.end(), [&](const at::Tensor& parameter) {
                return frozen_parameters.contains(parameter.unsafeGetTensorImpl());
            });
            if (any) continue;
            problems.push_back({.what = "train.unfreeze: nothing of '" + name + "' is frozen",
                                .where = "config",
                                .remedy = "name it, or what it is part of, in model.freeze"});
        }
    }
    if (!problems.empty()) throw core::Error(std::move(problems));
}

void Unfreezing::enter(int64_t epoch, bool train_statistics) const {
    const auto set = [&](torch::nn::Module& module, bool trained) {
        module.train(trained && train_statistics);
        for (at::Tensor& parameter : module.parameters()) parameter.requires_grad_(trained);
    };
    set(network_, true);
    for (const ModulePtr& module : frozen_) set(*module, false);
    for (const Thaw& thaw : thaws_) {
        if (thaw.epoch <= epoch) set(*thaw.module, true);
    }
}

std::vector<at::Tensor> Unfreezing::ever_trained() const {
    std::unordered_set<const void*> never;
    for (const ModulePtr& module : frozen_) {
        for (const at::Tensor& parameter : module->parameters()) never.insert(parameter.unsafeGetTensorImpl());
    }
    for (const Thaw& thaw : thaws_) {
        for (const at::Tensor& parameter : thaw.module->parameters()) never.erase(parameter.unsafeGetTensorImpl());
    }
    std::vector<at::Tensor> trained;
    for (const at::Tensor& parameter : network_.parameters()) {
        if (!never.contains(parameter.unsafeGetTensorImpl())) trained.push_back(parameter);
    }
    return trained;
}

}  // namespace kaziranga::training
