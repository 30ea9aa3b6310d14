#pragma once

#include <nlohmann/json_fwd.hpp>

#include "models/heads.hpp"

namespace kaziranga::training {

/// How files say what an output layer is: the fields that its kind has.
nlohmann::ordered_json head_spec_json(const models::HeadSpec& spec);

/// @throws std::exception when fields are missing, of another type or out of range
models::HeadSpec head_spec_from(const nlohmann::ordered_json& json);

}  // namespace kaziranga::training
