#include "core/encode_jpeg.hpp"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

// dump_jpeg QUALITY WIDTH HEIGHT <PIXELS >JPEG: encodes rows of blue, green and red bytes.

int main(int argc, char** argv) {
    using namespace kaziranga;
    if (argc != 4) {
        std::fputs("usage: dump_jpeg QUALITY WIDTH HEIGHT <PIXELS >JPEG\n", stderr);
        return 2;
    }
    const int quality = std::stoi(argv[1]), width = std::stoi(argv[2]), height = std::stoi(argv[3]);
    const std::string pixels(std::istreambuf_iterator<char>(std::cin), {});
    const auto row = static_cast<size_t>(width) * 3;
    if (pixels.size() != row * static_cast<size_t>(height)) return 1;
    std::cout << core::encode_jpeg({reinterpret_cast<const uint8_t*>(pixels.data()), width, height, row}, quality);
    return std::cout.flush() ? 0 : 1;
}
