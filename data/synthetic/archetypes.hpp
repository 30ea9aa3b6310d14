#pragma once

#include "data/synthetic/anatomy.hpp"

#include <span>
#include <string_view>

namespace kaziranga::data::synthetic {

/// A kind of animal within a body plan. The traits of a genus start from it.
struct Archetype {
    std::string_view noun;
    Plan plan;
    Horn horn = Horn::kNone;
    Proportions proportions;
};

std::span<const Archetype> archetypes();

/// Returns the direction from which animals of this plan are seen.
View view_of(Plan plan);

}  // namespace kaziranga::data::synthetic
