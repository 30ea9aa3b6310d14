#include "data/look_hash.hpp"

#include "core/random.hpp"
#include "data/inspect.hpp"
#include "data/manifests/load.hpp"
#include "data/transform.hpp"
#include "tests/data/image_files.hpp"
#include "tests/data/made_folder.hpp"

#include <vector>

#include <ATen/ops/upsample_bicubic2d.h>
#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

/// A picture of soft spots, different for each number.
at::Tensor scene(uint64_t number, int64_t height = 120, int64_t width = 160) {
    constexpr int64_t kSpots = 12;
    core::RandomStream random(17, core::Purpose::kTest, {number});
    at::Tensor spots = at::empty({1, 3, kSpots, kSpots}, at::kFloat);
    for (int64_t i = 0; i < spots.numel(); ++i)
        spots.mutable_data_ptr<float>()[i] = static_cast<float>(random.below(256));
    const at::Tensor image = at::upsample_bicubic2d(spots, {height, width}, /*align_corners=*/false);
    return image.clamp(0, 255).to(at::kByte)[0].permute({1, 2, 0}).contiguous();
}

int between(const at::Tensor& a, const at::Tensor& b) {
    return distance(look_hash(a).value(), look_hash(b).value());
}

TEST(LookHash, ChangesLittleWithWhatBecomesOfCopies) {
    for (uint64_t number = 0; number < 20; ++number) {
        const at::Tensor image = scene(number);
        const at::Tensor compressed = decode_image(test::encode_lossy_webp(image), "copy", {kMaxPixels});
        EXPECT_LE(between(image, compressed), kSameLook);
        EXPECT_LE(between(image, scene(number, 60, 80)), kSameLook);
        EXPECT_LE(between(image, image.to(at::kFloat).mul(0.8).to(at::kByte)), kSameLook);
        EXPECT_LE(between(image, image.narrow(0, 2, 116).narrow(1, 3, 154).contiguous()), kSameLook);
    }
}

TEST(LookHash, TellsScenesApart) {
    std::vector<LookHash> hashes;
    for (uint64_t number = 0; number < 200; ++number) hashes.push_back(look_hash(scene(number)).value());
    for (size_t i = 0; i < hashes.size(); ++i) {
        for (size_t j = 0; j < i; ++j) EXPECT_GT(distance(hashes[i], hashes[j]), kSameLook);
    }
}

TEST(LookHash, AFrameOfOneShadeLooksLikeNothing) {
    EXPECT_FALSE(look_hash(at::full({40, 50, 3}, 3, at::kByte)).has_value());
    EXPECT_FALSE(look_hash(at::full({1, 1, 3}, 255, at::kByte)).has_value());
}

TEST(CheckTest, APictureLikeATrainingPictureIsSaid) {
    MadeFolder made;
    for (uint64_t i = 0; i < 6; ++i) {
        made.file("train/deer/" + std::to_string(i) + ".png", test::encode_png(scene(i)));
        made.file("test/deer/" + std::to_string(i) + ".png", test::encode_png(scene(i < 2 ? i : i + 100, 90, 110)));
    }
    const auto report = check_dataset(load_dataset(made.options(), 1), made.options());
    const auto lines = lines_of(report.warnings);
    EXPECT_TRUE(says(lines, {"2 of 6 test images look like a training image", "test/deer/0.png like train/deer/0.png",
                             "test/deer/1.png like train/deer/1.png", "data.group"}));
    EXPECT_EQ(lines.size(), 2U);  // and that there is one class only
}

}  // namespace
}  // namespace kaziranga::data
