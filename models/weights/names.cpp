#include "models/weights/state_dict.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::models {
namespace {

using Rule = std::pair<std::string_view, std::string_view>;

// EfficientNet-PyTorch counts batch norms within a block from the expansion on; where nothing is expanded it leaves
// number 0 out, while timm always starts with 1.
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

struct BlockName {
    std::string path;  ///< "blocks.1.0"
    bool expands;
};

/// `layer.rest` with the layer renamed; nothing when no rule knows the layer.
template <size_t N>
std::optional<std::string> rename(std::string_view name, const std::array<Rule, N>& rules) {
    const auto dot = name.find('.');
    for (const auto& [from, to] : rules) {
        if (dot != name.npos && name.substr(0, dot) == from) return std::string(to) + std::string(name.substr(dot));
    }
    return std::nullopt;
}

/// The blocks `blocks.<stage>.<index>` of a network in order: their position is the package's flat index.
std::vector<BlockName> block_names(const torch::nn::Module& module) {
    std::vector<BlockName> blocks;
    for (const auto& stages : module.named_children()) {
        if (stages.key() != "blocks") continue;
        for (const auto& stage : stages.value()->named_children()) {
            for (const auto& block : stage.value()->named_children()) {
                const bool expands = block.value()->named_children().contains("conv_pwl");
                blocks.push_back({"blocks." + stage.key() + "." + block.key(), expands});
            }
        }
    }
    return blocks;
}

std::optional<std::string> rename_in_block(std::string_view name, const std::vector<BlockName>& blocks) {
    size_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    const size_t digits = static_cast<size_t>(end - name.data());
    if (error != std::errc() || index >= blocks.size() || digits == name.size() || name[digits] != '.') return {};
    const auto& block = blocks[index];
    const auto layer = name.substr(digits + 1);
    const auto renamed = block.expands ? rename(layer, kExpanding) : rename(layer, kDirect);
    return renamed ? std::optional(block.path + "." + *renamed) : std::nullopt;
}

std::optional<std::string> rename_any(std::string_view name, const std::vector<BlockName>& blocks) {
    constexpr std::string_view kBlocks = "_blocks.";
    return name.starts_with(kBlocks) ? rename_in_block(name.substr(kBlocks.size()), blocks) : rename(name, kTop);
}

std::set<std::string> registered_names(const torch::nn::Module& module) {
    std::set<std::string> names;
    for (const auto& parameter : module.named_parameters()) names.insert(parameter.key());
    for (const auto& buffer : module.named_buffers()) names.insert(buffer.key());
    return names;
}

}  // namespace

StateDict map_names(StateDict weights, const torch::nn::Module& module) {
    const auto blocks = block_names(module);
    auto free = registered_names(module);
    for (const auto& [name, tensor] : weights) free.erase(name);
    for (auto& [name, tensor] : weights) {
        const auto renamed = rename_any(name, blocks);
        // A name that nobody asks for, or that the file holds already, keeps its spelling: the loader then reports it.
        if (renamed && free.erase(*renamed) > 0) name = *renamed;
    }
    return weights;
}

}  // namespace kaziranga::models
