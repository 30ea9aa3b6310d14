#include "training/feature_cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "core/files.hpp"

namespace kaziranga::training {
namespace {

struct Header {
    char magic[8] = {'K', 'Z', 'F', 'E', 'A', 'T', '0', '1'};
    uint64_t dim = 0;
    uint64_t identity_high = 0;
    uint64_t identity_low = 0;
};
static_assert(sizeof(Header) == 32);

/// What stands before the floats of a record; 8 bytes of checksum over both stand behind them.
struct RecordKey {
    uint64_t content_high = 0;
    uint64_t content_low = 0;
    uint64_t view = 0;
};
static_assert(sizeof(RecordKey) == 24);

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path) {
    throw core::Error({.what = what,
                       .where = path.string(),
                       .found = std::strerror(errno),
                       .remedy = "free space or name another folder in features.cache"});
}

/// Holds the file's lock for its scope.
class FileLock {
  public:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {
        while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FileLock() { ::flock(descriptor_, LOCK_UN); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

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
    struct stat status {};
    ::fstat(descriptor, &status);
    return static_cast<size_t>(status.st_size);
}

}  // namespace

FeatureCache::FeatureCache(const std::filesystem::path& folder, core::Hash128 identity, int64_t dim)
    : path_(folder / (identity.hex() + ".features")),
      dim_(dim),
      record_bytes_(sizeof(RecordKey) + static_cast<size_t>(dim) * sizeof(float) + sizeof(uint64_t)) {
    core::make_folders(folder);
    open(identity);
    read_records();
}

FeatureCache::~FeatureCache() {
    if (mapped_ != nullptr) ::munmap(const_cast<char*>(mapped_), mapped_bytes_);
    if (descriptor_ >= 0) ::close(descriptor_);
}

void FeatureCache::open(core::Hash128 identity) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("cannot open the feature cache", path_);
    const FileLock lock(descriptor_);
    Header expected;
    expected.dim = static_cast<uint64_t>(dim_);
    expected.identity_high = identity.high;
    expected.identity_low = identity.low;
    Header found;
    const ssize_t got = ::pread(descriptor_, &found, sizeof found, 0);
    if (got == sizeof found && std::memcmp(&found, &expected, sizeof found) == 0) return;
    if (::ftruncate(descriptor_, 0) != 0) fail("cannot start the feature cache afresh", path_);
    if (!write_all(descriptor_, std::string(reinterpret_cast<const char*>(&expected), sizeof expected), 0)) {
        fail("cannot write the feature cache", path_);
    }
}

void FeatureCache::read_records() {
    const size_t size = file_size(descriptor_);
    const size_t records = (size - sizeof(Header)) / record_bytes_;
    if (records == 0) return;
    mapped_bytes_ = sizeof(Header) + records * record_bytes_;
    void* mapping = ::mmap(nullptr, mapped_bytes_, PROT_READ, MAP_SHARED, descriptor_, 0);
    if (mapping == MAP_FAILED) fail("cannot map the feature cache", path_);
    mapped_ = static_cast<const char*>(mapping);
    index_.reserve(records);
    for (size_t r = 0; r < records; ++r) {
        const char* record = mapped_ + sizeof(Header) + r * record_bytes_;
        const size_t checked = record_bytes_ - sizeof(uint64_t);
        uint64_t checksum = 0;
        std::memcpy(&checksum, record + checked, sizeof checksum);
        if (core::hash64({record, checked}) != checksum) continue;
        RecordKey key;
        std::memcpy(&key, record, sizeof key);
        index_[{{key.content_high, key.content_low}, key.view}] = sizeof(Header) + r * record_bytes_ + sizeof key;
    }
}

bool FeatureCache::find(const ViewKey& key, float* row) const {
    const auto found = index_.find(key);
    if (found == index_.end()) return false;
    std::memcpy(row, mapped_ + found->second, static_cast<size_t>(dim_) * sizeof(float));
    return true;
}

void FeatureCache::append(const std::vector<ViewKey>& keys, const float* rows) {
    std::string bytes;
    bytes.reserve(keys.size() * record_bytes_);
    for (size_t i = 0; i < keys.size(); ++i) {
        const RecordKey key{keys[i].content.high, keys[i].content.low, keys[i].view};
        const size_t start = bytes.size();
        bytes.append(reinterpret_cast<const char*>(&key), sizeof key);
        bytes.append(reinterpret_cast<const char*>(rows + i * static_cast<size_t>(dim_)),
                     static_cast<size_t>(dim_) * sizeof(float));
        const uint64_t checksum = core::hash64(std::string_view(bytes).substr(start));
        bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
    }
    const FileLock lock(descriptor_);
    const size_t whole = (file_size(descriptor_) - sizeof(Header)) / record_bytes_;
    if (!write_all(descriptor_, bytes, sizeof(Header) + whole * record_bytes_)) {
        fail("cannot write the feature cache", path_);
    }
}

}  // namespace kaziranga::training
