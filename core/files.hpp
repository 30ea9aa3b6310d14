#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <sys/types.h>

namespace kaziranga::core {

/// A file that appears whole or not at all: written beside its destination under a temporary name, every write and
/// the close checked, synced, then renamed, and its folder synced. Without commit() nothing stays behind.
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

/// True for the name of a temporary file of AtomicFile, which a killed program leaves behind.
bool is_partial_file(const std::filesystem::path& path);

/// Removes those directly in a folder; what cannot be removed stays. For a folder that nobody else writes into.
void remove_partial_files(const std::filesystem::path& folder);

/// True where there is nothing, or a folder with at most partial files in it.
bool is_vacant(const std::filesystem::path& folder);

/// Writes a whole file through AtomicFile.
void write_file(const std::filesystem::path& path, std::string_view text);

/// @return the bytes of a regular file
/// @throws core::Error when it cannot be read, is no regular file, or is longer than `max_bytes`
std::string read_file(const std::filesystem::path& path, uint64_t max_bytes = uint64_t{1} << 32);

/// The first bytes of a file as memory, read as they are touched. Empty where nothing is mapped.
class MappedFile {
  public:
    MappedFile() = default;
    /// @param descriptor  an open file's, which may be closed afterwards     @param size  bytes, no more than it has
    /// @param path        for the message     @throws core::Error when that fails
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

/// A regular file as memory, whole: for files of which little may be needed, or which may not be what they should.
/// @throws core::Error as read_file does
MappedFile map_file(const std::filesystem::path& path, uint64_t max_bytes = uint64_t{1} << 32);

/// The permissions of a new file or folder, of those asked for, that the user's mask leaves. For what mkstemp and
/// mkdtemp make, which are their user's alone.
mode_t permitted(mode_t asked);

/// Makes a folder and its parents. @throws core::Error when that fails
void make_folders(const std::filesystem::path& folder);

/// Whether files can be made in a folder, or the folder itself where it is missing; makes nothing.
/// @throws core::Error saying where they cannot
void require_writable(const std::filesystem::path& folder);

/// Syncs a folder, so that a rename inside it outlives a power cut.
void sync_folder(const std::filesystem::path& folder);

}  // namespace kaziranga::core
