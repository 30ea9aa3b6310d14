#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models {

using Metadata = std::map<std::string, std::string>;

/// The header's entry of one tensor; `begin` and `end` are byte offsets in the data section.
struct SafeEntry {
    std::string name;
    torch::ScalarType type = torch::kFloat;
    std::vector<int64_t> shape = {};
    uint64_t begin = 0;
    uint64_t end = 0;
};

struct SafeHeader {
    std::vector<SafeEntry> entries;  ///< as listed
    Metadata metadata;
};

/// Reads only the JSON header, and does not check that the offsets fit the data.
/// @throws core::Error for unknown, missing, repeated or mistyped fields
SafeHeader parse_safetensors_header(std::string_view json, const std::string& where);

/// The format's name of a dtype ("BF16"). @throws c10::Error for a dtype that cannot be stored
std::string safetensors_type(torch::ScalarType type);

}  // namespace kaziranga::models
