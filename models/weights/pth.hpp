#pragma once

#include "models/weights/stored.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::models {

/// Reads the format of torch.save since version 1.6: a zip archive of a pickle and one entry per storage.
/// @param bytes  must outlive the result; the bytes and the checksum of a tensor are checked when it is read
/// @throws core::Error as read_weights does; TorchScript archives are rejected with that name
std::vector<StoredDict> parse_zip_pth(std::string_view bytes, const std::string& where);

/// True if a file begins like those that torch.save wrote before version 1.6, and writes on request: pickles in
/// sequence.
bool is_legacy_pth(std::string_view bytes);

/// Reads that layout: a magic number, a version, facts about the machine, the object, the keys of the storages, and
/// then for each key a count and that many elements.
std::vector<StoredDict> parse_legacy_pth(std::string_view bytes, const std::string& where);

}  // namespace kaziranga::models
