#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace kaziranga::core {

/// An exclusive lock on a folder or a file for the lifetime of the object. It excludes other processes and other Lock
/// objects of this process, so that two runs do not mix their files in one folder. It uses flock(2) on the folder or
/// file itself: the kernel releases it when the process ends, and no lock file is left behind. If the file system has
/// no such locks, a warning is logged and there is no lock.
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

/// A lock on a folder. The folder is created if it is missing.
class FolderLock : public Lock {
  public:
    /// @param remedy  what to do if another process has the lock
    /// @throws core::Error when another process has the lock, or the folder cannot be created
    FolderLock(const std::filesystem::path& folder, const std::string& remedy);
};

/// A lock on a file. The file is created if it is missing.
class FileLock : public Lock {
  public:
    FileLock(const std::filesystem::path& file, const std::string& remedy);
};

}  // namespace kaziranga::core
