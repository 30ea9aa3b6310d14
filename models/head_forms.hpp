#pragma once

#include "models/heads.hpp"

#include <cstdint>
#include <memory>

#include <nlohmann/json_fwd.hpp>

/// The one table of output layers: how each is built, how large it is, and which of its sizes files say.
namespace kaziranga::models {

/// @throws core::Error for sizes that cannot be
std::shared_ptr<Head> make_head(const HeadSpec& spec);

/// How many numbers make_head makes room for, single ones aside; of sizes from a file that is not trusted.
int64_t head_elements(const HeadSpec& spec);

/// A head with weights of its own, equal to those of `head`, whose tensors `spec` must have too.
std::shared_ptr<Head> copy_head(const Head& head, const HeadSpec& spec);

/// How files say what an output layer is: the sizes that its form has.
nlohmann::ordered_json head_spec_json(const HeadSpec& spec);

/// @throws std::exception when fields are missing, of another type or out of range
HeadSpec head_spec_from(const nlohmann::ordered_json& json);

}  // namespace kaziranga::models
