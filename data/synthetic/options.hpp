#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::data::synthetic {

/// Options of one synthetic park: numbers of species and of images per species.
struct ParkOptions {
    std::string park = "kaziranga";
    int64_t species = 0;
    int64_t train_images = 20;
    int64_t val_images = 0;
    int64_t test_images = 25;
    int64_t size = 256;
    double shift = 0.0;
    int64_t jpeg_quality = 90;

    static void describe(core::config::Description<ParkOptions>& d);
};

/// Options of `kaziranga generate`.
struct GenerateOptions {
    std::string output = "parks";
    int64_t seed = 0;
    int64_t threads = 0;
    bool overwrite = false;
    bool store = true;
    ParkOptions kaziranga{.park = "kaziranga", .species = 200};
    ParkOptions olympic{.park = "olympic", .train_images = 45, .val_images = 5, .test_images = 0};

    static void describe(core::config::Description<GenerateOptions>& d);
};

}  // namespace kaziranga::data::synthetic
