#include "data/formats/region.hpp"

#include "data/read_image.hpp"
#include "tests/data/image_files.hpp"

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

constexpr core::BoxCrop kTight = {.margin = 0, .square = false};

TEST(Region, IsTheBoxWithItsMargin) {
    const RelativeBox box = {.x = 0.25F, .y = 0.5F, .width = 0.25F, .height = 0.125F};
    EXPECT_EQ(region_of(box, kTight, 800, 400), (Box{.top = 400, .left = 100, .height = 100, .width = 100}));
    EXPECT_EQ(region_of(box, kTight, 400, 800), (Box{.top = 200, .left = 200, .height = 50, .width = 200}));
    EXPECT_EQ(region_of(box, {.margin = 0.1, .square = false}, 400, 800),
              (Box{.top = 180, .left = 180, .height = 90, .width = 240}));
    EXPECT_EQ(region_of(box, {.margin = 0.1, .square = true}, 400, 800),
              (Box{.top = 105, .left = 180, .height = 240, .width = 240}));
}

TEST(Region, MovesIntoTheImage) {
    const RelativeBox corner = {.x = 0.9F, .y = 0, .width = 0.1F, .height = 0.1F};
    EXPECT_EQ(region_of(corner, {.margin = 0.5, .square = true}, 100, 100),
              (Box{.top = 0, .left = 80, .height = 20, .width = 20}));
    const RelativeBox wide = {.x = 0, .y = 0.5F, .width = 1, .height = 0.25F};
    EXPECT_EQ(region_of(wide, {}, 100, 300), (Box{.top = 0, .left = 0, .height = 100, .width = 300}));
    const RelativeBox point = {.x = 1, .y = 1, .width = 0, .height = 0};
    EXPECT_EQ(region_of(point, {}, 100, 300), (Box{.top = 99, .left = 299, .height = 1, .width = 1}));
}

/// Boxes anywhere, of any size and at every edge.
std::vector<RelativeBox> many_boxes(size_t count) {
    std::mt19937 random(7);
    std::uniform_real_distribution<float> share(0, 1);
    std::vector<RelativeBox> boxes = {{.x = 0, .y = 0, .width = 1, .height = 0.5F},
                                      {.x = 0.5F, .y = 0, .width = 0.5F, .height = 1},
                                      {.x = 0, .y = 0.9F, .width = 0.01F, .height = 0.1F}};
    while (boxes.size() < count) {
        const float x = share(random), y = share(random);
        boxes.push_back({.x = x, .y = y, .width = (1 - x) * share(random), .height = (1 - y) * share(random)});
    }
    return boxes;
}

/// Every kind of file, and JPEGs of every resolution of colours that cameras write.
std::vector<std::pair<std::string, std::string>> many_kinds(const at::Tensor& image) {
    std::vector<std::pair<std::string, std::string>> kinds = {
        {"grey JPEG", test::encode_jpeg(image, {.grey = true})},
        {"PNG", test::encode_png(image)},
        {"WebP", test::encode_lossy_webp(image)},
        {"BMP", test::encode_bmp(image)},
    };
    for (const auto& [columns, rows] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}}) {
        for (const bool progressive : {false, true}) {
            const std::string name = (progressive ? "progressive JPEG of " : "JPEG of ") + std::to_string(columns) +
                                     " x " + std::to_string(rows);
            kinds.emplace_back(name, test::encode_jpeg(image, {.progressive = progressive,
                                                               .restart_interval = progressive ? 0U : 3U,
                                                               .columns_a_colour = columns,
                                                               .rows_a_colour = rows}));
        }
    }
    return kinds;
}

TEST(DecodedRegion, EqualsThatOfTheWholeImage) {
    const at::Tensor image = picture(213, 327);
    for (const auto& [name, bytes] : many_kinds(image)) {
        const at::Tensor whole = decode_image(bytes, "photo", {kMaxPixels});
        for (const RelativeBox& box : many_boxes(60)) {
            SCOPED_TRACE(name + ": " + name_of_box("", box));
            const at::Tensor part = decode_image(bytes, "photo", {.max_pixels = kMaxPixels, .crop = kTight}, &box);
            EXPECT_TRUE(part.is_contiguous());
            ASSERT_TRUE(part.equal(cut(whole, region_of(box, kTight, 213, 327))));
        }
    }
}

TEST(DecodedRegion, IsReducedAsLongAsEnoughOfTheBoxIsLeft) {
    const at::Tensor image = picture(213, 327);
    const RelativeBox box = {.x = 0.31F, .y = 0.43F, .width = 0.5F, .height = 0.5F};
    for (const auto& [name, bytes] : many_kinds(image)) {
        if (name.find("JPEG") == std::string::npos) continue;
        for (const auto& [short_side, reduced_by] : {std::pair<int64_t, int64_t>{106, 1}, {53, 2}, {26, 4}, {13, 8}}) {
            SCOPED_TRACE(name + ", " + std::to_string(short_side));
            const at::Tensor part = decode_image(
                bytes, "photo", {.max_pixels = kMaxPixels, .short_side = short_side, .crop = kTight}, &box);
            const at::Tensor whole = test::decode_jpeg(bytes, static_cast<unsigned>(reduced_by));
            const Box region = region_of(box, kTight, whole.size(0), whole.size(1));
            ASSERT_TRUE(part.equal(cut(whole, region)));
        }
    }
}

TEST(DecodedRegion, IsOfTheUprightImage) {
    const std::string jpeg = test::encode_jpeg(picture(96, 160));
    for (size_t orientation = 1; orientation <= 8; ++orientation) {
        SCOPED_TRACE(orientation);
        const std::string turned = with_orientation(jpeg, orientation);
        const at::Tensor whole = decode_image(turned, "photo", {kMaxPixels});
        for (const RelativeBox& box : many_boxes(20)) {
            const at::Tensor part = decode_image(turned, "photo", {.max_pixels = kMaxPixels, .crop = kTight}, &box);
            ASSERT_TRUE(part.equal(cut(whole, region_of(box, kTight, whole.size(0), whole.size(1)))));
        }
    }
}

/// A source of one image.
class OnePicture : public ImageSource {
  public:
    at::Tensor open(int64_t) const override { return picture(); }
    core::Hash128 identity(int64_t place) const override { return {.high = 1, .low = static_cast<uint64_t>(place)}; }
};

TEST(ReadImage, CutsTheBoxOfAnImageOfASourceToo) {
    Sample sample = {.path = "a", .name = "a", .source = std::make_shared<OnePicture>()};
    const core::Hash128 whole = content_hash(sample);
    sample.box = RelativeBox{.x = 0.5F, .y = 0.5F, .width = 0.25F, .height = 0.25F};
    const at::Tensor expected = cut(picture(), region_of(*sample.box, kTight, 37, 53));
    EXPECT_TRUE(read_image(sample, {.max_pixels = kMaxPixels, .crop = kTight}).equal(expected));
    EXPECT_NE(content_hash(sample), whole);
    const core::Hash128 first = content_hash(sample);
    sample.box->width = 0.26F;
    EXPECT_NE(content_hash(sample), first);
}

TEST(NameOfBox, IsAMediaFragmentOfItsImage) {
    const RelativeBox box = {.x = 0.125F, .y = 0.0968F, .width = 1, .height = 0.5F};
    const Sample sample = {.name = name_of_box("a #1.jpg", box), .box = box};
    EXPECT_EQ(sample.name, "a #1.jpg#xywh=percent:12.5,9.68,100,50");
    EXPECT_EQ(image_name(sample), "a #1.jpg");
    EXPECT_EQ(image_name({.name = "b.jpg"}), "b.jpg");
}

}  // namespace
}  // namespace kaziranga::data
