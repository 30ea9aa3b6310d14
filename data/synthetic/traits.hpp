#pragma once

#include "data/synthetic/anatomy.hpp"

#include <cstdint>
#include <string_view>

namespace kaziranga::data::synthetic {

/// A pure function of its arguments. Four consecutive species form a genus: they have the same body, colours and
/// habitats, except for a few traits that differ by steps.
/// @param park   "olympic" or "kaziranga"; the two have no species in common
/// @param shift  in [0, 1], distance of Kaziranga's distribution of species and scenes from Olympic's; no effect on
///               Olympic
SpeciesTraits species_traits(std::string_view park, int64_t species, double shift, uint64_t seed);

/// Returns the counter of a park in random streams.
uint64_t park_number(std::string_view park);

}  // namespace kaziranga::data::synthetic
