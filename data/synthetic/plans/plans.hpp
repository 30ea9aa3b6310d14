#pragma once

#include "data/synthetic/anatomy.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/figure.hpp"

namespace kaziranga::data::synthetic {

/// Builds the body of one animal in its own pose.
/// @param traits  of this individual: the species' traits with individual deviations
Figure build_figure(const SpeciesTraits& traits, Chance& pose);

Figure build_quadruped(const SpeciesTraits& traits, Chance& pose);
Figure build_bird(const SpeciesTraits& traits, Chance& pose);
Figure build_fish(const SpeciesTraits& traits, Chance& pose);
Figure build_snake(const SpeciesTraits& traits, Chance& pose);
Figure build_lizard(const SpeciesTraits& traits, Chance& pose);
Figure build_turtle(const SpeciesTraits& traits, Chance& pose);
Figure build_beetle(const SpeciesTraits& traits, Chance& pose);
Figure build_butterfly(const SpeciesTraits& traits, Chance& pose);

}  // namespace kaziranga::data::synthetic
