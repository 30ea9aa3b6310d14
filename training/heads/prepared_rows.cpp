#include "training/heads/prepared_rows.hpp"

namespace kaziranga::training {

PreparedRows::PreparedRows(WeightedRows raw, int64_t group_size, bool standardise, Exactness exactness)
    : raw_(std::move(raw)),
      group_size_(group_size),
      exactness_(exactness),
      standardisation_(Standardisation::of(raw_.x, standardise)),
      standardised_(standardisation_.apply(raw_.x), raw_.y, raw_.classes, raw_.w) {}

const RotatedRows& PreparedRows::rotated() const {
    if (!rotated_) rotated_.emplace(standardised_, exactness_ == Exactness::kToKeep ? at::kDouble : at::kFloat);
    return *rotated_;
}

}  // namespace kaziranga::training
