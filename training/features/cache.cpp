#include "training/features/cache.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/system_problem.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kaziranga::training {
namespace {

constexpr std::string_view kExtension = ".features";
constexpr std::string_view kMagic = "KZFEAT02";
constexpr std::string_view kAnyMagic = "KZFEAT";  ///< common to all versions

struct Header {
    char magic[8] = {};
    uint64_t dim = 0;
    uint64_t kind_high = 0;
    uint64_t kind_low = 0;
    char description[224] = {};  ///< padded with zeros
};
static_assert(sizeof(Header) == 256);

Header header_of(const FeatureKind& kind, int64_t dim) {
    Header header{.dim = static_cast<uint64_t>(dim), .kind_high = kind.hash.high, .kind_low = kind.hash.low};
    kMagic.copy(header.magic, sizeof header.magic);
    kind.description.copy(header.description, sizeof header.description);
    return header;
}

/// The key before the floats of a record. After the floats follow 8 bytes of checksum over key and floats.
struct RecordKey {
    uint64_t content_high = 0;
    uint64_t content_low = 0;
    uint64_t view = 0;
};
static_assert(sizeof(RecordKey) == 24);

size_t record_bytes(uint64_t dim) {
    return sizeof(RecordKey) + dim * sizeof(float) + sizeof(uint64_t);
}

/// The number of bytes of the header and the complete records after it.
size_t whole_bytes(size_t file_bytes, uint64_t dim) {
    if (file_bytes < sizeof(Header)) return 0;
    return file_bytes - (file_bytes - sizeof(Header)) % record_bytes(dim);
}

bool is_sound(std::string_view record) {
    uint64_t checksum = 0;
    record.remove_suffix(sizeof checksum);
    std::memcpy(&checksum, record.data() + record.size(), sizeof checksum);
    return core::hash64(record) == checksum;
}

/// Calls visit(record) for each complete record of a cache file.
template <class Visit>
void each_record(std::string_view file, uint64_t dim, Visit visit) {
    const size_t size = record_bytes(dim);
    for (size_t at = sizeof(Header); at + size <= file.size(); at += size) visit(file.substr(at, size));
}

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
    core::Problem problem = core::system_problem(what, path, errno);
    problem.remedy += "; features.cache names the folder";
    throw core::Error(std::move(problem));
}

/// Waits for the lock of the file and holds it for its scope: several processes may append, one at a time.
class AppendLock {
  public:
    explicit AppendLock(int descriptor) : descriptor_(descriptor) {
        while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~AppendLock() { ::flock(descriptor_, LOCK_UN); }
    AppendLock(const AppendLock&) = delete;
    AppendLock& operator=(const AppendLock&) = delete;

  private:
    int descriptor_;
};

bool write_all(int descriptor, const std::string& bytes, size_t offset) {
    size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t written =
            ::pwrite(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        done += static_cast<size_t>(written);
    }
    return true;
}

size_t file_size(int descriptor) {
    struct stat status{};
    ::fstat(descriptor, &status);
    return static_cast<size_t>(status.st_size);
}

}  // namespace

FeatureCache::FeatureCache(const std::filesystem::path& folder, const FeatureKind& kind, int64_t dim)
    : path_(folder / (kind.hash.hex() + std::string(kExtension))), dim_(dim) {
    core::make_folders(folder);
    open(kind);
    const auto width = static_cast<uint64_t>(dim);
    mapped_ = core::MappedFile(descriptor_, whole_bytes(file_size(descriptor_), width), path_);
    index_.reserve(mapped_.bytes().size() / record_bytes(width));
    each_record(mapped_.bytes(), width, [this](std::string_view record) {
        if (!is_sound(record)) return;
        RecordKey key;
        std::memcpy(&key, record.data(), sizeof key);
        index_[{{key.content_high, key.content_low}, key.view}] = record.data() + sizeof key;
    });
}

FeatureCache::~FeatureCache() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void FeatureCache::open(const FeatureKind& kind) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (descriptor_ < 0 && errno == ELOOP) refuse_foreign("a symbolic link");
    if (descriptor_ < 0) fail("cannot open the feature cache", path_);
    const AppendLock lock(descriptor_);
    const Header expected = header_of(kind, dim_);
    Header found;
    const ssize_t got = ::pread(descriptor_, &found, sizeof found, 0);
    if (got == sizeof found && std::memcmp(&found, &expected, sizeof found) == 0) return;
    // A cache of an earlier version, or a damaged or truncated one, is started afresh. Other files belong to the user.
    const std::string_view begins(found.magic, std::clamp<ssize_t>(got, 0, kAnyMagic.size()));
    if (!kAnyMagic.starts_with(begins)) refuse_foreign("other contents");
    if (::ftruncate(descriptor_, 0) != 0) fail("cannot start the feature cache afresh", path_);
    if (!write_all(descriptor_, std::string(reinterpret_cast<const char*>(&expected), sizeof expected), 0)) {
        fail("cannot write the feature cache", path_);
    }
}

void FeatureCache::refuse_foreign(const std::string& found) const {
    throw core::Error({.what = "this is no feature cache",
                       .where = path_.string(),
                       .found = found,
                       .remedy = "move it away, or name another folder in features.cache"});
}

bool FeatureCache::find(const ViewKey& key, float* row) const {
    const auto found = index_.find(key);
    if (found == index_.end()) return false;
    std::memcpy(row, found->second, static_cast<size_t>(dim_) * sizeof(float));
    return true;
}

void FeatureCache::append(const std::vector<ViewKey>& keys, const float* rows) {
    std::string bytes;
    bytes.reserve(keys.size() * record_bytes(static_cast<uint64_t>(dim_)));
    for (size_t i = 0; i < keys.size(); ++i) {
        const RecordKey key{keys[i].content.high, keys[i].content.low, keys[i].view};
        const size_t start = bytes.size();
        bytes.append(reinterpret_cast<const char*>(&key), sizeof key);
        bytes.append(reinterpret_cast<const char*>(rows + i * static_cast<size_t>(dim_)),
                     static_cast<size_t>(dim_) * sizeof(float));
        const uint64_t checksum = core::hash64(std::string_view(bytes).substr(start));
        bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    }
    const AppendLock lock(descriptor_);
    const size_t end = whole_bytes(file_size(descriptor_), static_cast<uint64_t>(dim_));
    if (end == 0) return;  // another program truncated the file and could not restart it; the next run will
    if (!write_all(descriptor_, bytes, end)) {
        fail("cannot write the feature cache", path_);
    }
}

namespace {

/// @return nothing for a file that is no cache
std::optional<CacheFile> describe_file(const std::filesystem::path& path, bool verify) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) fail("cannot read the feature cache", path);
    const size_t size = file_size(descriptor);
    const core::MappedFile mapped(descriptor, size, path);
    ::close(descriptor);
    if (!mapped.bytes().starts_with(kAnyMagic)) return std::nullopt;
    CacheFile file{.path = path, .bytes = size};
    if (!mapped.bytes().starts_with(kMagic)) return file;
    file.cut_off = size < sizeof(Header);
    if (file.cut_off) return file;
    Header header;
    std::memcpy(&header, mapped.bytes().data(), sizeof header);
    file.description = std::string(header.description, ::strnlen(header.description, sizeof header.description));
    constexpr uint64_t kMostFloats = 1U << 24;
    if (header.dim > kMostFloats) return file;
    file.dim = static_cast<int64_t>(header.dim);
    file.records = static_cast<int64_t>((size - sizeof(Header)) / record_bytes(header.dim));
    file.cut_off = whole_bytes(size, header.dim) != size;
    if (verify) {
        each_record(mapped.bytes(), header.dim,
                    [&file](std::string_view record) { file.damaged += is_sound(record) ? 0 : 1; });
    }
    return file;
}

}  // namespace

std::vector<CacheFile> cache_files(const std::filesystem::path& folder, bool verify) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const bool plain = entry.is_regular_file() && !entry.is_symlink();
        if (plain && entry.path().extension() == kExtension) paths.push_back(entry.path());
    }
    if (error) {
        throw core::Error({.what = "cannot list the feature caches",
                           .where = folder.string(),
                           .found = error.message(),
                           .remedy = "name the folder that features.cache names in the config"});
    }
    std::ranges::sort(paths);
    std::vector<CacheFile> files;
    for (const auto& path : paths) {
        if (auto file = describe_file(path, verify)) files.push_back(std::move(*file));
    }
    return files;
}

std::vector<CacheFile> clear_caches(const std::filesystem::path& folder) {
    const std::vector<CacheFile> files = cache_files(folder, /*verify=*/false);
    for (const CacheFile& file : files) {
        std::error_code error;
        if (!std::filesystem::remove(file.path, error) && error) {
            throw core::Error(core::system_problem("cannot remove the feature cache", file.path, error.value()));
        }
    }
    return files;
}

}  // namespace kaziranga::training
