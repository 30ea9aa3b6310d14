#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace kaziranga::core {

/// Keeps other processes, and other locks of this one, away from a folder or a file for as long as it lives: two that
/// write into one folder leave one's files beside the other's. The kernel lets go of it however the process ends
/// (flock(2) on the thing itself), so nothing is left behind. File systems that know no such locks are told of in the
/// log, and not kept.
class Lock {
  public:
    Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock();

  protected:
    Lock(const std::filesystem::path& path, int flags, const std::string& remedy);

  private:
    int descriptor_ = -1;
};

/// Of a folder, which is made where it is missing.
class FolderLock : public Lock {
  public:
    /// @param remedy  what to do where another process works in it
    /// @throws core::Error when another holds it, or it cannot be made
    FolderLock(const std::filesystem::path& folder, const std::string& remedy);
};

/// Of a file, which is made where it is missing.
class FileLock : public Lock {
  public:
    FileLock(const std::filesystem::path& file, const std::string& remedy);
};

}  // namespace kaziranga::core
