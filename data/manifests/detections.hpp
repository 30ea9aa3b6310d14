#pragma once

#include "core/config/description.hpp"
#include "core/error.hpp"
#include "data/formats/region.hpp"
#include "data/manifests/columns.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace kaziranga::data {

/// A box that a detector found.
struct Detection {
    RelativeBox box;
    std::string category;  ///< in lower case, for example "animal"
};

/// What a detector says about one image.
struct DetectedImage {
    std::string path;  ///< as it is written in the file
    std::vector<Detection> detections;
    bool examined = true;  ///< false: the file names the image, but has no answer for it
};

/// Reads a detector's answers, or a list of images: MegaDetector's JSON (github.com/agentmorris/MegaDetector,
/// megadetector-output-format.md; also as animl writes it), SpeciesNet's predictions or instances, or a table with the
/// columns of animl (bbox1 … bbox4, category, conf). One entry an image, in the order of the file.
/// @param columns   names that the user gave to the columns of a table: data.columns
/// @param contents  kDetections: a table must have boxes; kImages: it may name images alone
/// @throws core::Error with all problems
std::vector<DetectedImage> read_detections(const std::filesystem::path& file, const core::config::Table& columns,
                                           TableOf contents);

}  // namespace kaziranga::data
