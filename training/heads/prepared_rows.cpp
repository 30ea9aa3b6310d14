#include "training/heads/prepared_rows.hpp"

namespace kaziranga::training {

PreparedRows::PreparedRows(WeightedRows raw, int64_t group_size, bool standardise, Exactness exactness,
                           std::function<RowMoments()> moments)
    : raw_(std::move(raw)),
      group_size_(group_size),
      exactness_(exactness),
      standardisation_(Standardisation::of(raw_.x, standardise)),
      raw_moments_(std::move(moments)) {}

const WeightedRows& PreparedRows::standardised() const {
    if (!standardised_) standardised_.emplace(standardisation_.apply(raw_.x), raw_.y, raw_.classes, raw_.w);
    return *standardised_;
}

const RowMoments& PreparedRows::moments() const {
    if (!moments_)
        moments_ = raw_moments_ ? raw_moments_().standardised(standardisation_) : RowMoments::of(standardised());
    return *moments_;
}

const RotatedRows& PreparedRows::rotated() const {
    if (!rotated_) rotated_.emplace(standardised(), moments(), at::kFloat);
    return *rotated_;
}

}  // namespace kaziranga::training
