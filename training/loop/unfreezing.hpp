#pragma once

#include "core/config/description.hpp"
#include "models/backbone.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

namespace kaziranga::training {

/// What is wrong with train.unfreeze, a sentence each.
std::vector<std::string> unfreezing_faults(const core::config::Table& unfreeze, int64_t epochs);

/// Which modules are frozen in which epoch. A frozen module's parameters want no gradient and its batch norms stay in
/// evaluation mode: their statistics would drift otherwise.
class Unfreezing {
  public:
    /// @param frozen    model.freeze: none, or names of modules
    /// @param unfreeze  train.unfreeze: epochs done, and the modules that are trained from then on
    /// @throws core::Error for a name that is no module, or one that is unfrozen without having been frozen
    Unfreezing(models::Backbone& network, const core::config::Strings& frozen, const core::config::Table& unfreeze);

    /// Puts the network into the state of an epoch, 0-based. `train_statistics`: batch norms of modules that are not
    /// frozen take the statistics of each batch.
    void enter(int64_t epoch, bool train_statistics) const;

    /// Parameters that are trained in some epoch, in the network's order.
    std::vector<at::Tensor> ever_trained() const;

  private:
    using ModulePtr = std::shared_ptr<torch::nn::Module>;
    struct Thaw {
        ModulePtr module;
        int64_t epoch = 0;  ///< epochs done when it begins to be trained
    };

    models::Backbone& network_;
    std::vector<ModulePtr> frozen_;
    std::vector<Thaw> thaws_;
};

}  // namespace kaziranga::training
