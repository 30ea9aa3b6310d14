#include "models/weights/names.hpp"

#include "models/weights/state_dict.hpp"

#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace kaziranga::models {
namespace {

using Rule = std::pair<std::string_view, std::string_view>;

// EfficientNet-PyTorch numbers the batch norms of a block from the expansion on. Without an expansion it skips number
// 0, while timm always starts with 1.
constexpr std::array<Rule, 5> kTop = {{{"_conv_stem", "conv_stem"},
                                       {"_bn0", "bn1"},
                                       {"_conv_head", "conv_head"},
                                       {"_bn1", "bn2"},
                                       {"_fc", "classifier"}}};
constexpr std::array<Rule, 6> kExpanding = {{{"_expand_conv", "conv_pw"},
                                             {"_bn0", "bn1"},
                                             {"_depthwise_conv", "conv_dw"},
                                             {"_bn1", "bn2"},
                                             {"_project_conv", "conv_pwl"},
                                             {"_bn2", "bn3"}}};
constexpr std::array<Rule, 4> kDirect = {
    {{"_depthwise_conv", "conv_dw"}, {"_bn1", "bn1"}, {"_project_conv", "conv_pw"}, {"_bn2", "bn2"}}};

/// `layer.rest` with the layer renamed; nothing if no rule applies.
template <size_t N>
std::optional<std::string> rename(std::string_view name, const std::array<Rule, N>& rules) {
    const auto dot = name.find('.');
    for (const auto& [from, to] : rules) {
        if (dot != name.npos && name.substr(0, dot) == from) return std::string(to) + std::string(name.substr(dot));
    }
    return std::nullopt;
}

}  // namespace

NameMap::NameMap(const torch::nn::Module& network) {
    for (const auto& stages : network.named_children()) {
        if (stages.key() != "blocks") continue;
        for (const auto& stage : stages.value()->named_children()) {
            for (const auto& block : stage.value()->named_children()) {
                const bool expands = block.value()->named_children().contains("conv_pwl");
                blocks_.push_back({"blocks." + stage.key() + "." + block.key(), expands});
            }
        }
    }
}

std::optional<std::string> NameMap::registered(std::string_view name) const {
    constexpr std::string_view kBlocks = "_blocks.";
    if (!name.starts_with(kBlocks)) return rename(name, kTop);
    name.remove_prefix(kBlocks.size());
    size_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    const auto digits = static_cast<size_t>(end - name.data());
    if (error != std::errc() || index >= blocks_.size() || digits == name.size() || name[digits] != '.') return {};
    const Block& block = blocks_[index];
    const std::string_view layer = name.substr(digits + 1);
    const auto renamed = block.expands ? rename(layer, kExpanding) : rename(layer, kDirect);
    return renamed ? std::optional(block.path + "." + *renamed) : std::nullopt;
}

void map_names(std::vector<std::string>& names, const torch::nn::Module& network) {
    const NameMap map(network);
    std::set<std::string> free;
    for (const auto& [name, tensor] : state_dict(network)) free.insert(name);
    for (const std::string& name : names) free.erase(name);
    for (std::string& name : names) {
        const auto renamed = map.registered(name);
        // A name that the network does not need, or that the file already has, stays: the loader then reports it.
        if (renamed && free.erase(*renamed) > 0) name = *renamed;
    }
}

}  // namespace kaziranga::models
