#pragma once

#include "core/config/description.hpp"
#include "models/backbone.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::training {

/// The problems of train.unfreeze, one sentence each.
std::vector<std::string> unfreezing_problems(const core::config::Table& unfreeze, int64_t epochs);

/// Freezes and unfreezes modules by epoch. Parameters of a frozen module need no gradient, and its batch norms stay in
/// evaluation mode; otherwise their statistics would drift.
class Unfreezing {
  public:
    /// @param frozen    model.freeze: none, or names of modules
    /// @param unfreeze  train.unfreeze: epochs done, and the modules that are trained from then on
    /// @throws core::Error for a name that is no module, or one that is unfrozen without having been frozen
    Unfreezing(models::Backbone& network, const core::config::Strings& frozen, const core::config::Table& unfreeze);

    /// Sets up the network for an epoch, 0-based. With `train_statistics`, batch norms of modules that are not frozen
    /// take the statistics of each batch.
    void enter(int64_t epoch, bool train_statistics) const;

    /// The parameters that are trained in at least one epoch, in the network's order.
    std::vector<at::Tensor> ever_trained() const;

  private:
    using ModulePtr = std::shared_ptr<torch::nn::Module>;
    struct Thaw {
        ModulePtr module;
        int64_t epoch = 0;  ///< epochs done when its training starts
    };

    models::Backbone& network_;
    std::vector<ModulePtr> frozen_;
    std::vector<Thaw> thaws_;
};

}  // namespace kaziranga::training
