#pragma once

#include "data/synthetic/anatomy.hpp"

#include <cstdint>
#include <string_view>

namespace kaziranga::data::synthetic {

/// A pure function of its arguments. Four neighbouring species make a genus: the same body, colours and habitats but
/// for a few traits that step from one sibling to the next.
/// @param park   "olympic" or "kaziranga"; the two have no species in common
/// @param shift  in [0, 1], how far Kaziranga's distribution of species and scenes lies from Olympic's; without effect
///               on Olympic
SpeciesTraits species_traits(std::string_view park, int64_t species, double shift, uint64_t seed);

/// The number that stands for a park in random streams.
uint64_t park_number(std::string_view park);

}  // namespace kaziranga::data::synthetic
