#pragma once

#include "data/synthetic/anatomy.hpp"
#include "data/synthetic/chance.hpp"

namespace kaziranga::data::synthetic {

/// Number of species in a genus.
inline constexpr int kSiblings = 4;

/// Changes the traits of a genus to those of one of its species. For a few visible traits, which are drawn for the
/// genus, every sibling gets a different level.
/// @param sibling  in [0, kSiblings)
/// @param genus    draws of the genus, the same for all siblings
void set_apart(SpeciesTraits& traits, int sibling, Chance& genus);

/// True if animals of this plan may have bright colours, not only those of fur.
bool is_vivid(Plan plan);

}  // namespace kaziranga::data::synthetic
