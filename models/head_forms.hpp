#pragma once

#include "models/heads.hpp"

#include <cstdint>
#include <memory>

#include <nlohmann/json_fwd.hpp>

/// The only table of output layers: how to build each one, its size, and the sizes that files contain.
namespace kaziranga::models {

/// @throws core::Error for impossible sizes
std::shared_ptr<Head> make_head(const HeadSpec& spec);

/// Number of elements that make_head allocates, except scalars. The sizes may come from an untrusted file.
int64_t head_elements(const HeadSpec& spec);

/// A head of this spec with its own copy of the weights of `head`, which must have the same tensors.
std::shared_ptr<Head> copy_head(const Head& head, const HeadSpec& spec);

/// The description of an output layer in files, with the sizes of its form.
nlohmann::ordered_json head_spec_json(const HeadSpec& spec);

/// @throws std::exception when fields are missing, of another type or out of range
HeadSpec head_spec_from(const nlohmann::ordered_json& json);

}  // namespace kaziranga::models
