#pragma once

#include "core/files.hpp"
#include "core/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace kaziranga::training {

/// Identifies a view of an image. The image is given by content, so moving or renaming a file changes nothing.
struct ViewKey {
    core::Hash128 content;
    uint64_t view = 0;  ///< number of a named view, 0: centre; else a hash of all that determines the random view
    bool operator==(const ViewKey&) const = default;
};

/// Everything that determines a feature, except the image and the view.
struct FeatureKind {
    core::Hash128 hash;
    std::string description;  ///< the same as readable text: "resnet18 1f0c…, 224 of 256 pixels, fp32 on cpu"
};

/// A feature cache on disk: one file for everything that determines features except the image. Records have a fixed
/// size and their own checksums and are appended as they are made. A partial or damaged record counts as missing and is
/// computed again, so the file may be cut off at any byte. (This is the only kind of file that is not written as a
/// whole: a stopped extraction would lose its work.) Several processes may append at once.
class FeatureCache {
  public:
    /// @param kind  FeatureExtractor::kind()     @param dim  floats per record
    /// @throws core::Error when the folder or file cannot be made or read, or something else has the file's name
    FeatureCache(const std::filesystem::path& folder, const FeatureKind& kind, int64_t dim);
    ~FeatureCache();
    FeatureCache(const FeatureCache&) = delete;
    FeatureCache& operator=(const FeatureCache&) = delete;

    /// Copies `dim` floats to `row` if the file had the view when it was opened.
    bool find(const ViewKey& key, float* row) const;

    /// @param rows  [keys.size(), dim] float32, contiguous
    void append(const std::vector<ViewKey>& keys, const float* rows);

    int64_t size() const { return static_cast<int64_t>(index_.size()); }
    const std::filesystem::path& path() const { return path_; }

  private:
    struct KeyHash {
        size_t operator()(const ViewKey& key) const noexcept {
            return key.content.low ^ (key.view * 0x9E3779B97F4A7C15ULL);
        }
    };
    void open(const FeatureKind& kind);
    [[noreturn]] void refuse_foreign(const std::string& found) const;

    std::filesystem::path path_;
    int64_t dim_;
    int descriptor_ = -1;
    core::MappedFile mapped_;
    std::unordered_map<ViewKey, const char*, KeyHash> index_;  ///< start of each record's floats
};

/// The description of a cache file.
struct CacheFile {
    std::filesystem::path path;
    std::string description;  ///< read from the file, not trustworthy; empty if an older version made the file
    int64_t dim = 0;
    int64_t records = 0;   ///< complete ones
    int64_t damaged = 0;   ///< complete records with a wrong checksum
    bool cut_off = false;  ///< the file ends inside a record or the header, for example because a writer was killed
    uintmax_t bytes = 0;
};

/// The caches in a folder, sorted by name; other files are ignored.
/// @param verify  true reads every record; false counts none as damaged
/// @throws core::Error when there is no such folder, or a file cannot be read
std::vector<CacheFile> cache_files(const std::filesystem::path& folder, bool verify);

/// Removes the caches of a folder, and nothing else.
/// @return the removed caches
std::vector<CacheFile> clear_caches(const std::filesystem::path& folder);

}  // namespace kaziranga::training
