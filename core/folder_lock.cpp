#include "core/folder_lock.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kaziranga::core {

FolderLock::FolderLock(const std::filesystem::path& folder, const std::string& remedy) {
    make_folders(folder);
    descriptor_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor_ < 0) {
        throw Error({.what = "cannot open the folder", .where = folder.string(), .found = std::strerror(errno)});
    }
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        if (code == EWOULDBLOCK) {
            ::close(descriptor_);
            throw Error({.what = "another process is writing into this folder",
                         .where = folder.string(),
                         .remedy = "wait until it has ended, or " + remedy});
        }
        log().warn("{}: this file system has no locks ({}); let no second process write into the folder",
                   folder.string(), std::strerror(code));
    }
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace kaziranga::core
