#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace kaziranga::models {

/// The entries of a zip archive as torch.save writes it: stored without compression, zip64 records, local headers whose
/// sizes are only in the directory. Before any content is returned, every local header is checked, and that no two
/// entries share a byte.
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5
class ZipArchive {
  public:
    /// @param bytes  must outlive the archive
    /// @throws core::Error for malformed data, and for an entry that is encrypted or named twice
    ZipArchive(std::string_view bytes, std::string where);

    bool contains(const std::string& name) const { return entries_.contains(name); }

    /// @throws core::Error when there is no such entry, it is compressed, or its checksum is wrong
    std::string_view read(const std::string& name) const;

    struct Entry {
        uint64_t local_header = 0;  ///< offset in the file
        uint64_t packed = 0;        ///< bytes in the file
        uint64_t size = 0;
        uint32_t checksum = 0;  ///< zero: not computed by the writer
        bool compressed = false;
        std::string_view content = {};
    };
    const std::map<std::string, Entry>& entries() const { return entries_; }

  private:
    struct Directory;

    [[noreturn]] void fail(const std::string& what, const std::string& expected = {},
                           const std::string& found = {}) const;
    Directory find_directory() const;
    void read_directory(const Directory& directory);
    void locate(const std::string& name, Entry& entry, uint64_t end) const;

    std::string_view bytes_;
    std::string where_;
    std::map<std::string, Entry> entries_;
};

}  // namespace kaziranga::models
