#pragma once

#include <memory>

#include "training/heads/principal_axes.hpp"
#include "training/heads/weighted_rows.hpp"

namespace kaziranga::training {

/// Rows along their principal axes: what ridge, discriminant analysis and logistic regression all start from, so that
/// one eigendecomposition serves them all.
struct RotatedRows {
    WeightedRows rows;
    PrincipalAxes axes;

    /// @param precision  float32 or double, of the axes and of what is computed along them
    RotatedRows(const WeightedRows& given, at::ScalarType precision = at::kDouble)  // NOLINT: rows as they are
        : rows(given), axes(principal_axes(given.x.to(precision), given.w)) {}

    at::ScalarType precision() const { return axes.directions.scalar_type(); }

    /// [N, R], the rows' coordinates along the axes; copies of these rows share them.
    const at::Tensor& coordinates() const {
        if (!coordinates_->defined()) *coordinates_ = axes.coordinates(rows.x.to(precision()));
        return *coordinates_;
    }

  private:
    std::shared_ptr<at::Tensor> coordinates_ = std::make_shared<at::Tensor>();
};

}  // namespace kaziranga::training
