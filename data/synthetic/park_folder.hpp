#pragma once

#include "data/synthetic/options.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::data::synthetic {

inline constexpr std::array<std::string_view, 3> kSplits = {"train", "val", "test"};

/// Returns the number of images per species in each split, in the order of kSplits.
std::array<int64_t, 3> images_of(const ParkOptions& options);

/// Returns for example "0007.jpg".
std::string image_name(int64_t number);

/// Content of park.json: describes the folder that contains it.
struct ParkRecord {
    ParkOptions options;
    int64_t seed = 0;
    std::vector<std::string> species;  ///< class names
};

/// Returns the record of the park with these options.
ParkRecord record_of(const ParkOptions& options, int64_t seed);

inline constexpr const char* kRecordName = "park.json";
std::string to_json(const ParkRecord& record);

/// @throws core::Error when the file cannot be read or is not a park.json of this program
ParkRecord read_record(const std::filesystem::path& file);

/// Refuses a folder that must not be replaced: it is not empty and `overwrite` is off, it has no readable park.json, or
/// it has an entry that its park.json does not list. Only reads.
/// @throws core::Error naming the folder or the entry
void check_replaceable(const std::filesystem::path& folder, bool overwrite);

/// True if the folder contains this complete park, including its images if `stored` is true.
bool is_drawn(const std::filesystem::path& folder, const ParkRecord& record, bool stored);

/// Removes partial folders of a park that killed programs left behind. No other process may draw into `folder`.
void remove_partial_folders(const std::filesystem::path& folder, const std::string& park);

/// A temporary folder next to its destination. It is removed with all its content, unless commit() was called.
class PartialFolder {
  public:
    explicit PartialFolder(std::filesystem::path destination);
    ~PartialFolder();
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Writes a file into the folder, without syncing it.
    void write(const std::filesystem::path& name, const void* bytes, size_t size) const;

    /// Syncs all files and moves the folder to its destination. A folder that was there before is removed.
    void commit();

  private:
    std::filesystem::path destination_;
    std::filesystem::path path_;
};

}  // namespace kaziranga::data::synthetic
