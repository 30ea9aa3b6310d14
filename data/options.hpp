#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaziranga::data {

/// Order of the classes: by bytes, or with numbers in names by value.
enum class ClassOrder { kString, kNatural };
inline constexpr std::pair<ClassOrder, std::string_view> kClassOrderWords[] = {{ClassOrder::kString, "string"},
                                                                               {ClassOrder::kNatural, "natural"}};
constexpr auto& words_of(ClassOrder) {
    return kClassOrderWords;
}

/// The folder that names the class of an image: the first below the root or the split, or the image's own.
enum class ClassFolder { kAuto, kFirst, kLast };
inline constexpr std::pair<ClassFolder, std::string_view> kClassFolderWords[] = {
    {ClassFolder::kAuto, "auto"}, {ClassFolder::kFirst, "first"}, {ClassFolder::kLast, "last"}};
constexpr auto& words_of(ClassFolder) {
    return kClassFolderWords;
}

/// Allowed targets of the paths in a table of images.
enum class PathPolicy { kInside, kAnywhere };
inline constexpr std::pair<PathPolicy, std::string_view> kPathPolicyWords[] = {{PathPolicy::kInside, "inside"},
                                                                               {PathPolicy::kAnywhere, "anywhere"}};
constexpr auto& words_of(PathPolicy) {
    return kPathPolicyWords;
}

/// Policy for images that cannot be used.
enum class ErrorPolicy { kRefuse, kSkip };
inline constexpr std::pair<ErrorPolicy, std::string_view> kErrorPolicyWords[] = {{ErrorPolicy::kRefuse, "refuse"},
                                                                                 {ErrorPolicy::kSkip, "skip"}};
constexpr auto& words_of(ErrorPolicy) {
    return kErrorPolicyWords;
}

/// Size at which JPEGs are decoded.
enum class Decoding { kFull, kReduced };
inline constexpr std::pair<Decoding, std::string_view> kDecodingWords[] = {{Decoding::kFull, "full"},
                                                                           {Decoding::kReduced, "reduced"}};
constexpr auto& words_of(Decoding) {
    return kDecodingWords;
}

/// What becomes of an image in which a detector found nothing.
enum class WithoutBox { kImage, kSkip };
inline constexpr std::pair<WithoutBox, std::string_view> kWithoutBoxWords[] = {{WithoutBox::kImage, "image"},
                                                                               {WithoutBox::kSkip, "skip"}};
constexpr auto& words_of(WithoutBox) {
    return kWithoutBoxWords;
}

/// Boxes of animals: which are used, and what is cut out of an image for one.
struct CropOptions {
    double margin = 0.05;
    bool square = true;
    double min_confidence = 0.2;
    std::vector<std::string> categories = {"animal"};
    WithoutBox without_box = WithoutBox::kImage;

    static void describe(core::config::Description<CropOptions>& d);
};

/// Largest data.crop.margin, which adds ten times the box on each side.
inline constexpr double kLargestMargin = 10;

/// Value of data.format: what is there decides.
inline constexpr const char* kAutoFormat = "auto";

/// Location and splits of the labelled images.
struct DataOptions {
    std::string root;
    std::string train, val, test;
    std::string format = kAutoFormat;
    ClassFolder class_folder = ClassFolder::kAuto;
    std::string base;
    core::config::Table moved;
    core::config::Table columns;
    std::string detections;
    CropOptions crop;
    std::string group = "none";
    double burst_seconds = 60;
    int64_t shots = 0;
    double val_fraction = 0.0;
    double test_fraction = 0.2;
    int64_t folds = 0;
    int64_t fold = 0;
    ClassOrder order = ClassOrder::kString;
    PathPolicy paths = PathPolicy::kInside;
    ErrorPolicy on_error = ErrorPolicy::kRefuse;
    Decoding decode = Decoding::kFull;
    int64_t max_pixels = 100'000'000;
    int64_t workers = 0;

    /// True if labelled images are named: by root, or by train.
    bool named() const { return !root.empty() || !train.empty(); }
    /// The path that names them, for messages.
    const std::string& place() const { return root.empty() ? train : root; }
    /// All paths that name images: root, or train, val and test.
    std::vector<std::string> places() const;
    /// Takes over where the images of `other` are, and how their paths are to be read.
    void take_places(const DataOptions& other);

    static void describe(core::config::Description<DataOptions>& d);
};

}  // namespace kaziranga::data
