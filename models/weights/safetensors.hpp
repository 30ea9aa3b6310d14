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

/// Its tensors by the same rules, not copied yet; a file of write_sealed is checked whole first.
/// @param bytes  outlive what is returned
StoredDict stored_safetensors(std::string_view bytes, const std::string& where);

/// Reads a file of write_sealed.
/// @throws core::Error where it is damaged: where anything in it differs from what was written, or no seal is there
SafeTensors read_sealed(const std::filesystem::path& path);

/// Throws as read_sealed does, unless the file has no seal at all. @return whether it has one
bool check_seal(const SafeTensors& file, const std::filesystem::path& path);

/// Writes the file with a checksum of all that it holds, names, shapes and notes included, as a note of its own
/// (`kaziranga.seal`), for files that this program reads again and goes by.
void write_sealed(const std::filesystem::path& path, const StateDict& tensors, Metadata metadata);

/// Writes atomically; tensors in the given order, header padded to 8 bytes, the bytes a pure function of the content.
void write_safetensors(const std::filesystem::path& path, const StateDict& tensors, const Metadata& metadata);

}  // namespace kaziranga::models
