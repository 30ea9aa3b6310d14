#pragma once

#include "training/heads/principal_axes.hpp"
#include "training/heads/weighted_rows.hpp"

#include <memory>

namespace kaziranga::training {

/// Rows along their principal axes. Logistic regression and ridge's leave-one-out start from them, so that one
/// eigendecomposition serves both.
struct RotatedRows {
    WeightedRows rows;
    PrincipalAxes axes;

    /// @param precision  float32 or double, of the axes and of all computations along them
    RotatedRows(const WeightedRows& given, at::ScalarType precision = at::kDouble)  // NOLINT: rows as they are
        : RotatedRows(given, RowMoments::of(given), precision) {}

    /// @param moments  of the rows
    RotatedRows(const WeightedRows& given, const RowMoments& moments, at::ScalarType precision)
        : rows(given), axes(principal_axes(moments, precision)) {}

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
