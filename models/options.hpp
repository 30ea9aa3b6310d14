#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kaziranga::models {

/// The source of mean and variance in the batch norms of trained modules: the pretrained network, or each batch.
enum class BatchNormStatistics { kFrozen, kTrain };
inline constexpr std::pair<BatchNormStatistics, std::string_view> kBatchNormStatisticsWords[] = {
    {BatchNormStatistics::kFrozen, "frozen"}, {BatchNormStatistics::kTrain, "train"}};
constexpr auto& words_of(BatchNormStatistics) {
    return kBatchNormStatisticsWords;
}

/// The network and its trained parts.
struct ModelOptions {
    std::string name = "efficientnet_lite0";
    std::string weights = "pretrained";
    core::config::Strings freeze = {"backbone"};
    BatchNormStatistics batch_norm = BatchNormStatistics::kFrozen;
    core::config::OrAuto<int64_t> num_classes;

    bool frozen_backbone() const { return freeze == core::config::Strings{"backbone"}; }
    static void describe(core::config::Description<ModelOptions>& d);
};

}  // namespace kaziranga::models
