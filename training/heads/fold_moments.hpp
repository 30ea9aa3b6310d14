#pragma once

#include "training/heads/row_moments.hpp"

#include <map>
#include <optional>

namespace kaziranga::training {

/// The moments of all rows and of all but one fold's: those of each fold, one product of matrices in all, are joined.
/// Holds D^2 numbers a fold.
class FoldMoments {
  public:
    /// Folds; to join more takes about as long as to start from the rows, and their memory adds up.
    static constexpr int64_t kMost = 10;

    /// @param fold_of  [N] int64, the fold of each row
    FoldMoments(const WeightedRows& rows, const at::Tensor& fold_of);

    /// Along the features.
    /// @param fold  not the only one; none: the moments of all rows
    RowMoments without(std::optional<int64_t> fold) const;

  private:
    std::map<int64_t, RowMoments> of_fold_;
};

}  // namespace kaziranga::training
