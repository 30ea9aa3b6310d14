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

/// All dicts of tensors in a pickle that texts and places in lists lead to, from the top down. Entries that are no
/// tensors are passed over.
/// @param file_size  bounds the memory that all tensors together may take, as views of one storage can repeat it:
///                   256 MB and eight times the file
/// @throws core::Error when there is none, or more than kMostTensors tensors
std::vector<StoredDict> find_weights(std::shared_ptr<const pickle::Document> document, StorageBytes storage_bytes,
                                     const std::string& where, size_t file_size);

}  // namespace kaziranga::models
