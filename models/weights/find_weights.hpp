#pragma once

#include "models/weights/pickle.hpp"
#include "models/weights/state_dict.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kaziranga::models {

/// The bytes of a storage: exactly its length times its element size.
using StorageBytes = std::function<std::string_view(const pickle::Storage& storage, const std::string& key)>;

/// The tensors of the dict at the root of a pickle, or of the one under `state_dict`, `model`, `model_state` or
/// `model_state_dict`. Entries that are no tensors are passed over.
/// @param file_size  bounds the memory that views of shared storage may take: 256 MB and eight times the file
/// @return contiguous tensors that own their memory, in the order of the dict
/// @throws core::Error when there is no such dict, or more than one
StateDict find_weights(const pickle::Document& document, const StorageBytes& storage_bytes, const std::string& where,
                       size_t file_size);

}  // namespace kaziranga::models
