#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace kaziranga::data {

/// True for the extension .json.
bool is_json_name(const std::filesystem::path& file);

/// @throws core::Error when the file cannot be read or is not JSON
nlohmann::json read_json(const std::filesystem::path& file);

/// The text or number under a key; empty if there is none, or null.
std::string text_in(const nlohmann::json& json, const char* key);

/// True if a file is called .json and its text has all of these keys, at any depth.
bool is_json_with(const std::filesystem::path& file, const std::vector<std::string>& keys);

}  // namespace kaziranga::data
