#include "data/transform.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/empty.h>

namespace kaziranga::data {
namespace {

using core::Interpolation;

/// Copies `height` rows of `width` pixels. LibTorch's own copy would start a thread pool in every loader thread.
void copy_rows(const uint8_t* in, int64_t in_width, uint8_t* out, int64_t out_width, int64_t height, int64_t width) {
    for (int64_t y = 0; y < height; ++y, in += in_width * 3, out += out_width * 3) {
        std::memcpy(out, in, static_cast<size_t>(width) * 3);
    }
}

/// @return [box.height, box.width, 3], contiguous
at::Tensor cut(const at::Tensor& image, const Box& box) {
    const int64_t width = image.size(1);
    if (box.height == image.size(0) && box.width == width) return image;
    at::Tensor part = at::empty({box.height, box.width, 3}, at::kByte);
    copy_rows(image.const_data_ptr<uint8_t>() + (box.top * width + box.left) * 3, width,
              part.mutable_data_ptr<uint8_t>(), box.width, box.height, box.width);
    return part;
}

/// Resizes first the columns, then the rows, with an 8-bit intermediate result, like Pillow.
/// @param planes  [1, 3, H, W] uint8
at::Tensor resize_planes(const at::Tensor& planes, int64_t height, int64_t width, Interpolation interpolation) {
    if (planes.size(2) == height && planes.size(3) == width) return planes;
    return interpolation == Interpolation::kBilinear
               ? at::_upsample_bilinear2d_aa(planes, {height, width}, /*align_corners=*/false)
               : at::_upsample_bicubic2d_aa(planes, {height, width}, /*align_corners=*/false);
}

/// @return [height, width, 3] for [H, W, 3]
at::Tensor resize(const at::Tensor& image, int64_t height, int64_t width, Interpolation interpolation) {
    // unsqueeze must come first: after permute alone, LibTorch does not detect channels-last memory and copies twice.
    at::Tensor planes = image.unsqueeze(0).permute({0, 3, 1, 2});
    // The order changes the result where bicubic overshoots and is clipped between the passes. Pillow 13 resizes the
    // rows first if they lose more than twice as much (src/libImaging/Resample.c, ImagingResampleInner).
    const int64_t lost_rows = image.size(0) - height;
    const int64_t lost_columns = image.size(1) - width;
    if (lost_rows > 0 && lost_rows > 2 * lost_columns) {
        planes = resize_planes(planes, height, image.size(1), interpolation);
    }
    return resize_planes(planes, height, width, interpolation).squeeze(0).permute({1, 2, 0});
}

/// Rounds like Python's round: halves go to the even neighbour.
int64_t round_half_even(double value) {
    return static_cast<int64_t>(std::nearbyint(value));
}

/// Crops a centred square of side `crop` from `image`. Pixels outside the image are black. Offsets as in torchvision's
/// center_crop: padding at the top and left is rounded down, crop offsets are rounded half to even.
at::Tensor centre_square(const at::Tensor& image, int64_t crop) {
    const at::Tensor rows = image.contiguous();
    const auto place = [crop](int64_t length) {
        const int64_t pad = std::max<int64_t>(crop - length, 0) / 2;
        const int64_t skip = length > crop ? round_half_even(static_cast<double>(length - crop) / 2.0) : 0;
        return std::pair(pad, skip);
    };
    const auto [pad_top, skip_top] = place(rows.size(0));
    const auto [pad_left, skip_left] = place(rows.size(1));
    const int64_t height = std::min(crop, rows.size(0));
    const int64_t width = std::min(crop, rows.size(1));

    at::Tensor square = at::empty({crop, crop, 3}, at::kByte);
    std::memset(square.mutable_data_ptr(), 0, square.nbytes());
    copy_rows(rows.const_data_ptr<uint8_t>() + (skip_top * rows.size(1) + skip_left) * 3, rows.size(1),
              square.mutable_data_ptr<uint8_t>() + (pad_top * crop + pad_left) * 3, crop, height, width);
    return square;
}

/// Cuts off the ends of very long images. A strip of 1 x 100,000 pixels would grow to gigabytes when its short side is
/// resized, and the crop uses only the middle.
Box without_far_ends(int64_t height, int64_t width) {
    constexpr int64_t kLongest = 32;
    Box box{0, 0, height, width};
    if (height > kLongest * width) {
        box.height = kLongest * width - (kLongest * width - height) % 2;
        box.top = (height - box.height) / 2;
    } else if (width > kLongest * height) {
        box.width = kLongest * height - (kLongest * height - width) % 2;
        box.left = (width - box.width) / 2;
    }
    return box;
}

at::Tensor checked(const at::Tensor& image) {
    TORCH_CHECK(image.dim() == 3 && image.size(2) == 3 && image.scalar_type() == at::kByte && image.numel() > 0,
                "an image is [H, W, 3] uint8");
    return image.contiguous();
}

}  // namespace

at::Tensor resize_and_centre_crop(const at::Tensor& any_image, const core::Preprocessing& preprocessing) {
    const at::NoGradGuard no_grad;
    const at::Tensor image = checked(any_image);
    const Box box = without_far_ends(image.size(0), image.size(1));
    const int64_t shorter = std::min(box.height, box.width);
    const int64_t longer = std::max(box.height, box.width);
    const auto longer_resized =
        static_cast<int64_t>(static_cast<double>(preprocessing.resize * longer) / static_cast<double>(shorter));
    const bool upright = box.height >= box.width;
    const at::Tensor resized = resize(cut(image, box), upright ? longer_resized : preprocessing.resize,
                                      upright ? preprocessing.resize : longer_resized, preprocessing.interpolation);
    return centre_square(resized, preprocessing.crop).permute({2, 0, 1});
}

Box draw_crop_box(int64_t height, int64_t width, double min_area, core::RandomStream& stream) {
    constexpr int kTries = 10;
    constexpr double kNarrowest = 3.0 / 4.0, kWidest = 4.0 / 3.0;
    const auto area = static_cast<double>(height * width);
    for (int i = 0; i < kTries; ++i) {
        const double target = area * stream.uniform(min_area, 1.0);
        const double ratio = std::exp(stream.uniform(std::log(kNarrowest), std::log(kWidest)));
        const int64_t w = round_half_even(std::sqrt(target * ratio));
        const int64_t h = round_half_even(std::sqrt(target / ratio));
        if (w <= 0 || w > width || h <= 0 || h > height) continue;
        const auto top = static_cast<int64_t>(stream.below(static_cast<uint64_t>(height - h + 1)));
        const auto left = static_cast<int64_t>(stream.below(static_cast<uint64_t>(width - w + 1)));
        return {top, left, h, w};
    }
    Box box{0, 0, height, width};
    const double ratio = static_cast<double>(width) / static_cast<double>(height);
    if (ratio < kNarrowest) box.height = round_half_even(static_cast<double>(width) / kNarrowest);
    if (ratio > kWidest) box.width = round_half_even(static_cast<double>(height) * kWidest);
    box.top = (height - box.height) / 2;
    box.left = (width - box.width) / 2;
    return box;
}

at::Tensor random_resized_crop(const at::Tensor& any_image, const core::Preprocessing& preprocessing, double min_area,
                               core::RandomStream& stream) {
    const at::NoGradGuard no_grad;
    const at::Tensor image = checked(any_image);
    const Box box = draw_crop_box(image.size(0), image.size(1), min_area, stream);
    const at::Tensor resized =
        resize(cut(image, box), preprocessing.crop, preprocessing.crop, preprocessing.interpolation);
    return centre_square(resized, preprocessing.crop);
}

}  // namespace kaziranga::data
