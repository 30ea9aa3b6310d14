#include "core/encode_jpeg.hpp"

#include "core/error.hpp"
#include "tests/support/image_files.hpp"

#include <cstring>
#include <vector>

#include <ATen/ops/arange.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::core {
namespace {

/// Ramps, of another steepness for each colour. [height, width, 3], RGB
at::Tensor ramps(int64_t height, int64_t width) {
    const at::Tensor y = at::arange(height).unsqueeze(1), x = at::arange(width).unsqueeze(0);
    return at::stack({y * 4 + x * 0, y + x, x * 3 + y * 0}, 2).to(at::kByte);
}

/// Rows of a picture with `padding` bytes of noise behind each.
struct Rows {
    std::vector<uint8_t> bytes;
    Picture picture;

    Rows(const at::Tensor& rgb, size_t padding) {
        const at::Tensor bgr = rgb.flip(2).contiguous();
        const auto height = static_cast<size_t>(rgb.size(0)), used = static_cast<size_t>(rgb.size(1)) * 3;
        const size_t row = used + padding;
        bytes.assign(height * row, 0xA5);
        for (size_t y = 0; y < height; ++y) {
            std::memcpy(bytes.data() + y * row, bgr.const_data_ptr<uint8_t>() + y * used, used);
        }
        picture = {bytes.data(), static_cast<int>(rgb.size(1)), static_cast<int>(rgb.size(0)), row};
    }
};

std::string encoded(const at::Tensor& rgb, int quality, size_t padding = 0) {
    return encode_jpeg(Rows(rgb, padding).picture, quality);
}

double mean_error(const std::string& file, const at::Tensor& rgb) {
    return (test::decode_jpeg(file).to(at::kDouble) - rgb.to(at::kDouble)).abs().mean().item<double>();
}

TEST(EncodeJpeg, KeepsSizeAndColours) {
    for (const auto& [height, width] : std::vector<std::pair<int64_t, int64_t>>{{1, 1}, {16, 16}, {37, 53}, {60, 9}}) {
        const at::Tensor image = ramps(height, width);
        const std::string file = encoded(image, 95);
        EXPECT_TRUE(file.starts_with("\xFF\xD8\xFF") && file.ends_with("\xFF\xD9"));
        ASSERT_EQ(test::decode_jpeg(file).sizes(), image.sizes());
        EXPECT_LT(mean_error(file, image), 3) << height << " x " << width;
    }
}

TEST(EncodeJpeg, AHigherQualityIsNearerAndLarger) {
    const at::Tensor image = ramps(37, 53);
    const std::vector<int> qualities = {10, 50, 95};
    for (size_t i = 1; i < qualities.size(); ++i) {
        const std::string lower = encoded(image, qualities[i - 1]), higher = encoded(image, qualities[i]);
        EXPECT_LT(mean_error(higher, image), mean_error(lower, image)) << qualities[i];
        EXPECT_GT(higher.size(), lower.size()) << qualities[i];
    }
}

TEST(EncodeJpeg, PassesOverWhatIsBehindARow) {
    const at::Tensor image = ramps(37, 53);
    EXPECT_EQ(encoded(image, 90, 5), encoded(image, 90));
}

TEST(EncodeJpeg, RefusesNoPixelsAndSidesThatNoJpegHas) {
    const auto problem = [](int width, int height) -> std::string {
        // A row of a height too large is never read, nor one of no pixels.
        const std::vector<uint8_t> row(3 * 65'501);
        try {
            encode_jpeg({row.data(), width, height, 0}, 90);
        } catch (const Error& error) {
            return error.problems().front().what;
        }
        return "";
    };
    for (const auto& [width, height] :
         std::vector<std::pair<int, int>>{{0, 4}, {4, 0}, {0, 0}, {65'501, 1}, {1, 65'501}}) {
        EXPECT_TRUE(problem(width, height).starts_with("cannot encode an image as JPEG: ")) << width << " x " << height;
    }
    EXPECT_EQ(problem(65'500, 1), "");
    EXPECT_EQ(problem(1, 65'500), "");
}

}  // namespace
}  // namespace kaziranga::core
