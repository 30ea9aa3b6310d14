#include "core/system_problem.hpp"

#include <cerrno>
#include <system_error>

namespace kaziranga::core {
namespace {

const char* remedy_of(int code) {
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            return "free space there, or write to another disk";
        case EFBIG:
            return "raise the limit of file sizes (ulimit -f), or write to another disk";
        case EACCES:
        case EPERM:
            return "give yourself the right to it (chmod, chown), or name another";
        case EROFS:
            return "that disk is read-only: name a folder on another";
        case ENOENT:
        case ENOTDIR:
            return "look at the path and its spelling";
        case EISDIR:
            return "name a file";
        case ENAMETOOLONG:
            return "use a shorter name";
        case ELOOP:
            return "mend the links, which lead in a circle";
        case EMFILE:
        case ENFILE:
            return "raise the limit of open files (ulimit -n)";
        case EPIPE:
            return "the program that was to read it has ended";
        case ENOMEM:
            return "end other programs, or use a machine with more memory";
        case EIO:
        case ENXIO:
        case ESTALE:
            return "the disk or its connection fails: save what is on it, and use another";
        default:
            return "see to the disk that it lies on, then give the same command again";
    }
}

}  // namespace

Problem system_problem(std::string what, const std::filesystem::path& where, int code) {
    return {.what = std::move(what),
            .where = where.string(),
            .found = std::generic_category().message(code),
            .remedy = remedy_of(code)};
}

}  // namespace kaziranga::core
