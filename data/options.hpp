#pragma once

#include "core/config/description.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kaziranga::data {

/// Of the classes: by their bytes, or with numbers in names by their value.
enum class ClassOrder { kString, kNatural };
inline constexpr std::pair<ClassOrder, std::string_view> kClassOrderWords[] = {{ClassOrder::kString, "string"},
                                                                               {ClassOrder::kNatural, "natural"}};
constexpr auto& words_of(ClassOrder) {
    return kClassOrderWords;
}

/// Where the paths of a table of images may lead.
enum class PathPolicy { kInside, kAnywhere };
inline constexpr std::pair<PathPolicy, std::string_view> kPathPolicyWords[] = {{PathPolicy::kInside, "inside"},
                                                                               {PathPolicy::kAnywhere, "anywhere"}};
constexpr auto& words_of(PathPolicy) {
    return kPathPolicyWords;
}

/// What becomes of images that cannot be used.
enum class ErrorPolicy { kRefuse, kSkip };
inline constexpr std::pair<ErrorPolicy, std::string_view> kErrorPolicyWords[] = {{ErrorPolicy::kRefuse, "refuse"},
                                                                                 {ErrorPolicy::kSkip, "skip"}};
constexpr auto& words_of(ErrorPolicy) {
    return kErrorPolicyWords;
}

/// At which size JPEGs are decoded.
enum class Decoding { kFull, kReduced };
inline constexpr std::pair<Decoding, std::string_view> kDecodingWords[] = {{Decoding::kFull, "full"},
                                                                           {Decoding::kReduced, "reduced"}};
constexpr auto& words_of(Decoding) {
    return kDecodingWords;
}

/// Where the labelled images are and how they are split.
struct DataOptions {
    std::string root;
    std::string format = "folder";
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

    static void describe(core::config::Description<DataOptions>& d);
};

}  // namespace kaziranga::data
