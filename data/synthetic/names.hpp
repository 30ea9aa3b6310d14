#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaziranga::data::synthetic {

/// Maximum number of species in one park.
inline constexpr int64_t kMaxSpecies = 4000;

/// Returns class names of the first `count` species of a park: lower case, words joined by underscores, unique across
/// both parks. A name describes its animal ("rufous_marsh_deer"). If another species has this name, a word for a
/// marking or a made-up place is added. A longer list begins with the names of a shorter one.
std::vector<std::string> species_names(const std::string& park, int64_t count, double shift, uint64_t seed);

}  // namespace kaziranga::data::synthetic
