#pragma once

#include "data/synthetic/options.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::data::synthetic {

/// Summary of one generated park.
struct ParkSummary {
    std::string park;
    std::filesystem::path folder;
    int64_t species = 0;
    int64_t images = 0;
    int64_t bytes = 0;  ///< size of all its images
    double seconds = 0;
};

struct GenerateSummary {
    std::vector<ParkSummary> parks;
};

/// Draws the parks into `<output>/<park>/{train,val,test}/<species>/<index>.jpg`, and writes a park.json that describes
/// each park. A park appears complete or not at all, and has the same bytes for any number of threads.
/// If there are several parks, those that are already complete with the same options are not drawn again.
/// @throws core::Error        when a park's folder is not empty and `overwrite` is off, or contains something that an
///                            earlier run did not draw; nothing is changed then
/// @throws core::Interrupted  when a stop was requested; nothing is left behind
GenerateSummary generate_parks(const GenerateOptions& options);

/// Returns the `index` argument of draw_animal for a split (0 train, 1 val, 2 test) and the image's number in it. More
/// images in one split do not change the other splits.
int64_t image_index(int split, int64_t number);

}  // namespace kaziranga::data::synthetic
