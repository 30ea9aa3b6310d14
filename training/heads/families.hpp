#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/heads.hpp"
#include "training/heads/weighted_rows.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// A kind of head that is found at once, and the settings of it that are worth comparing.
struct Family {
    std::string name;              ///< "lda"
    std::string parameter;         ///< "shrinkage"; empty where there is none
    std::vector<double> settings;  ///< at least one; of a family without a parameter, one that means nothing

    /// Heads for raw features, one for each of the settings asked for.
    /// @param rows        raw features, standardised inside where that is wanted
    /// @param group_size  consecutive rows that show one image
    std::function<std::vector<std::shared_ptr<models::Head>>(const WeightedRows& rows, int64_t group_size,
                                                             const std::vector<double>& settings)>
        fit;
};

/// @param name  logistic, ridge, lda, prototype or knn
/// @param rows  the whole training set: what is chosen without folds (ridge's penalty) is chosen on it
Family make_family(const std::string& name, const WeightedRows& rows, int64_t group_size, const HeadOptions& options);

}  // namespace kaziranga::training
