#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace kaziranga::core {

/// Keeps other processes, and other locks of this one, out of a folder for as long as it lives: two that write into one folder leave
/// one's files beside the other's. The kernel lets go of it however the process ends (flock(2) on the folder itself), so
/// nothing is left behind. File systems that know no such locks are told of in the log, and not kept.
class FolderLock {
  public:
    /// Makes the folder where it is missing.
    /// @param remedy  what to do where another process works in it
    /// @throws core::Error when another holds it, or it cannot be made
    FolderLock(const std::filesystem::path& folder, const std::string& remedy);
    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;

  private:
    int descriptor_ = -1;
};

}  // namespace kaziranga::core
