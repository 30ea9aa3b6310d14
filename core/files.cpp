#include "core/files.hpp"

#include "core/system_problem.hpp"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kaziranga::core {
namespace {

/// Closes a descriptor when it goes out of scope.
struct Descriptor {
    int value = -1;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

int open_to_read(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) throw Error(system_problem("cannot open the file", path, errno));
    return descriptor;
}

/// Returns the size of an open file, bytes. @throws Error when it is not a regular file, or longer than `max_bytes`
uint64_t size_of(const Descriptor& file, const std::filesystem::path& path, uint64_t max_bytes) {
    struct stat status{};
    if (::fstat(file.value, &status) != 0) throw Error(system_problem("cannot look at the file", path, errno));
    if (!S_ISREG(status.st_mode)) {
        throw Error({.what = "not a regular file",
                     .where = path.string(),
                     .found = S_ISDIR(status.st_mode) ? "a folder" : "a device, pipe or socket",
                     .remedy = "name a file"});
    }
    const auto size = static_cast<uint64_t>(status.st_size);
    if (size > max_bytes) {
        throw Error({.what = "the file is too large",
                     .where = path.string(),
                     .expected = "at most " + std::to_string(max_bytes) + " bytes",
                     .found = std::to_string(size) + " bytes",
                     .remedy = "look whether it is the file that was meant"});
    }
    return size;
}

constexpr std::string_view kPartial = ".partial-";
constexpr std::string_view kDrawnByMkstemp = "XXXXXX";

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path destination) : destination_(std::move(destination)) {
    const std::string name = fmt::format(".{}{}{}", destination_.filename().string(), kPartial, kDrawnByMkstemp);
    std::string pattern = (folder_of(destination_) / name).string();
    descriptor_ = ::mkstemp(pattern.data());
    if (descriptor_ < 0) throw Error(system_problem("cannot create the file", destination_, errno));
    temporary_ = pattern;
    constexpr mode_t kOrdinaryFile = 0666;
    ::fchmod(descriptor_, permitted(kOrdinaryFile));
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::fail(const char* what) {
    throw Error(system_problem(what, destination_, errno));
}

void AtomicFile::write(const void* bytes, size_t size) {
    const char* next = static_cast<const char*>(bytes);
    while (size > 0) {
        const ssize_t written = ::write(descriptor_, next, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write the file");
        next += written;
        size -= static_cast<size_t>(written);
    }
}

void AtomicFile::commit() {
    if (::fsync(descriptor_) != 0) fail("cannot sync the file");
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail("cannot close the file");
    if (::rename(temporary_.c_str(), destination_.c_str()) != 0) fail("cannot put the file in its place");
    temporary_.clear();
    sync_folder(folder_of(destination_));
}

bool is_partial_file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    const size_t tail = kPartial.size() + kDrawnByMkstemp.size();
    return name.size() > tail && name.front() == '.' &&
           name.compare(name.size() - tail, kPartial.size(), kPartial) == 0;
}

void remove_partial_files(const std::filesystem::path& folder) {
    std::error_code code;
    for (std::filesystem::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
        std::error_code ignored;
        if (is_partial_file(entry->path()) && entry->is_regular_file(ignored)) {
            std::filesystem::remove(entry->path(), ignored);
        }
    }
}

bool is_vacant(const std::filesystem::path& folder) {
    std::error_code code;
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder, code))) return true;
    if (!std::filesystem::is_directory(folder, code)) return false;
    std::filesystem::directory_iterator entry(folder, code);
    for (const std::filesystem::directory_iterator end; !code && entry != end; entry.increment(code)) {
        if (!is_partial_file(entry->path())) return false;
    }
    return !code;
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    AtomicFile file(path);
    file.write(text);
    file.commit();
}

std::string read_file(const std::filesystem::path& path, uint64_t max_bytes) {
    const Descriptor file{open_to_read(path)};
    const uint64_t size = size_of(file, path, max_bytes);
    std::string bytes(size, '\0');
    size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = ::read(file.value, bytes.data() + filled, bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw Error(system_problem("cannot read the file", path, errno));
        if (got == 0) break;
        filled += static_cast<size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

MappedFile::MappedFile(int descriptor, size_t size, const std::filesystem::path& path) {
    if (size == 0) return;
    void* mapping = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapping == MAP_FAILED) throw Error(system_problem("cannot map the file", path, errno));
    start_ = static_cast<const char*>(mapping);
    size_ = size;
}

MappedFile::~MappedFile() {
    if (start_ != nullptr) ::munmap(const_cast<char*>(start_), size_);
}

MappedFile map_file(const std::filesystem::path& path, uint64_t max_bytes) {
    const Descriptor file{open_to_read(path)};
    return {file.value, size_of(file, path, max_bytes), path};
}

mode_t permitted(mode_t asked) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return asked & ~mask;
}

void make_folders(const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code || !std::filesystem::is_directory(folder)) {
        throw Error(system_problem("cannot make the folder", folder, code ? code.value() : ENOTDIR));
    }
}

void require_writable(const std::filesystem::path& folder) {
    std::filesystem::path there = std::filesystem::absolute(folder);
    std::error_code code;
    while (!std::filesystem::exists(there, code) && there != there.root_path()) there = there.parent_path();
    if (!std::filesystem::is_directory(there, code)) {
        throw Error(system_problem("cannot make the folder", folder, ENOTDIR));
    }
    if (::access(there.c_str(), W_OK | X_OK) != 0) {
        throw Error(system_problem("no files can be made in the folder", there, errno));
    }
}

void sync_folder(const std::filesystem::path& folder) {
    const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory.value < 0) throw Error(system_problem("cannot open the folder", folder, errno));
    // Some file systems (network mounts) cannot sync a folder. The rename itself has succeeded there.
    if (::fsync(directory.value) != 0 && errno != EINVAL)
        throw Error(system_problem("cannot sync the folder", folder, errno));
}

}  // namespace kaziranga::core
