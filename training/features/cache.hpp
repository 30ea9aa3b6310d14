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

/// Which view of which image: the image by content, so that moving or renaming a file changes nothing.
struct ViewKey {
    core::Hash128 content;
    uint64_t view = 0;  ///< a named view's number, 0 the centre; else a hash of everything that decides the random view
    bool operator==(const ViewKey&) const = default;
};

/// What besides the image and the view decides a feature.
struct FeatureKind {
    core::Hash128 hash;
    std::string description;  ///< the same for people: "resnet18 1f0c…, 224 of 256 pixels, fp32 on cpu"
};

/// Features on disk: one file for everything that decides them beside the image. Records of fixed size, each with its
/// own checksum, are appended as they are made; a torn or damaged record counts as absent and is computed again, so
/// the file may be cut off at any byte. (The one kind of file of ours that does not appear whole: that would cost a
/// long extraction its work when it is stopped.) Several processes may append at once.
class FeatureCache {
  public:
    /// @param kind  FeatureExtractor::kind()     @param dim  floats a record
    /// @throws core::Error when the folder or file cannot be made or read, or something else has the file's name
    FeatureCache(const std::filesystem::path& folder, const FeatureKind& kind, int64_t dim);
    ~FeatureCache();
    FeatureCache(const FeatureCache&) = delete;
    FeatureCache& operator=(const FeatureCache&) = delete;

    /// Copies `dim` floats to `row` when the view was there as the file was opened.
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
    std::unordered_map<ViewKey, const char*, KeyHash> index_;  ///< where the record's floats begin
};

/// What a cache's file says of itself.
struct CacheFile {
    std::filesystem::path path;
    std::string description;  ///< from the file: not to be trusted; empty where an older version made it
    int64_t dim = 0;
    int64_t records = 0;   ///< whole ones
    int64_t damaged = 0;   ///< of those, with a checksum that is not theirs
    bool cut_off = false;  ///< it ends inside a record or its header, as when a writer was killed
    uintmax_t bytes = 0;
};

/// The caches in a folder by name; files of other kinds are passed over.
/// @param verify  whether to read every record: without, none counts as damaged
/// @throws core::Error when there is no such folder, or a file cannot be read
std::vector<CacheFile> cache_files(const std::filesystem::path& folder, bool verify);

/// Removes the caches of a folder, and nothing else.
/// @return what was removed
std::vector<CacheFile> clear_caches(const std::filesystem::path& folder);

}  // namespace kaziranga::training
