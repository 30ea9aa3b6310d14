#include "training/features/image_input.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>

#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/tensor.h>

namespace kaziranga::training {
namespace {

/// True if bfloat16 is faster than float32 on this processor. Intel processors without AMX have the instructions too,
/// but these multiply no more numbers per second than those of float32.
bool bf16_pays() {
    return __builtin_cpu_supports("amx-bf16") || (__builtin_cpu_supports("avx512bf16") && __builtin_cpu_is("amd"));
}

}  // namespace

Precision resolve_precision(core::config::OrAuto<Precision> asked, c10::Device device) {
    const Precision fastest = device.is_cuda() || bf16_pays() ? Precision::kBfloat16 : Precision::kFloat32;
    const Precision precision = asked.value.value_or(fastest);
    if (precision == Precision::kInt8 && !device.is_cpu()) {
        throw core::Error({.what = "8-bit passes run on the processor only",
                           .where = "features.precision",
                           .expected = "fp32, bf16 or auto on " + device.str(),
                           .remedy = "give features.precision=auto, or device=cpu"});
    }
    return precision;
}

int64_t resolve_batch_size(const core::config::OrAuto<int64_t>& asked, c10::Device device) {
    constexpr int64_t kFitsTheCaches = 16, kFillsAGpu = 64;
    if (!asked.is_auto()) return *asked.value;
    return device.is_cuda() ? kFillsAGpu : kFitsTheCaches;
}

core::Preprocessing resolve_preprocessing(const models::Architecture& architecture, const data::DataOptions& data) {
    core::Preprocessing preprocessing = architecture.preprocessing;
    preprocessing.reduced = data.decode == data::Decoding::kReduced;
    preprocessing.box = {.margin = data.crop.margin, .square = data.crop.square};
    return preprocessing;
}

void prepare_inference(models::Backbone& network, Precision precision) {
    switch (precision) {
        case Precision::kFloat32:
            return network.fuse(at::kFloat);
        case Precision::kBfloat16:
            return network.fuse(at::kBFloat16);
        case Precision::kInt8:
            return network.quantise();
    }
}

ImageInput::ImageInput(const core::Preprocessing& preprocessing, Precision precision, c10::Device device)
    : precision_(precision) {
    constexpr double kWhite = 255;
    double lowest = 0, highest = 0;
    std::array<float, 3> mean{}, scale{};
    for (size_t c = 0; c < mean.size(); ++c) {
        mean[c] = static_cast<float>(preprocessing.mean[c] * kWhite);
        scale[c] = static_cast<float>(1 / (preprocessing.std[c] * kWhite));
        lowest = std::min(lowest, (0 - preprocessing.mean[c]) / preprocessing.std[c]);
        highest = std::max(highest, (1 - preprocessing.mean[c]) / preprocessing.std[c]);
    }
    bytes_ = models::byte_scale(lowest, highest);
    const auto there = [&](const std::array<float, 3>& values) {
        return at::tensor(at::ArrayRef<float>(values.data(), values.size()), at::kFloat).view({1, 3, 1, 1}).to(device);
    };
    mean_ = there(mean);
    scale_ = there(scale);
}

at::Tensor ImageInput::normalise(const at::Tensor& images) const {
    return images.to(at::kFloat).sub_(mean_).mul_(scale_);
}

at::Tensor ImageInput::to_precision(const at::Tensor& x) const {
    switch (precision_) {
        case Precision::kFloat32:
            break;
        case Precision::kBfloat16:
            return x.to(at::kBFloat16);
        case Precision::kInt8:
            return at::quantize_per_tensor(x, bytes_.scale, bytes_.zero, at::kQUInt8);
    }
    return x;
}

}  // namespace kaziranga::training
