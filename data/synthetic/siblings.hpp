#pragma once

#include "data/synthetic/anatomy.hpp"
#include "data/synthetic/chance.hpp"

namespace kaziranga::data::synthetic {

/// Species in a genus.
inline constexpr int kSiblings = 4;

/// Turns a genus's traits into those of one of its species: in a few traits that show on such an animal, drawn for the
/// genus, every sibling stands on a rung of its own.
/// @param sibling  in [0, kSiblings)
/// @param genus    the genus's draws, the same for all siblings
void set_apart(SpeciesTraits& traits, int sibling, Chance& genus);

/// Whether animals of this plan come in bright colours as well as in fur's.
bool is_vivid(Plan plan);

}  // namespace kaziranga::data::synthetic
