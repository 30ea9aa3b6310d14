#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>

namespace kaziranga::core {

/// Writes a file atomically: it appears complete or not at all. The data go to a temporary file in the same folder.
/// commit() syncs, closes and renames it, and syncs the folder. Every step is checked for errors. Without commit() the
/// temporary file is removed.
/// @throws core::Error naming the file when the folder is missing or not writable, or the disk is full
class AtomicFile {
  public:
    explicit AtomicFile(std::filesystem::path destination);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* bytes, size_t size);
    void write(std::string_view text) { write(text.data(), text.size()); }
    void commit();

  private:
    void fail(const char* what);

    std::filesystem::path destination_;
    std::filesystem::path temporary_;
    int descriptor_ = -1;
};

/// True if the name is that of a temporary file of AtomicFile. A killed program leaves such files behind.
bool is_partial_file(const std::filesystem::path& path);

/// Removes partial files directly in a folder, and ignores errors. No other process may write into the folder.
void remove_partial_files(const std::filesystem::path& folder);

/// True if the path does not exist, or is a folder that contains nothing except partial files.
bool is_vacant(const std::filesystem::path& folder);

/// Writes a whole file through AtomicFile.
void write_file(const std::filesystem::path& path, std::string_view text);

/// @return the bytes of a regular file
/// @throws core::Error when it cannot be read, is not a regular file, or is longer than `max_bytes`
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes = uint64_t{1} << 32);

/// The first bytes of a file, mapped into memory: a page is read when it is first accessed. Empty if nothing is mapped.
class MappedFile {
  public:
    MappedFile() = default;
    /// @param descriptor  of an open file; may be closed afterwards     @param size  bytes, at most the file's size
    /// @param path        for the message     @throws core::Error when mapping fails
    MappedFile(int descriptor, size_t size, const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept { swap(other); }
    MappedFile& operator=(MappedFile&& other) noexcept {
        swap(other);
        return *this;
    }

    std::string_view bytes() const { return {start_, size_}; }

  private:
    void swap(MappedFile& other) noexcept {
        std::swap(start_, other.start_);
        std::swap(size_, other.size_);
    }

    const char* start_ = nullptr;
    size_t size_ = 0;
};

/// Maps a whole regular file: for files that are only partly read or that may have the wrong content.
/// @throws core::Error as read_file does
MappedFile map_file(const std::filesystem::path& path, uint64_t max_bytes = uint64_t{1} << 32);

/// Removes the bits of the user's umask from `asked`. Used for files and folders that mkstemp and mkdtemp create, which
/// only their owner may access.
mode_t permitted(mode_t asked);

/// Creates a folder and its parents. @throws core::Error when that fails
void make_folders(const std::filesystem::path& folder);

/// Checks that files can be created in a folder, or that the folder can be created if it is missing. Creates nothing.
/// @throws core::Error naming the folder that is not writable
void require_writable(const std::filesystem::path& folder);

/// Syncs a folder, so that a rename inside it survives a power failure.
void sync_folder(const std::filesystem::path& folder);

}  // namespace kaziranga::core
