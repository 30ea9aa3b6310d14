#pragma once

#include "models/weights/pickle.hpp"
#include "models/weights/stored.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::models {

/// The bytes of a storage: exactly its length times its element size.
using StorageBytes = std::function<std::string_view(const pickle::Storage& storage, const std::string& key)>;

/// All dicts of tensors in a pickle that can be reached by text keys and list positions, from the top down. Entries
/// that are not tensors are skipped.
/// @param file_size  limits the memory of all tensors together, because views of one storage can repeat it:
///                   256 MB plus eight times the file
/// @throws core::Error when there is none, or more than kMostTensors tensors
std::vector<StoredDict> find_weights(std::shared_ptr<const pickle::Document> document, StorageBytes storage_bytes,
                                     const std::string& where, size_t file_size);

}  // namespace kaziranga::models
