#pragma once

#include "models/weights/safetensors_header.hpp"
#include "models/weights/state_dict.hpp"
#include "models/weights/stored.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace kaziranga::models {

struct SafeTensors {
    StateDict tensors;  ///< in the order of their bytes in the file
    Metadata metadata;
};

/// Reads a .safetensors file by the format's own rules: 8-byte header length (at most 32 MB here), JSON object
/// without duplicate names, at most kMostTensors of them, offsets that cover the data without holes or overlaps, sizes
/// that equal shape times dtype.
/// @throws core::Error naming the rule that is broken
SafeTensors read_safetensors(const std::filesystem::path& path);
SafeTensors parse_safetensors(std::string_view bytes, const std::string& where);

/// Reads the tensors by the same rules but does not copy them yet; a file of write_sealed is checked completely first.
/// @param bytes  must outlive the result
StoredDict stored_safetensors(std::string_view bytes, const std::string& where);

/// Reads a file that write_sealed wrote.
/// @throws core::Error when it is damaged: anything in it differs from what was written, or it has no seal
SafeTensors read_sealed(const std::filesystem::path& path);

/// Throws as read_sealed does, unless the file has no seal at all. @return true if it has one
bool check_seal(const SafeTensors& file, const std::filesystem::path& path);

/// Writes the file with a checksum of its whole content (names, shapes and notes too) as its own note
/// (`kaziranga.seal`). This is for files that this program reads again and relies on.
void write_sealed(const std::filesystem::path& path, const StateDict& tensors, Metadata metadata);

/// Writes atomically: tensors in the given order, header padded to 8 bytes. The bytes depend only on the content.
void write_safetensors(const std::filesystem::path& path, const StateDict& tensors, const Metadata& metadata);

}  // namespace kaziranga::models
