#pragma once

#include "data/synthetic/color.hpp"
#include "data/synthetic/domain.hpp"
#include "data/synthetic/habitats.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaziranga::data::synthetic {

enum class Plan { kQuadruped, kBird, kFish, kSnake, kLizard, kTurtle, kBeetle, kButterfly };
inline constexpr size_t kPlans = 8;

enum class Horn { kNone, kSpike, kBack, kLyre, kAntler, kNose, kTusk };

enum class Pattern { kPlain, kStripes, kLines, kSpots, kRosettes, kPatches, kBands, kGradient };
inline constexpr size_t kPatterns = 8;

/// Lengths in body lengths, angles in degrees. Each body plan uses only some of the members.
struct Proportions {
    float leg = 0;        ///< length, ground to hip
    float leg_width = 0;  ///< radius at the knee
    float depth = 0;      ///< height of the trunk; for animals seen from above, its width
    float neck = 0;
    float neck_angle = 0;  ///< above the horizontal
    float head = 0;        ///< radius of the skull
    float snout = 0;       ///< length of snout or beak
    float hook = 0;        ///< how far the tip of the beak bends down; curvature of horns
    float tail = 0;
    float tail_width = 0;
    float ear = 0;
    float horn = 0;
    float crest = 0;  ///< mane, crest or casque
    float fin = 0;    ///< height of fins; length of antennae; size of hind wings
    float fork = 0;   ///< depth of the tail fin's notch; length of a hind wing's tail
    float hump = 0;
    float pitch = 0;  ///< angle of the trunk above the horizontal
};

struct Coat {
    Pattern pattern = Pattern::kPlain;
    float frequency = 6;  ///< features of the pattern per body length
    float duty = 0.5F;    ///< fraction of the coat that has the mark's colour
    float wobble = 0.3F;  ///< how irregular the pattern is
    float slant = 0;      ///< slope of stripes
    Color base;
    Color mark;
    Color belly;
    Color limb;  ///< colour of legs and fins
    Color horn;  ///< colour of horns, beak, claws and antennae
    Color eye;
    float countershade = 0.5F;  ///< how far up the belly's colour reaches, 0 to 1
    float socks = 0;            ///< fraction of the leg in the limb's colour
    float mask = 0;             ///< strength of a dark face
    float tail_tip = 0;         ///< strength of a dark tail tip
    float gloss = 0.1F;
    float fleck = 0.5F;  ///< strength of fine spots
};

/// Traits that all animals of one species share.
struct SpeciesTraits {
    std::string park;
    int64_t species = 0;
    uint64_t seed = 0;
    Plan plan = Plan::kQuadruped;
    size_t archetype = 0;  ///< index into archetypes()
    Horn horn = Horn::kNone;
    Proportions proportions;
    Coat coat;
    std::array<float, kHabitats> habitats{};  ///< relative frequency in each habitat
    Domain domain;
    std::string_view color_word;
    std::string_view mark_word;
    Habitat home = Habitat::kSavanna;
};

}  // namespace kaziranga::data::synthetic
