#pragma once

#include "training/heads/rotated_rows.hpp"
#include "training/heads/row_moments.hpp"
#include "training/heads/standardisation.hpp"

#include <functional>
#include <optional>

namespace kaziranga::training {

/// The purpose of a fit: to compare the head with others on held-out images, or to keep it. A comparison is computed in
/// float32 and not to full precision.
enum class Exactness { kToCompare, kToKeep };

/// The training images of one fold, or all training images, with results that several families share. Each result is
/// computed once, at its first use.
class PreparedRows {
  public:
    /// @param raw         raw features     @param group_size  number of consecutive rows that show one image
    /// @param moments     returns the moments of the raw features if they are known; else null
    PreparedRows(WeightedRows raw, int64_t group_size, bool standardise, Exactness exactness,
                 std::function<RowMoments()> moments = nullptr);

    const WeightedRows& raw() const { return raw_; }
    int64_t group_size() const { return group_size_; }
    Exactness exactness() const { return exactness_; }

    /// The dtype of the solution: float32 to compare, double to keep.
    at::ScalarType precision() const { return exactness_ == Exactness::kToKeep ? at::kDouble : at::kFloat; }

    const Standardisation& standardisation() const { return standardisation_; }
    const WeightedRows& standardised() const;

    /// The moments of the standardised rows.
    const RowMoments& moments() const;

    /// The standardised rows along their principal axes, in float32.
    const RotatedRows& rotated() const;

  private:
    WeightedRows raw_;
    int64_t group_size_;
    Exactness exactness_;
    Standardisation standardisation_;
    std::function<RowMoments()> raw_moments_;
    mutable std::optional<WeightedRows> standardised_;
    mutable std::optional<RowMoments> moments_;
    mutable std::optional<RotatedRows> rotated_;
};

}  // namespace kaziranga::training
