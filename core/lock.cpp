#include "core/lock.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kaziranga::core {
namespace {

std::filesystem::path made(std::filesystem::path folder) {
    make_folders(folder);
    return folder;
}

}  // namespace

Lock::Lock(const std::filesystem::path& path, int flags, const std::string& remedy) {
    constexpr mode_t kOrdinaryFile = 0666;
    descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, kOrdinaryFile);
    if (descriptor_ < 0) {
        throw Error(
            {.what = "cannot open it", .where = path.string(), .found = std::strerror(errno), .remedy = remedy});
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
    const int code = errno;
    if (code == EWOULDBLOCK) {
        ::close(descriptor_);
        throw Error({.what = (flags & O_DIRECTORY) != 0 ? "another process is writing into this folder"
                                                        : "another process is writing this file",
                     .where = path.string(),
                     .remedy = "wait until it has ended, or " + remedy});
    }
    log().warn("{}: this file system has no locks ({}); let no second process write there", path.string(),
               std::strerror(code));
}

Lock::~Lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

FolderLock::FolderLock(const std::filesystem::path& folder, const std::string& remedy)
    : Lock(made(folder), O_RDONLY | O_DIRECTORY, remedy) {}

FileLock::FileLock(const std::filesystem::path& file, const std::string& remedy)
    : Lock(file, O_RDWR | O_CREAT | O_NOFOLLOW, remedy) {}

}  // namespace kaziranga::core
