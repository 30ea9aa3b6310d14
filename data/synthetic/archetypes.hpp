#pragma once

#include "data/synthetic/anatomy.hpp"

#include <span>
#include <string_view>

namespace kaziranga::data::synthetic {

/// A kind of animal within a body plan: what a genus starts from.
struct Archetype {
    std::string_view noun;
    Plan plan;
    Horn horn = Horn::kNone;
    Proportions proportions;
};

std::span<const Archetype> archetypes();

/// From where its animals are seen.
View view_of(Plan plan);

}  // namespace kaziranga::data::synthetic
