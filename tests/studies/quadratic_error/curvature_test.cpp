#include "studies/quadratic_error/curvature.hpp"

#include <cmath>

#include <ATen/ops/arange.h>
#include <ATen/ops/linalg_qr.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// A symmetric matrix with eigenvalues 9, 8, …, -1, 0 at their places.
Tensor with_known_eigenvalues(int64_t size) {
    at::manual_seed(5);
    const Tensor q = std::get<0>(at::linalg_qr(at::randn({size, size}, at::kDouble)));
    return q.matmul(at::arange(size, at::kDouble).sub(1).diag()).matmul(q.t());
}

TEST(Curvature, OfAQuadraticIsItsMatrix) {
    const Tensor a = with_known_eigenvalues(10);
    const Objective f = [&](const Tensor& w) { return w.dot(a.matmul(w)) / 2; };
    const Tensor w = at::randn({10}, at::kDouble), v = at::randn({10}, at::kDouble);
    EXPECT_TRUE(at::allclose(hessian(f, w), a, 1e-12, 1e-12));
    EXPECT_TRUE(at::allclose(hessian_times(f, w, v), a.matmul(v), 1e-12, 1e-12));
    const Eigen eigen = eigen_of(a);
    EXPECT_TRUE(at::allclose(eigen.values, at::arange(8, -2, -1, at::kDouble), 1e-12, 1e-12));
    const Tensor first = eigen.vectors.select(1, 0);
    EXPECT_TRUE(at::allclose(a.matmul(first), 8 * first, 1e-10, 1e-10));
}

TEST(Curvature, LanczosFindsTheOutermostEigenvaluesFirst) {
    const Tensor a = with_known_eigenvalues(60);
    const auto times = [&](const Tensor& v) { return a.matmul(v); };
    const Tensor ritz = lanczos(times, at::randn({60}, at::kDouble), 60);
    EXPECT_TRUE(at::allclose(ritz, at::arange(58, -2, -1, at::kDouble), 1e-9, 1e-9));
    EXPECT_NEAR(lanczos(times, at::randn({60}, at::kDouble), 30)[0].item<double>(), 58, 0.05);
}

/// A start inside few eigenvectors is exhausted early, not divided by nothing.
TEST(Curvature, LanczosEndsWhereTheStartHasNoMoreDirections) {
    const Tensor a = with_known_eigenvalues(10);
    const Tensor start = eigen_of(a).vectors.select(1, 0);
    const Tensor ritz = lanczos([&](const Tensor& v) { return a.matmul(v); }, start, 10);
    ASSERT_EQ(ritz.numel(), 1);
    EXPECT_NEAR(ritz[0].item<double>(), 8, 1e-12);
}

TEST(Curvature, MinimiseLeavesASaddleAndEndsAtAMinimum) {
    // Rosenbrock's valley, and a saddle at the start of the second.
    const Objective valley = [](const Tensor& w) {
        return (1 - w[0]).square() + 100 * (w[1] - w[0].square()).square();
    };
    const Minimum end = minimise(valley, at::tensor({-1.2, 1.0}, at::kDouble), 1e-10, 500);
    EXPECT_LE(end.gradient_norm, 1e-10);
    EXPECT_NEAR(end.w[0].item<double>(), 1, 1e-9);
    const Objective saddle = [](const Tensor& w) { return w[0].square() - w[1].square() + w[1].pow(4); };
    const Minimum left = minimise(saddle, at::tensor({1.0, 1e-3}, at::kDouble), 1e-10, 500);
    EXPECT_NEAR(left.value, -0.25, 1e-12);
}

}  // namespace
}  // namespace kaziranga::studies
