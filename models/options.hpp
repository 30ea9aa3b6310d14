#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kaziranga::models {

/// Whose mean and variance the batch norms of trained modules take: the pretrained network's, or each batch's.
enum class BatchNormStatistics { kFrozen, kTrain };
inline constexpr std::pair<BatchNormStatistics, std::string_view> kBatchNormStatisticsWords[] = {
    {BatchNormStatistics::kFrozen, "frozen"}, {BatchNormStatistics::kTrain, "train"}};
constexpr auto& words_of(BatchNormStatistics) {
    return kBatchNormStatisticsWords;
}

/// The network and what of it is trained.
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
