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

/// Images a species of each split, in the order of kSplits.
std::array<int64_t, 3> images_of(const ParkOptions& options);

/// "0007.jpg"
std::string image_name(int64_t number);

/// What park.json says about the folder it lies in.
struct ParkRecord {
    ParkOptions options;
    int64_t seed = 0;
    std::vector<std::string> species;  ///< class names
};

/// What the park with these options is.
ParkRecord record_of(const ParkOptions& options, int64_t seed);

inline constexpr const char* kRecordName = "park.json";
std::string to_json(const ParkRecord& record);

/// @throws core::Error when the file cannot be read or is no park.json of ours
ParkRecord read_record(const std::filesystem::path& file);

/// Refuses a folder that may not be replaced: one that holds anything while `overwrite` is off, one without a readable
/// park.json, one with an entry that its park.json does not account for. Reads only.
/// @throws core::Error naming the folder or the entry
void check_replaceable(const std::filesystem::path& folder, bool overwrite);

/// Whether the folder holds this park whole, with its images where they are stored.
bool is_drawn(const std::filesystem::path& folder, const ParkRecord& record, bool stored);

/// Removes what killed programs left of a park's PartialFolders. For a folder that nobody else draws into.
void remove_partial_folders(const std::filesystem::path& folder, const std::string& park);

/// A folder in the making beside its destination, removed with all its content unless it was put in place.
class PartialFolder {
  public:
    explicit PartialFolder(std::filesystem::path destination);
    ~PartialFolder();
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Writes a file into the folder, without syncing it.
    void write(const std::filesystem::path& name, const void* bytes, size_t size) const;

    /// Syncs all that was written and puts the folder in its place; what was there before is removed.
    void commit();

  private:
    std::filesystem::path destination_;
    std::filesystem::path path_;
};

}  // namespace kaziranga::data::synthetic
