#pragma once

#include "core/error.hpp"
#include "data/formats/region.hpp"
#include "data/image_source.hpp"
#include "data/options.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::data {

/// A box that a detector found.
struct Detection {
    RelativeBox box;
    std::string category;  ///< in lower case, for example "animal"
};

/// What tables, folders and detectors say about an image besides its label.
struct ImageFacts {
    std::string site, sequence;         ///< empty: unknown
    std::vector<Detection> detections;  ///< all of them, also those that are not used
    bool examined = false;              ///< true: a detector looked at the image
};

/// An image, or a box in an image, with its label. The image is not read yet.
struct Sample {
    std::string path;    ///< of the file; the name if `source` makes the image. No fs::path: it also stores its parts
    std::string name;    ///< name in records: relative to the root, '/' between folders; for a box name_of_box()
    int64_t label = -1;  ///< index into Dataset::classes; -1 if unlabelled
    std::shared_ptr<const ImageSource> source = {};  ///< source of the image; null: it is a file
    int64_t place = 0;                               ///< place in the source
    std::optional<RelativeBox> box = {};             ///< the part of the image that is meant; none: all of it
    std::string group = {};  ///< images of a group stay in one split (data.group); empty: only those of an image
    std::optional<int64_t> time = {};  ///< when it was taken, seconds of the camera's clock since 1970; none: unknown
    std::shared_ptr<const ImageFacts> facts = {};  ///< shared by the boxes of an image; null: nothing is known
};

/// The facts of a sample; none if nothing is known.
const ImageFacts& facts_of(const Sample& sample);

/// The name of a box in records: that of its image and a media fragment (W3C Media Fragments URI 1.0, 4.2.2),
/// "a.jpg#xywh=percent:12.5,20,30,40". It has four digits a number, as many as detectors write.
std::string name_of_box(const std::string& image, const RelativeBox& box);

/// The name of the image of a sample, without the box.
std::string image_name(const Sample& sample);

/// The name of the unit of splits, draws and folds that a sample belongs to: its group, or its image.
std::string unit_name(const Sample& sample);

using Samples = std::vector<Sample>;

/// Labelled images in splits. The samples of a split are sorted by class (in the order of `classes`), then by name.
struct Dataset {
    std::filesystem::path root;
    std::vector<std::string> classes;  ///< in the order of their index
    Samples train, val, test;
    std::string read_as;  ///< of the manifest
    /// Unusual but harmless facts: empty class folders, classes missing from a split, one class under two spellings,
    /// files skipped because their names are not those of images.
    std::vector<core::Problem> warnings;
    /// Images that the draw of shots skipped because they cannot be used.
    std::vector<core::Problem> unusable = {};
};

/// The images that a format found on disk, before any draw: one list per split, or `unsplit` for class folders alone.
struct Manifest {
    std::filesystem::path root;
    std::string evaluated;             ///< name of the split, if only one split was read
    std::string read_as;               ///< "a table, path from 'file', label from 'class'"; empty: nothing to say
    std::vector<std::string> classes;  ///< names in no special order; Sample::label is an index into them
    Samples train, val, test, unsplit;
    std::vector<core::Problem> warnings;
    /// Images that a table names but that do not exist. They are in no split.
    std::vector<core::Problem> missing = {};
};

/// @throws core::Error when images are missing
void require_all_there(const Manifest& manifest);

/// Orders the classes, splits data without splits, and draws the shots. If options.on_error is skip, it reads files and
/// draws only usable images. Otherwise it is a pure function of its arguments.
/// @throws core::Error when images are missing, or when classes have fewer training images than options.shots or none;
/// the message names each of these classes
Dataset split_dataset(Manifest manifest, const DataOptions& options, uint64_t seed);

/// Images without labels: Sample::label is -1.
struct FoundImages {
    Samples samples;
    std::vector<core::Problem> warnings;  ///< files that were skipped
};

/// Returns a file, or all images below a folder in the order of their names.
/// @throws core::Error when the folder cannot be read
FoundImages list_images(const std::filesystem::path& path);

}  // namespace kaziranga::data
