#pragma once

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Rows of features with their classes and weights; heads are fitted to them. A weight of 2 counts like the row twice,
/// a weight of 0 like no row.
struct WeightedRows {
    at::Tensor x;     ///< [N, D] floating
    at::Tensor y;     ///< [N] int64 in [0, classes)
    int64_t classes;  ///< K
    at::Tensor w;     ///< [N] double >= 0, at least one positive

    /// @param weights  [N] double; undefined: all one
    /// @throws c10::Error when shapes, dtypes or ranges are not those above
    WeightedRows(const at::Tensor& features, const at::Tensor& labels, int64_t number_of_classes,
                 const at::Tensor& weights = {});

    at::Tensor one_hot() const;  ///< [N, K] double

    /// [K, D] double, the weighted mean of each class's rows.
    /// @throws c10::Error when a class has no row of positive weight
    at::Tensor class_means() const;
};

}  // namespace kaziranga::training
