#include "models/weights/zip.hpp"

#include "core/error.hpp"
#include "core/utf8.hpp"
#include "models/weights/byte_reader.hpp"
#include "models/weights/stored.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

namespace kaziranga::models {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50;
constexpr uint32_t kDirectoryEntry = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50;
constexpr uint32_t kEnd64 = 0x06064b50;
constexpr uint32_t kEnd64Locator = 0x07064b50;
constexpr uint64_t kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20, kDirectoryEntrySize = 46;
constexpr uint32_t kFull16 = 0xffff, kFull32 = 0xffffffff;  ///< "see the zip64 record"
/// One entry per tensor, the pickle, and a few notes of the writer.
constexpr uint64_t kMostEntries = kMostTensors + 100;
constexpr uint16_t kEncrypted = 1, kSizesFollowData = 8, kZip64Extra = 1;

/// The standard CRC-32, computed by zlib.
uint32_t checksum_of(std::string_view bytes) {
    return static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

/// Replaces the numbers that do not fit into 32 bits by those of the zip64 extra field, which are in the order of
/// `wide`.
template <typename Reader>
void widen(Reader extra, const std::vector<uint64_t*>& wide) {
    while (extra.left() > 0) {
        // torch.save aligns the data with an extra field; its length is used to skip it.
        const auto id = extra.template number<uint16_t>();
        const auto length = extra.template number<uint16_t>();
        Reader field = extra;
        extra.take(length);
        if (id != kZip64Extra) continue;
        for (uint64_t* value : wide) {
            if (*value == kFull32) *value = field.template number<uint64_t>();
        }
        if (field.position() > extra.position()) extra.take(extra.left() + 1);
        return;
    }
}

}  // namespace

struct ZipArchive::Directory {
    uint64_t entries = 0;
    uint64_t size = 0;
    uint64_t offset = 0;
};

ZipArchive::ZipArchive(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {
    const Directory directory = find_directory();
    read_directory(directory);

    std::vector<std::pair<const std::string*, Entry*>> by_offset;
    for (auto& [name, entry] : entries_) by_offset.emplace_back(&name, &entry);
    std::sort(by_offset.begin(), by_offset.end(),
              [](const auto& a, const auto& b) { return a.second->local_header < b.second->local_header; });
    for (size_t i = 0; i < by_offset.size(); ++i) {
        const bool last = i + 1 == by_offset.size();
        locate(*by_offset[i].first, *by_offset[i].second,
               last ? directory.offset : by_offset[i + 1].second->local_header);
    }
}

void ZipArchive::fail(const std::string& what, const std::string& expected, const std::string& found) const {
    throw core::Error(
        {.what = what,
         .where = where_,
         .expected = expected,
         .found = found,
         .remedy = "the file is incomplete or damaged, or no output of torch.save: download or save it again"});
}

ZipArchive::Directory ZipArchive::find_directory() const {
    const auto incomplete = [this](auto...) {
        fail("the zip archive has no directory at its end, as when a download or a copy stopped before it",
             "the end of a directory in the last 22 bytes",
             std::to_string(bytes_.size()) + " bytes that end otherwise");
    };
    if (bytes_.size() < kEndSize) incomplete();
    // torch.save writes no comment after this record. A record at a variable position could be read in two ways.
    const uint64_t end_at = bytes_.size() - kEndSize;
    ByteReader end(bytes_.substr(end_at), incomplete);
    if (end.number<uint32_t>() != kEnd) incomplete();
    if (end.number<uint16_t>() != 0 || end.number<uint16_t>() != 0) fail("the zip archive is split over several files");
    const auto entries_here = end.number<uint16_t>();
    Directory directory{.entries = end.number<uint16_t>()};
    directory.size = end.number<uint32_t>();
    directory.offset = end.number<uint32_t>();
    if (entries_here != directory.entries || end.number<uint16_t>() != 0) fail("the zip archive's end is malformed");

    uint64_t directory_end = end_at;
    if (end_at >= kLocatorSize + kEnd64Size) {
        ByteReader locator(bytes_.substr(end_at - kLocatorSize), incomplete);
        if (locator.number<uint32_t>() == kEnd64Locator) {
            locator.take(4);
            directory_end = locator.number<uint64_t>();
            if (directory_end != end_at - kLocatorSize - kEnd64Size) fail("the zip64 directory is out of place");
            ByteReader wide(bytes_.substr(directory_end, kEnd64Size), incomplete);
            if (wide.number<uint32_t>() != kEnd64) fail("the zip64 directory is malformed");
            wide.take(28);
            const auto agree = [&](uint64_t& narrow, uint64_t full) {
                const uint64_t value = wide.number<uint64_t>();
                if (narrow != full && narrow != value)
                    fail("the two directories of the zip archive contradict each other");
                narrow = value;
            };
            agree(directory.entries, kFull16);
            agree(directory.size, kFull32);
            agree(directory.offset, kFull32);
        }
    }
    if (directory.offset > directory_end || directory_end - directory.offset != directory.size) {
        fail("the zip archive's directory reaches out of its place");
    }
    return directory;
}

void ZipArchive::read_directory(const Directory& directory) {
    const auto malformed = [this](auto...) { fail("the zip archive's directory is malformed"); };
    ByteReader reader(bytes_.substr(directory.offset, directory.size), malformed);
    if (directory.entries > directory.size / kDirectoryEntrySize) malformed();
    if (directory.entries > kMostEntries) {
        fail("the zip archive has too many entries", "at most " + std::to_string(kMostEntries),
             std::to_string(directory.entries));
    }
    for (uint64_t i = 0; i < directory.entries; ++i) {
        if (reader.number<uint32_t>() != kDirectoryEntry) malformed();
        reader.take(4);
        const auto flags = reader.number<uint16_t>();
        const auto method = reader.number<uint16_t>();
        reader.take(4);
        Entry entry{.checksum = reader.number<uint32_t>(), .compressed = method != 0};
        entry.packed = reader.number<uint32_t>();
        entry.size = reader.number<uint32_t>();
        const auto name_length = reader.number<uint16_t>();
        const auto extra_length = reader.number<uint16_t>();
        const auto comment_length = reader.number<uint16_t>();
        reader.take(8);
        entry.local_header = reader.number<uint32_t>();
        const std::string name(reader.take(name_length));
        if (!core::is_utf8(name)) malformed();
        widen(ByteReader(reader.take(extra_length), malformed), {&entry.size, &entry.packed, &entry.local_header});
        reader.take(comment_length);
        if ((flags & kEncrypted) != 0) fail("entry '" + name + "' of the zip archive is encrypted");
        if (entry.local_header > directory.offset) malformed();
        if (!entry.compressed && entry.packed != entry.size) malformed();
        if (!entries_.emplace(name, entry).second) fail("the zip archive has two entries named '" + name + "'");
    }
    if (reader.left() != 0) malformed();
}

/// Finds the content after the local header, which must agree with the directory and end before `end`.
void ZipArchive::locate(const std::string& name, Entry& entry, uint64_t end) const {
    const auto malformed = [&](auto...) {
        fail("entry '" + name + "' of the zip archive is malformed or overlaps another");
    };
    ByteReader reader(bytes_.substr(entry.local_header, end - entry.local_header), malformed);
    if (reader.number<uint32_t>() != kLocalHeader) malformed();
    reader.take(2);
    const auto flags = reader.number<uint16_t>();
    const auto method = reader.number<uint16_t>();
    reader.take(4);
    const auto checksum = reader.number<uint32_t>();
    uint64_t packed = reader.number<uint32_t>();
    uint64_t size = reader.number<uint32_t>();
    const auto name_length = reader.number<uint16_t>();
    const auto extra_length = reader.number<uint16_t>();
    if (reader.take(name_length) != name || (method != 0) != entry.compressed || (flags & kEncrypted) != 0) malformed();
    const std::string_view extra = reader.take(extra_length);
    if ((flags & kSizesFollowData) == 0) {
        widen(ByteReader(extra, malformed), {&size, &packed});
        if (size != entry.size || packed != entry.packed || checksum != entry.checksum) malformed();
    }
    entry.content = reader.take(entry.packed);
}

std::string_view ZipArchive::read(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) fail("the archive lacks the entry '" + name + "'");
    const Entry& entry = found->second;
    if (entry.compressed) fail("entry '" + name + "' of the zip archive is compressed, which torch.save never does");
    // Each entry is read once: it is verified here, and its bytes are copied next, while they are in the caches.
    // torch.serialization.set_crc32_options(False) leaves every checksum at zero.
    if (entry.checksum == 0) return entry.content;
    if (const uint32_t checksum = checksum_of(entry.content); checksum != entry.checksum) {
        fail("the content of '" + name + "' does not match its checksum", fmt::format("CRC-32 {:08x}", entry.checksum),
             fmt::format("{:08x} of {} bytes", checksum, entry.content.size()));
    }
    return entry.content;
}

}  // namespace kaziranga::models
