#pragma once

#include "training/heads/row_moments.hpp"

#include <map>
#include <optional>

namespace kaziranga::training {

/// The moments of all rows, and of all rows except those of one fold. Computes the moments of each fold, one matrix
/// product in total, and joins them. Holds D^2 numbers per fold.
class FoldMoments {
  public:
    /// The largest number of folds. Joining more takes about as long as starting from the rows, and their memory adds
    /// up.
    static constexpr int64_t kMost = 10;

    /// @param fold_of  [N] int64, the fold of each row
    FoldMoments(const WeightedRows& rows, const at::Tensor& fold_of);

    /// Returns the moments without one fold, along the features.
    /// @param fold  must not be the only fold; none: the moments of all rows
    RowMoments without(std::optional<int64_t> fold) const;

  private:
    std::map<int64_t, RowMoments> of_fold_;
};

}  // namespace kaziranga::training
