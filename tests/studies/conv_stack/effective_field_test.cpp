#include "studies/conv_stack/effective_field.hpp"

#include "studies/common/draws.hpp"

#include <cmath>

#include <ATen/ops/avg_pool2d.h>
#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;

/// A place of a mean over k × k pixels depends on those pixels alike.
TEST(EffectiveField, OfAMeanIsASquare) {
    constexpr int64_t kSide = 5;
    const Tensor images = normal({3, 2, 45, 45}, generator(0, {98}));
    const auto mean = [](const Tensor& x) { return at::avg_pool2d(x, {kSide, kSide}); };
    const EffectiveField field = effective_field(mean, images, 3);
    ASSERT_EQ(field.radii.size(), 3U);
    for (const double radius : field.radii) EXPECT_NEAR(radius, std::sqrt((kSide * kSide - 1) / 12.0), 1e-12);
    EXPECT_NEAR(field.map.sum().item<double>(), 1, 1e-12);
    EXPECT_EQ((field.map > 0).sum().item<int64_t>(), kSide * kSide);
}

TEST(EffectiveField, DoesNotDependOnHowManyImagesPassAtOnce) {
    const Tensor images = normal({5, 2, 12, 12}, generator(0, {98, 1}));
    const auto features = [](const Tensor& x) { return at::avg_pool2d(x.tanh() * x, {3, 3}); };
    const EffectiveField together = effective_field(features, images, 5), alone = effective_field(features, images, 1);
    EXPECT_TRUE(together.map.allclose(alone.map, 1e-12, 1e-15));
    ASSERT_EQ(together.radii.size(), alone.radii.size());
    for (size_t i = 0; i < alone.radii.size(); ++i) EXPECT_NEAR(together.radii[i], alone.radii[i], 1e-12);
}

}  // namespace
}  // namespace kaziranga::studies
