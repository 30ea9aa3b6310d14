#include "data/augment/mix.hpp"

#include <ATen/ops/eye.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

constexpr int64_t kBatch = 6, kSide = 20;

core::RandomStream stream(uint64_t index) {
    return {3, core::Purpose::kTest, {index}};
}

/// Image i is i everywhere, its target class i.
at::Tensor numbered() {
    at::Tensor images = at::zeros({kBatch, 3, kSide, kSide});
    for (int64_t i = 0; i < kBatch; ++i) images[i].fill_(i);
    return images.contiguous(at::MemoryFormat::ChannelsLast);
}

TEST(Mix, LeavesABatchAsItIsWithoutAlphas) {
    const at::Tensor images = numbered(), targets = at::eye(kBatch);
    const MixedBatch mixed = mix(images, targets, {}, stream(0));
    EXPECT_TRUE(mixed.images.is_same(images));
    EXPECT_TRUE(mixed.targets.is_same(targets));
}

TEST(Mix, IsAFunctionOfItsStreamAndLeavesItsArgumentsAlone) {
    const at::Tensor images = numbered(), targets = at::eye(kBatch);
    for (const AugmentOptions& options : {AugmentOptions{.mixup = 0.4}, {.cutmix = 1}, {.mixup = 1, .cutmix = 1}}) {
        int different = 0;
        for (uint64_t i = 0; i < 20; ++i) {
            const MixedBatch once = mix(images, targets, options, stream(i));
            const MixedBatch again = mix(images, targets, options, stream(i));
            EXPECT_TRUE(once.images.equal(again.images) && once.targets.equal(again.targets));
            EXPECT_TRUE(once.images.is_contiguous(at::MemoryFormat::ChannelsLast));
            EXPECT_LT(once.targets.sum(1).sub(1).abs().max().item<double>(), 1e-6);
            different += once.images.equal(mix(images, targets, options, stream(i + 100)).images) ? 0 : 1;
        }
        EXPECT_GE(different, 17);  // shares near 1 leave a batch as it is
        EXPECT_TRUE(images.equal(numbered()) && targets.equal(at::eye(kBatch)));
    }
}

TEST(Mix, TargetsSayHowMuchOfWhichImageIsThere) {
    const at::Tensor images = numbered(), targets = at::eye(kBatch);
    for (const AugmentOptions& options : {AugmentOptions{.mixup = 1}, {.cutmix = 1}}) {
        for (uint64_t i = 0; i < 50; ++i) {
            const MixedBatch mixed = mix(images, targets, options, stream(i));
            for (int64_t k = 0; k < kBatch; ++k) {
                const int64_t partner = (k + kBatch - 1) % kBatch;
                const double own = mixed.targets[k][k].item<double>();
                EXPECT_NEAR(mixed.targets[k][partner].item<double>(), 1 - own, 1e-6);
                EXPECT_NEAR(mixed.images[k].mean().item<double>(),
                            own * static_cast<double>(k) + (1 - own) * static_cast<double>(partner), 1e-4);
            }
        }
    }
}

TEST(Mix, TakesEitherOfTheTwoEquallyOften) {
    constexpr int kDraws = 400;
    const at::Tensor images = at::rand({2, 3, 8, 8}), targets = at::eye(2);
    int cut = 0;
    for (uint64_t i = 0; i < kDraws; ++i) {
        const MixedBatch mixed = mix(images, targets, {.mixup = 8, .cutmix = 8}, stream(i));
        const at::Tensor pixel_of_either = mixed.images.eq(images).logical_or(mixed.images.eq(images.flip({0})));
        cut += pixel_of_either.all().item<bool>() ? 1 : 0;
    }
    EXPECT_NEAR(cut, kDraws / 2, 50);
}

TEST(Mix, SharesAreBetweenZeroAndOneForAnyAlpha) {
    for (const double alpha : {1e-6, 0.01, 0.2, 1.0, 30.0, 1e6}) {
        double sum = 0;
        for (uint64_t i = 0; i < 2000; ++i) {
            core::RandomStream numbers = stream(i);
            const double share = draw_share(alpha, numbers);
            ASSERT_GE(share, 0);
            ASSERT_LE(share, 1);
            sum += share;
        }
        EXPECT_NEAR(sum / 2000, 0.5, 0.05) << alpha;
    }
}

TEST(Mix, BoxesLieInsideTheImage) {
    for (uint64_t i = 0; i < 500; ++i) {
        core::RandomStream numbers = stream(i);
        const Box box = draw_mixed_box(17, 40, numbers.uniform(), numbers);
        EXPECT_GE(box.top, 0);
        EXPECT_GE(box.left, 0);
        EXPECT_GE(box.height, 0);
        EXPECT_GE(box.width, 0);
        EXPECT_LE(box.top + box.height, 17);
        EXPECT_LE(box.left + box.width, 40);
    }
}

}  // namespace
}  // namespace kaziranga::data
