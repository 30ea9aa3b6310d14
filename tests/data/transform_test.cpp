#include "data/transform.hpp"

#include "data/augment/augment.hpp"
#include "tests/data/threads_of_this_process.hpp"

#include <thread>

#include <ATen/ops/arange.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

core::Preprocessing sized(int64_t resize, int64_t crop) {
    return {.resize = resize, .crop = crop};
}

core::RandomStream stream(uint64_t index) {
    return {3, core::Purpose::kTest, {index}};
}

/// [H, W, 3]: the row, the column, and 7 in every pixel.
at::Tensor coordinates(int64_t height, int64_t width) {
    const at::Tensor rows = at::arange(height, at::kByte).unsqueeze(1).expand({height, width});
    const at::Tensor columns = at::arange(width, at::kByte).unsqueeze(0).expand({height, width});
    return at::stack({rows, columns, at::full({height, width}, 7, at::kByte)}, 2).contiguous();
}

void expect_form(const at::Tensor& image, int64_t crop) {
    EXPECT_EQ(image.sizes(), (at::IntArrayRef{3, crop, crop}));
    EXPECT_EQ(image.strides(), (at::IntArrayRef{1, 3 * crop, 3}));
    EXPECT_EQ(image.scalar_type(), at::kByte);
}

TEST(CentreCrop, RoundsOffsetsHalfToEvenAsPythonDoes) {
    // Spare pixels (3, 5) leave 1.5 and 2.5 on the near side: both become 2.
    const at::Tensor image = resize_and_centre_crop(coordinates(7, 9), sized(7, 4));
    expect_form(image, 4);
    EXPECT_TRUE(image.equal(coordinates(7, 9).narrow(0, 2, 4).narrow(1, 2, 4).permute({2, 0, 1})));
}

TEST(CentreCrop, PadsASmallImageWithBlackLessOnTheNearSide) {
    const at::Tensor image = resize_and_centre_crop(coordinates(3, 5), sized(3, 6));
    at::Tensor expected = at::zeros({6, 6, 3}, at::kByte);
    expected.narrow(0, 1, 3).narrow(1, 0, 5).copy_(coordinates(3, 5));
    expect_form(image, 6);
    EXPECT_TRUE(image.equal(expected.permute({2, 0, 1})));
}

TEST(CentreCrop, PadsOneSideAndCutsTheOther) {
    const at::Tensor image = resize_and_centre_crop(coordinates(3, 9), sized(3, 4));
    at::Tensor expected = at::zeros({4, 4, 3}, at::kByte);
    expected.narrow(0, 0, 3).copy_(coordinates(3, 9).narrow(1, 2, 4));
    EXPECT_TRUE(image.equal(expected.permute({2, 0, 1})));
}

TEST(CentreCrop, KeepsAConstantImageConstant) {
    for (const auto interpolation : {core::Interpolation::kBilinear, core::Interpolation::kBicubic}) {
        for (const auto& [height, width] : {std::pair{1, 1}, {31, 500}, {500, 31}, {333, 500}, {64, 64}}) {
            core::Preprocessing preprocessing = sized(64, 56);
            preprocessing.interpolation = interpolation;
            const at::Tensor image =
                resize_and_centre_crop(at::full({height, width, 3}, 201, at::kByte), preprocessing);
            expect_form(image, 56);
            EXPECT_TRUE(image.eq(201).all().item<bool>()) << height << " x " << width;
        }
    }
}

TEST(CentreCrop, SurvivesAStripThatWouldFillMemory) {
    // Resized whole, the long side would be 25.6 million pixels.
    for (const bool tall : {true, false}) {
        at::Tensor strip = at::zeros({1, 100'000, 3}, at::kByte);
        strip.narrow(1, 49'990, 20).fill_(255);
        if (tall) strip = strip.transpose(0, 1).contiguous();
        const at::Tensor image = resize_and_centre_crop(strip, sized(256, 224));
        expect_form(image, 224);
        EXPECT_TRUE(image.eq(255).all().item<bool>());
    }
}

TEST(Transform, StartsNoThreadsOfItsOwn) {
    // Every loader thread runs it: teams of LibTorch's threads for each would stand in each other's way.
    const std::vector<at::Tensor> images = {coordinates(400, 500), coordinates(900, 320), coordinates(100, 20)};
    std::jthread([&images] {
        const int64_t before = test::threads_of_this_process();
        for (const auto interpolation : {core::Interpolation::kBilinear, core::Interpolation::kBicubic}) {
            core::Preprocessing preprocessing;
            preprocessing.interpolation = interpolation;
            for (const at::Tensor& image : images) {
                resize_and_centre_crop(image, preprocessing);
                for (uint64_t i = 0; i < 5; ++i) augment(image, preprocessing, {.min_area = 0.3}, stream(i));
            }
        }
        EXPECT_EQ(test::threads_of_this_process(), before);
    }).join();
}

/// Where the corners of the result lie in an image of `coordinates`.
struct Corners {
    double top, bottom, left, right;
    explicit Corners(const at::Tensor& image) {
        const int64_t last = image.size(1) - 1;
        top = image[0][0][0].item<double>();
        bottom = image[0][last][0].item<double>();
        left = image[1][0][0].item<double>();
        right = image[1][0][last].item<double>();
    }
    bool flipped() const { return left > right; }
    double height() const { return bottom - top + 1; }
    double width() const { return std::abs(right - left) + 1; }
};

TEST(RandomCrop, KeepsToAreaAndAspectAndFlipsHalfTheTime) {
    constexpr int64_t kSide = 250;
    constexpr int kDraws = 400;
    constexpr double kMinArea = 0.35, kSlack = 0.06;
    const at::Tensor image = coordinates(kSide, kSide);
    int flips = 0;
    double smallest = 1, largest = 0, narrowest = 2, widest = 0;
    for (uint64_t i = 0; i < kDraws; ++i) {
        const Corners corners(augment(image, sized(256, 224), {.min_area = kMinArea}, stream(i)));
        const double area = corners.height() * corners.width() / (kSide * kSide);
        const double ratio = corners.width() / corners.height();
        smallest = std::min(smallest, area);
        largest = std::max(largest, area);
        narrowest = std::min(narrowest, ratio);
        widest = std::max(widest, ratio);
        flips += corners.flipped() ? 1 : 0;
    }
    EXPECT_NEAR(smallest, kMinArea, kSlack);
    EXPECT_GT(largest, 0.85);
    EXPECT_LE(largest, 1.0);
    EXPECT_NEAR(narrowest, 0.75, kSlack);
    EXPECT_NEAR(widest, 4.0 / 3.0, kSlack);
    EXPECT_NEAR(flips, kDraws / 2, 50);
}

TEST(RandomCrop, IsAFunctionOfItsStream) {
    const at::Tensor image = coordinates(90, 120);
    const auto draw = [&](uint64_t i) { return augment(image, sized(64, 56), {.min_area = 0.2}, stream(i)); };
    expect_form(draw(0), 56);
    int different = 0;
    for (uint64_t i = 0; i < 20; ++i) {
        EXPECT_TRUE(draw(i).equal(draw(i)));
        different += draw(i).equal(draw(i + 100)) ? 0 : 1;
    }
    EXPECT_EQ(different, 20);
}

TEST(RandomCrop, FallsBackToTheMiddleOfAStrip) {
    // No box of the whole area has an aspect ratio that fits, so the middle 30 x 40 is taken: columns 105 to 144.
    const at::Tensor image = coordinates(30, 250);
    const Corners corners(augment(image, sized(64, 40), {.min_area = 1.0}, stream(1)));
    EXPECT_NEAR(std::min(corners.left, corners.right), 105, 1);
    EXPECT_NEAR(std::max(corners.left, corners.right), 144, 1);
    EXPECT_EQ(augment(at::full({1, 1, 3}, 9, at::kByte), sized(64, 40), {.min_area = 0.1}, stream(2)).max().item<int>(),
              9);
}

TEST(RandomCrop, FlipMirrorsExactly) {
    // A box of the whole image and a crop of its size: pixels are moved, never mixed.
    const at::Tensor image = coordinates(1, 1).expand({8, 8, 3}).contiguous();
    image.select(2, 1).copy_(at::arange(8, at::kByte).unsqueeze(0).expand({8, 8}));
    int exact = 0;
    for (uint64_t i = 0; i < 400; ++i) {
        const at::Tensor crop = augment(image, sized(8, 8), {.min_area = 1.0}, stream(i));
        const at::Tensor row = crop[1][0];
        if (row.equal(at::arange(8, at::kByte).flip(0))) ++exact;
    }
    EXPECT_GT(exact, 0);
}

}  // namespace
}  // namespace kaziranga::data
