#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kaziranga::data {

enum class ImageFormat { kJpeg, kPng, kWebp, kBmp };

/// What an image file's own structure says, without decoding a pixel.
struct ImageProbe {
    ImageFormat format = ImageFormat::kJpeg;
    int64_t width = 0;
    int64_t height = 0;
};

/// Walks the headers of a file in memory: JPEG markers up to the end-of-image, PNG chunks with their checksums up to
/// IEND, the RIFF length of WebP, the size field of BMP.
/// @param where  the path, for the message
/// @throws core::Error when it is empty, no image of these formats (said with what it is, where that is plain),
///         truncated, damaged, or has more than max_pixels pixels
ImageProbe probe_image(std::string_view bytes, const std::filesystem::path& where, int64_t max_pixels);

/// No file of an image that may pass is longer: eight bytes a pixel (16-bit RGBA, not compressed at all) and generous
/// metadata.
uint64_t longest_image_file(int64_t max_pixels);

/// One file looked at: its content hash, or what is wrong with it.
struct Inspection {
    core::Hash128 content;
    std::optional<core::Problem> problem;
};

enum class Depth { kStructure, kDecode };

/// Reads every file once, on `workers` threads (0: one a processor), with progress; hashes it, probes it, and with
/// Depth::kDecode decodes it.
/// @return one entry a sample, in order
std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers);

/// What `check` says of a dataset: everything inspect finds with Depth::kDecode, plus the same content in two splits
/// or under two classes.
struct CheckReport {
    Samples train, val, test;             ///< images that can be used
    std::vector<core::Problem> errors;    ///< images that cannot be used
    std::vector<core::Problem> warnings;  ///< the dataset's own warnings, duplicates across splits and classes
    int64_t images = 0;
};
CheckReport check_dataset(const Dataset& dataset, int64_t max_pixels, int64_t workers);

}  // namespace kaziranga::data
