#include "core/files.hpp"
#include "data/augment/draws.hpp"
#include "data/augment/mix.hpp"
#include "data/transform.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include <ATen/ops/empty.h>

// dump_augment, told what to do by a line on standard input each:
//   apply OPERATION PARAMETER HEIGHT WIDTH IN OUT        a file of RGB bytes to another
//   mixup SHARE B H W K IN OUT                           a file of float32 images [B, 3, H, W] and targets [B, K]
//   cutmix TOP LEFT HEIGHT WIDTH B H W K IN OUT          to another
//   draw KIND COUNT A B C OUT                            COUNT lines to a file; what A, B and C are depends on KIND

namespace {

using namespace kaziranga;

constexpr std::array<std::string_view, 15> kOperations = {
    "identity", "shear_x",   "shear_y",   "translate_x", "translate_y",  "rotate",   "brightness", "saturation",
    "contrast", "sharpness", "posterize", "solarize",    "autocontrast", "equalize", "hue"};

at::Tensor filled(at::IntArrayRef sizes, at::ScalarType type, std::string_view& bytes) {
    at::Tensor tensor = at::empty(sizes, type);
    TORCH_CHECK(bytes.size() >= tensor.nbytes(), "the file is too short");
    std::memcpy(tensor.mutable_data_ptr(), bytes.data(), tensor.nbytes());
    bytes.remove_prefix(tensor.nbytes());
    return tensor;
}

std::string_view bytes_of(const at::Tensor& tensor) {
    return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

void apply(std::istream& words) {
    std::string name, in, out;
    double parameter = 0;
    int64_t height = 0, width = 0;
    words >> name >> parameter >> height >> width >> in >> out;
    const auto place = std::ranges::find(kOperations, name) - kOperations.begin();
    const std::string file = core::read_file(in);
    std::string_view bytes = file;
    const at::Tensor image = filled({height, width, 3}, at::kByte, bytes);
    core::write_file(out, bytes_of(data::apply(image, {static_cast<data::Operation>(place), parameter})));
}

void mix(std::istream& words, bool cut) {
    double share = 0;
    data::Box box;
    if (cut) {
        words >> box.top >> box.left >> box.height >> box.width;
    } else {
        words >> share;
    }
    int64_t batch = 0, height = 0, width = 0, classes = 0;
    std::string in, out;
    words >> batch >> height >> width >> classes >> in >> out;
    const std::string file = core::read_file(in);
    std::string_view bytes = file;
    const at::Tensor images = filled({batch, 3, height, width}, at::kFloat, bytes);
    const at::Tensor targets = filled({batch, classes}, at::kFloat, bytes);
    const data::MixedBatch mixed = cut ? data::cutmix(images, targets, box) : data::mixup(images, targets, share);
    core::write_file(out, std::string(bytes_of(mixed.images.contiguous())).append(bytes_of(mixed.targets)));
}

void write(std::ostream& out, const data::Step& step) {
    out << kOperations[static_cast<size_t>(step.operation)] << ' ' << step.parameter << ' ';
}

void write(std::ostream& out, const data::Box& box) {
    out << box.top << ' ' << box.left << ' ' << box.height << ' ' << box.width;
}

void draw(std::istream& words) {
    std::string kind, path;
    int64_t count = 0;
    std::array<double, 3> argument{};
    words >> kind >> count >> argument[0] >> argument[1] >> argument[2] >> path;
    const auto height = static_cast<int64_t>(argument[0]), width = static_cast<int64_t>(argument[1]);
    data::AugmentOptions jitter;
    jitter.brightness = argument[0];
    jitter.contrast = argument[1];
    jitter.saturation = 0.7;
    jitter.hue = argument[2];

    std::ostringstream out;
    out.precision(17);
    for (uint64_t i = 0; i < static_cast<uint64_t>(count); ++i, out << '\n') {
        core::RandomStream stream(11, core::Purpose::kTest, {i});
        if (kind == "trivial") write(out, data::draw_trivial(stream));
        if (kind == "randaugment") {
            write(out, data::draw_randaugment(height, width, static_cast<int64_t>(argument[2]), stream));
        }
        if (kind == "jitter") {
            for (const data::Step& step : data::draw_jitter(jitter, stream)) write(out, step);
        }
        if (kind == "crop") write(out, data::draw_crop_box(height, width, argument[2], stream));
        if (kind == "erasing") write(out, data::draw_erased_box(height, width, stream).value_or(data::Box{}));
        if (kind == "share") out << data::draw_share(argument[0], stream);
        if (kind == "cutmix") {
            const double share = data::draw_share(argument[2], stream);
            write(out, data::draw_mixed_box(height, width, share, stream));
        }
    }
    core::write_file(path, out.str());
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "apply") apply(words);
        if (verb == "mixup" || verb == "cutmix") mix(words, verb == "cutmix");
        if (verb == "draw") draw(words);
    }
    return 0;
}
