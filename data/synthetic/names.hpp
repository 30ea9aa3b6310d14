#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaziranga::data::synthetic {

/// The most species that one park may have.
inline constexpr int64_t kMaxSpecies = 4000;

/// Class names of the first `count` species of a park: lower case, words joined by underscores, unique across both
/// parks. A name describes its animal ("rufous_marsh_deer"); where another species has it already, a word for a
/// marking or a made-up place comes before it. A longer list begins with the shorter one.
std::vector<std::string> species_names(const std::string& park, int64_t count, double shift, uint64_t seed);

}  // namespace kaziranga::data::synthetic
