#include "training/loop/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <map>
#include <set>
#include <unordered_set>

namespace kaziranga::training {
namespace {

bool is_weight(const at::Tensor& parameter) {
    return parameter.dim() > 1;
}

/// The position of a parameter between the image and the head: the number of its layer group and, if the group is a
/// chain of blocks, of its block.
struct Place {
    int64_t group = 0;
    int64_t block = -1;  ///< -1: not in a chain
    auto operator<=>(const Place&) const = default;
};

Place place_of(const std::string& name, const std::vector<std::vector<std::string>>& groups) {
    const auto count = static_cast<int64_t>(groups.size());
    for (int64_t g = 0; g < count; ++g) {
        for (const std::string& module : groups[static_cast<size_t>(g)]) {
            if (!name.starts_with(module + ".")) continue;
            const std::string rest = name.substr(module.size() + 1), number = rest.substr(0, rest.find('.'));
            const bool numbered = std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
            return {.group = g, .block = numbered ? std::stoll(number) : -1};
        }
    }
    TORCH_CHECK(false, "the parameter belongs to no group of layers: ", name);
}

/// The number of layers from each place of a network to the head, including the place itself: 1 for the last block.
std::map<Place, int64_t> depths_of(const models::Backbone& network) {
    const auto groups = network.layer_groups();
    const std::string head = network.classifier_name() + ".";
    std::set<Place> places;
    for (const auto& item : network.named_parameters()) {
        if (!item.key().starts_with(head)) places.insert(place_of(item.key(), groups));
    }
    std::map<Place, int64_t> depths;
    int64_t depth = 1;
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        depths[*place] = depth;
        const bool after_the_blocks = place->block < 0 && place->group > 0;
        if (!after_the_blocks) ++depth;
    }
    return depths;
}

}  // namespace

std::vector<TrainedParameter> parameters_of(const torch::nn::Module& module) {
    std::vector<TrainedParameter> result;
    for (const at::Tensor& parameter : module.parameters()) {
        result.push_back({.value = parameter, .decays = is_weight(parameter)});
    }
    return result;
}

std::vector<TrainedParameter> parameters_of(const models::Backbone& network, const std::vector<at::Tensor>& trained,
                                            const OptimizerOptions& optimizer, double l2_sp) {
    std::unordered_set<const void*> wanted;
    for (const at::Tensor& parameter : trained) wanted.insert(parameter.unsafeGetTensorImpl());
    const auto groups = network.layer_groups();
    const std::map<Place, int64_t> depths = depths_of(network);
    const std::string head = network.classifier_name() + ".";
    std::vector<TrainedParameter> result;
    for (const auto& item : network.named_parameters()) {
        const at::Tensor& parameter = item.value();
        if (!wanted.contains(parameter.unsafeGetTensorImpl())) continue;
        TrainedParameter made{.value = parameter, .decays = is_weight(parameter)};
        if (item.key().starts_with(head)) {
            if (!optimizer.head_lr.is_auto()) made.rate_factor = *optimizer.head_lr.value / optimizer.lr;
        } else {
            const auto depth = static_cast<double>(depths.at(place_of(item.key(), groups)));
            made.rate_factor = std::pow(optimizer.layer_decay, depth);
            if (l2_sp > 0) {
                made.anchor = parameter.detach().clone();
                made.decays = false;
            }
        }
        result.push_back(std::move(made));
    }
    return result;
}

}  // namespace kaziranga::training
