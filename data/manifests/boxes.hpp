#pragma once

#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/manifests/detections.hpp"
#include "data/options.hpp"

#include <filesystem>
#include <vector>

namespace kaziranga::data {

/// Replaces images by their boxes in a detector's file (options.detections): one sample for each box whose category and
/// confidence options.crop takes, with the label of its image. Images that have a box already, from their table, stay.
/// Does nothing if no file is named.
/// @param folders   possible folders of the file's relative paths: the first below which it names an image is taken,
///                  unless options.base says which it is
/// @param lists     the images
/// @param warnings  receives what the user should know about the images without boxes
/// @throws core::Error when the file cannot be used, or when it names none of the images
void add_boxes(const DataOptions& options, const std::vector<std::filesystem::path>& folders,
               const std::vector<Samples*>& lists, std::vector<core::Problem>& warnings);

/// The same for answers that are read already.
/// @param file  where they come from, for messages
void add_boxes_of(const std::filesystem::path& file, const std::vector<DetectedImage>& images,
                  const DataOptions& options, const std::vector<std::filesystem::path>& folders,
                  const std::vector<Samples*>& lists, std::vector<core::Problem>& warnings);

}  // namespace kaziranga::data
