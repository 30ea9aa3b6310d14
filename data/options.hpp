#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>

namespace kaziranga::data {

/// Where the labelled images are and how they are split.
struct DataOptions {
    std::string root;
    std::string format = "folder";
    int64_t shots = 0;
    double val_fraction = 0.0;
    double test_fraction = 0.2;
    int64_t folds = 0;
    int64_t fold = 0;
    std::string order = "string";
    std::string paths = "inside";
    std::string on_error = "refuse";
    std::string decode = "full";
    int64_t max_pixels = 100'000'000;
    int64_t workers = 0;

    static void describe(core::config::Description<DataOptions>& d);
};

}  // namespace kaziranga::data
