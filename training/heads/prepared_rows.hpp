#pragma once

#include <optional>

#include "training/heads/rotated_rows.hpp"
#include "training/heads/standardisation.hpp"

namespace kaziranga::training {

/// What heads are fitted for: to be compared with others on held-out images, or to be kept. A comparison is computed in
/// float32 and not to the last digit.
enum class Exactness { kToCompare, kToKeep };

/// The training images of one fold, or all of them, with what several families compute from them alike: it is computed
/// once, when the first asks.
class PreparedRows {
  public:
    /// @param raw         raw features     @param group_size  consecutive rows that show one image
    PreparedRows(WeightedRows raw, int64_t group_size, bool standardise, Exactness exactness);

    const WeightedRows& raw() const { return raw_; }
    int64_t group_size() const { return group_size_; }
    Exactness exactness() const { return exactness_; }

    const Standardisation& standardisation() const { return standardisation_; }
    const WeightedRows& standardised() const { return standardised_; }

    /// The standardised rows along their principal axes.
    const RotatedRows& rotated() const;

  private:
    WeightedRows raw_;
    int64_t group_size_;
    Exactness exactness_;
    Standardisation standardisation_;
    WeightedRows standardised_;
    mutable std::optional<RotatedRows> rotated_;
};

}  // namespace kaziranga::training
