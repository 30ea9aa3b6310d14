#include "data/augment/augment.hpp"

#include "core/hash.hpp"
#include "data/augment/colour.hpp"
#include "data/augment/draws.hpp"
#include "data/augment/geometry.hpp"
#include "tests/data/threads_of_this_process.hpp"

#include <thread>

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

const AugmentOptions kOnlyCrop = {.flip = 0};

core::Preprocessing sized(int64_t crop) {
    return {.resize = crop, .crop = crop};
}

core::RandomStream stream(uint64_t index) {
    return {3, core::Purpose::kTest, {index}};
}

at::Tensor textured(int64_t height, int64_t width) {
    at::Tensor image = at::empty({height, width, 3}, at::kByte);
    uint8_t* value = image.mutable_data_ptr<uint8_t>();
    for (int64_t y = 0; y < height; ++y) {
        for (int64_t x = 0; x < width; ++x) {
            for (int64_t c = 0; c < 3; ++c) *value++ = static_cast<uint8_t>((3 + c) * x + (5 - c) * y + x * y / 17);
        }
    }
    return image;
}

std::vector<AugmentOptions> every_kind() {
    return {{},
            {.brightness = 0.4, .contrast = 0.4, .saturation = 0.4, .hue = 0.1},
            {.policy = AugmentPolicy::kTrivial},
            {.policy = AugmentPolicy::kRandaugment, .rand_ops = 3, .rand_magnitude = 20},
            {.vertical_flip = 0.5, .erasing = 0.5},
            {.vertical_flip = 0.5, .brightness = 1, .hue = 0.5, .policy = AugmentPolicy::kTrivial, .erasing = 0.5}};
}

TEST(Augment, CropsAndFlipsToTheBytesThatCachedFeaturesWereMadeOf) {
    const auto hash_of_views = [](core::Interpolation interpolation) {
        core::Preprocessing preprocessing = sized(56);
        preprocessing.interpolation = interpolation;
        core::Hasher hasher;
        for (uint64_t i = 0; i < 8; ++i) {
            for (const auto& [height, width] : {std::pair{90, 121}, {300, 77}, {20, 33}}) {
                const at::Tensor view =
                    augment(textured(height, width), preprocessing, {.min_area = 0.3}, stream(i)).permute({1, 2, 0});
                hasher.add(view.const_data_ptr(), view.nbytes());
            }
        }
        return hasher.digest().hex();
    };
    EXPECT_EQ(hash_of_views(core::Interpolation::kBilinear), "df59b815d5ee72ab4b6687c51390b334");
    EXPECT_EQ(hash_of_views(core::Interpolation::kBicubic), "71fd817f3a717cb185ba0c07009234a2");
}

TEST(Augment, IsAFunctionOfItsStream) {
    const at::Tensor image = textured(90, 120);
    for (const AugmentOptions& options : every_kind()) {
        int different = 0;
        for (uint64_t i = 0; i < 20; ++i) {
            const at::Tensor view = augment(image, sized(56), options, stream(i));
            EXPECT_EQ(view.sizes(), (at::IntArrayRef{3, 56, 56}));
            EXPECT_EQ(view.strides(), (at::IntArrayRef{1, 3 * 56, 3}));
            EXPECT_TRUE(view.equal(augment(image, sized(56), options, stream(i))));
            different += view.equal(augment(image, sized(56), options, stream(i + 100))) ? 0 : 1;
        }
        EXPECT_EQ(different, 20);
    }
    EXPECT_TRUE(image.equal(textured(90, 120)));
}

TEST(Augment, StartsNoThreadsOfItsOwn) {
    std::jthread([] {
        const int64_t before = test::threads_of_this_process();
        for (const AugmentOptions& options : every_kind()) {
            for (uint64_t i = 0; i < 30; ++i) augment(textured(400, 500), sized(224), options, stream(i));
        }
        EXPECT_EQ(test::threads_of_this_process(), before);
    }).join();
}

TEST(Augment, FlipsAsOftenAsItIsTold) {
    constexpr int kDraws = 400;
    const at::Tensor image = textured(60, 60);
    for (const double probability : {0.0, 0.3, 1.0}) {
        int across = 0, down = 0;
        for (uint64_t i = 0; i < kDraws; ++i) {
            const at::Tensor upright = augment(image, sized(32), kOnlyCrop, stream(i));
            AugmentOptions options = {.flip = probability};
            across += augment(image, sized(32), options, stream(i)).equal(upright.flip({2})) ? 1 : 0;
            options = {.flip = 0, .vertical_flip = probability};
            down += augment(image, sized(32), options, stream(i)).equal(upright.flip({1})) ? 1 : 0;
        }
        EXPECT_NEAR(across, kDraws * probability, probability == 0.3 ? 45 : 0);
        EXPECT_NEAR(down, kDraws * probability, probability == 0.3 ? 45 : 0);
    }
}

TEST(Augment, ErasesABoxOfTheMeanColour) {
    constexpr int kDraws = 300;
    constexpr int64_t kSide = 64;
    const at::Tensor image = at::full({80, 80, 3}, 7, at::kByte);
    core::Preprocessing preprocessing = sized(kSide);
    preprocessing.mean = {0.2, 0.5, 1.0};
    AugmentOptions options = kOnlyCrop;
    options.erasing = 0.4;
    int erased = 0;
    double smallest = 1, largest = 0;
    for (uint64_t i = 0; i < kDraws; ++i) {
        const at::Tensor view = augment(image, preprocessing, options, stream(i));
        const at::Tensor box = view[0].ne(7);
        const double area = static_cast<double>(box.sum().item<int64_t>()) / (kSide * kSide);
        if (area == 0) continue;
        ++erased;
        smallest = std::min(smallest, area);
        largest = std::max(largest, area);
        EXPECT_TRUE(view[0].eq(51).equal(box) && view[1].eq(128).equal(box) && view[2].eq(255).equal(box));
        const int64_t rows = box.any(1).sum().item<int64_t>(), columns = box.any(0).sum().item<int64_t>();
        EXPECT_EQ(rows * columns, box.sum().item<int64_t>());
    }
    EXPECT_NEAR(erased, kDraws * 0.4, 40);
    EXPECT_NEAR(smallest, 0.02, 0.02);
    EXPECT_NEAR(largest, 0.33, 0.04);
    EXPECT_LE(largest, 0.345);
}

TEST(Augment, JitterOfStrengthZeroIsLeftOut) {
    core::RandomStream numbers = stream(1);
    EXPECT_TRUE(draw_jitter({}, numbers).empty());
    EXPECT_EQ(numbers(), stream(1)());  // nothing was drawn
    const std::vector<Step> steps = draw_jitter({.contrast = 2, .hue = 0.1}, numbers);
    EXPECT_EQ(steps.size(), 2U);
}

TEST(Augment, JitterFactorsKeepToTheirRange) {
    int hue_first = 0;
    double lowest = 10, highest = 0;
    for (uint64_t i = 0; i < 500; ++i) {
        core::RandomStream numbers = stream(i);
        const std::vector<Step> steps = draw_jitter({.brightness = 1.5, .hue = 0.1}, numbers);
        hue_first += steps[0].operation == Operation::kHue ? 1 : 0;
        for (const Step& step : steps) {
            if (step.operation == Operation::kHue) {
                EXPECT_LE(std::abs(step.parameter), 0.1);
            } else {
                lowest = std::min(lowest, step.parameter);
                highest = std::max(highest, step.parameter);
            }
        }
    }
    EXPECT_NEAR(lowest, 0, 0.05);
    EXPECT_GE(lowest, 0);
    EXPECT_NEAR(highest, 2.5, 0.05);
    EXPECT_NEAR(hue_first, 250, 50);
}

TEST(Augment, PoliciesDrawEveryOperationBothWays) {
    std::array<int, 14> drawn{};
    int positive = 0, turns = 0;
    for (uint64_t i = 0; i < 2800; ++i) {
        core::RandomStream numbers = stream(i);
        const Step step = draw_randaugment(224, 224, 30, numbers);
        ++drawn.at(static_cast<size_t>(step.operation));
        if (step.operation != Operation::kRotate) continue;
        ++turns;
        positive += step.parameter > 0 ? 1 : 0;
        EXPECT_DOUBLE_EQ(std::abs(step.parameter), 30);
    }
    for (const int times : drawn) EXPECT_NEAR(times, 200, 70);
    EXPECT_NEAR(positive, turns / 2, 30);
}

TEST(Operations, OfNeutralParameterChangeNothing) {
    const at::Tensor image = textured(41, 67);
    for (const Step& step : {Step{Operation::kIdentity, 0},
                             {Operation::kShearX, 0},
                             {Operation::kShearY, 0},
                             {Operation::kTranslateX, 0},
                             {Operation::kTranslateY, 0},
                             {Operation::kRotate, 0},
                             {Operation::kBrightness, 1},
                             {Operation::kSaturation, 1},
                             {Operation::kContrast, 1},
                             {Operation::kSharpness, 1},
                             {Operation::kPosterize, 8}}) {
        EXPECT_TRUE(apply(image, step).equal(image)) << static_cast<int>(step.operation);
    }
}

TEST(Operations, MoveOutOfSightToBlack) {
    const at::Tensor image = at::full({9, 7, 3}, 200, at::kByte);
    for (const int64_t pixels : {-7, 7, -1000, 1000}) EXPECT_EQ(translate_x(image, pixels).max().item<int>(), 0);
    for (const int64_t pixels : {-9, 9, -1000, 1000}) EXPECT_EQ(translate_y(image, pixels).max().item<int>(), 0);
    EXPECT_EQ(translate_y(translate_x(image, 6), -8).sum().item<int>(), 3 * 200);
}

TEST(Operations, RefuseWhatIsNoImage) {
    EXPECT_THROW(equalize(at::full({9, 7, 4}, 200, at::kByte)), c10::Error);
    EXPECT_THROW(rotate(at::full({9, 7, 3}, 200, at::kFloat), 10), c10::Error);
    EXPECT_THROW(solarize(at::full({3, 9, 7}, 200, at::kByte).permute({1, 2, 0}), 10), c10::Error);
}

}  // namespace
}  // namespace kaziranga::data
