#pragma once

#include "data/synthetic/options.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::data::synthetic {

/// One park that was drawn.
struct ParkSummary {
    std::string park;
    std::filesystem::path folder;
    int64_t species = 0;
    int64_t images = 0;
    int64_t bytes = 0;  ///< of its images
    double seconds = 0;
};

struct GenerateSummary {
    std::vector<ParkSummary> parks;
};

/// Draws the parks into `<output>/<park>/{train,val,test}/<species>/<index>.jpg`, each beside a park.json that says
/// what was drawn. A park appears whole or not at all, and holds the same bytes for any number of threads.
/// Of several parks those that are there already, whole and as asked for, are left as they are.
/// @throws core::Error        when a park's folder holds anything and `overwrite` is off, or holds something that an
///                            earlier run did not draw; nothing is changed then
/// @throws core::Interrupted  when a stop was asked for; nothing stays behind
GenerateSummary generate_parks(const GenerateOptions& options);

/// The number of an image that draw_animal takes, from its split (0 train, 1 val, 2 test) and its number there: more
/// images in one split leave the others as they are.
int64_t image_index(int split, int64_t number);

}  // namespace kaziranga::data::synthetic
