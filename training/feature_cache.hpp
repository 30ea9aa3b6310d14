#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "core/hash.hpp"

namespace kaziranga::training {

/// Which view of which image: the image by content, so that moving or renaming a file changes nothing.
struct ViewKey {
    core::Hash128 content;
    uint64_t view = 0;  ///< a named view's number, 0 the centre; else a hash of everything that decides the random view
    bool operator==(const ViewKey&) const = default;
};

/// Features on disk: one file for everything that decides them beside the image. Records of fixed size, each with its
/// own checksum, are appended as they are made; a torn or damaged record counts as absent and is computed again, so
/// the file may be cut off at any byte. (The one kind of file of ours that does not appear whole: that would cost a
/// long extraction its work when it is stopped.) Several processes may append at once.
class FeatureCache {
  public:
    /// @param identity  FeatureExtractor::identity()     @param dim  floats a record
    /// @throws core::Error when the folder or file cannot be made or read
    FeatureCache(const std::filesystem::path& folder, core::Hash128 identity, int64_t dim);
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
    void open(core::Hash128 identity);
    void read_records();

    std::filesystem::path path_;
    int64_t dim_;
    size_t record_bytes_;
    int descriptor_ = -1;
    const char* mapped_ = nullptr;
    size_t mapped_bytes_ = 0;
    std::unordered_map<ViewKey, size_t, KeyHash> index_;  ///< offset of the record's floats
};

}  // namespace kaziranga::training
