#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/heads.hpp"
#include "training/heads/prepared_rows.hpp"
#include "training/options.hpp"

namespace kaziranga::training {

/// What of a family is chosen by comparison.
struct Setting {
    std::string said;        ///< "shrinkage 0.3"; empty where there is nothing to choose
    double value = 0;        ///< penalty, shrinkage, or temperature of the votes
    int64_t neighbours = 0;  ///< of knn
};

/// A kind of head that is found at once, and the settings of it that are worth comparing.
struct Family {
    std::string name;  ///< "lda"
    bool linear = true;
    std::vector<Setting> settings;  ///< at least one

    /// Heads for raw features, one for each of the settings asked for.
    std::function<std::vector<std::shared_ptr<models::Head>>(const PreparedRows& rows,
                                                             const std::vector<Setting>& settings)>
        fit;
};

/// Calls work(s) for s < count, by LibTorch's number of threads, each computing alone: factorisations and rows of few
/// numbers keep one thread busier than they keep several.
void for_each_setting(size_t count, const std::function<void(size_t)>& work);

/// How good heads are that have not seen the images they classify.
/// @param logits  [N, V, K] of all training images in all views     @return  percent
using Judge = std::function<double(const at::Tensor& logits)>;

/// @param name   logistic, ridge, lda, prototype or knn
/// @param all    the whole training set: what is chosen without folds (ridge's penalty) is chosen on it
/// @param judge  empty where there is nothing to judge by: every class has a single image
Family make_family(const std::string& name, const PreparedRows& all, const Judge& judge, const HeadOptions& options);

}  // namespace kaziranga::training
