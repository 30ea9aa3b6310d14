#include "core/error.hpp"
#include "core/files.hpp"
#include "data/formats/decode.hpp"
#include "data/transform.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

// dump_images decode|bilinear|bicubic OUTPUT [SHORT_SIDE]: for every path on standard input, one record in OUTPUT:
// height and width as two int64 (-1, -1 where the image is refused), then height * width * 3 bytes of RGB. SHORT_SIDE:
// JPEGs are reduced as long as they keep so many pixels.

namespace {

using namespace kaziranga;

at::Tensor pixels_of(const std::string& path, const std::string& mode, int64_t short_side) {
    constexpr int64_t kMaxPixels = 100'000'000;
    const at::Tensor image = data::decode_image(core::read_file(path), path, {kMaxPixels, short_side});
    if (mode == "decode") return image;
    core::Preprocessing preprocessing;
    if (mode == "bicubic") preprocessing.interpolation = core::Interpolation::kBicubic;
    return data::resize_and_centre_crop(image, preprocessing).permute({1, 2, 0}).contiguous();
}

void write_record(std::ofstream& out, int64_t height, int64_t width, const void* pixels) {
    out.write(reinterpret_cast<const char*>(&height), sizeof height);
    out.write(reinterpret_cast<const char*>(&width), sizeof width);
    if (pixels != nullptr) out.write(static_cast<const char*>(pixels), height * width * 3);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2 || arguments.size() > 3 ||
        (arguments[0] != "decode" && arguments[0] != "bilinear" && arguments[0] != "bicubic")) {
        std::fputs("usage: dump_images decode|bilinear|bicubic OUTPUT [SHORT_SIDE] <PATHS\n", stderr);
        return 2;
    }
    const int64_t short_side = arguments.size() == 3 ? std::stoll(arguments[2]) : 0;
    std::ofstream out(arguments[1], std::ios::binary);
    for (std::string path; std::getline(std::cin, path);) {
        try {
            const at::Tensor pixels = pixels_of(path, arguments[0], short_side);
            write_record(out, pixels.size(0), pixels.size(1), pixels.const_data_ptr());
        } catch (const core::Error& error) {
            std::printf("%s\n", error.what());
            write_record(out, -1, -1, nullptr);
        }
    }
    out.close();
    return out ? 0 : 1;
}
