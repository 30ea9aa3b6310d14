#pragma once

#include "models/weights/stored.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::models {

/// What torch.save writes since version 1.6: a zip archive of a pickle and one entry a storage.
/// @param bytes  outlive what is returned; those of a tensor are looked at, and their checksum verified, when it is
/// read
/// @throws core::Error as read_weights does; TorchScript archives are refused by that name
std::vector<StoredDict> parse_zip_pth(std::string_view bytes, const std::string& where);

/// Whether a file begins as torch.save wrote before version 1.6, and writes on request: pickles one after the other.
bool is_legacy_pth(std::string_view bytes);

/// Reads that layout: a magic number, a version, facts on the machine, the object, the keys of the storages, and then
/// for each key a count and that many elements.
std::vector<StoredDict> parse_legacy_pth(std::string_view bytes, const std::string& where);

}  // namespace kaziranga::models
