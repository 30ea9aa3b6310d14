#pragma once

#include "core/config/description.hpp"
#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/manifests/columns.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// What a detector or a table says about one image. Its facts say if it has an answer, or only names the image.
struct DetectedImage {
    std::string path;  ///< as it is written in the file
    ImageFacts facts = {};
    std::optional<int64_t> time = {};  ///< as Sample::time
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
