#include "data/synthetic/siblings.hpp"

#include <algorithm>
#include <vector>

namespace kaziranga::data::synthetic {
namespace {

struct Difference {
    bool (*shows)(const SpeciesTraits&);
    void (*differ)(SpeciesTraits&, float step);
};

bool always(const SpeciesTraits&) {
    return true;
}
bool is_marked(const SpeciesTraits& t) {
    return t.coat.pattern != Pattern::kPlain && t.plan != Plan::kTurtle;
}
bool is_repeating(const SpeciesTraits& t) {
    return is_marked(t) && t.coat.pattern != Pattern::kGradient;
}
/// The shields of a turtle always count as a pattern.
bool has_grain(const SpeciesTraits& t) {
    return is_repeating(t) || t.plan == Plan::kTurtle;
}
bool is_striped(const SpeciesTraits& t) {
    return is_marked(t) && (t.coat.pattern == Pattern::kStripes || t.coat.pattern == Pattern::kBands);
}
bool has_face(const SpeciesTraits& t) {
    return t.plan == Plan::kQuadruped || t.plan == Plan::kBird || t.plan == Plan::kLizard || t.plan == Plan::kButterfly;
}
bool has_legs(const SpeciesTraits& t) {
    return t.proportions.leg > 0.15F;
}
bool has_coat(const SpeciesTraits& t) {
    return t.plan != Plan::kTurtle && t.plan != Plan::kBeetle && t.plan != Plan::kButterfly;
}
bool has_snout(const SpeciesTraits& t) {
    return t.plan == Plan::kQuadruped || t.plan == Plan::kBird;
}
bool has_horns(const SpeciesTraits& t) {
    return t.proportions.horn > 0.15F;
}
bool has_fins(const SpeciesTraits& t) {
    return t.plan == Plan::kFish;
}
bool shows_limbs(const SpeciesTraits& t) {
    return t.plan != Plan::kSnake && t.plan != Plan::kBird;
}

float bounded(float x, float low, float high) {
    return std::min(std::max(x, low), high);
}

/// Changes of traits. A step of about 1 is just visible.
constexpr Difference kDifferences[] = {
    {has_grain, [](SpeciesTraits& t, float s) { t.coat.frequency *= std::exp(0.34F * s); }},
    {is_repeating, [](SpeciesTraits& t, float s) { t.coat.duty = bounded(t.coat.duty + 0.12F * s, 0.15F, 0.8F); }},
    {is_striped, [](SpeciesTraits& t, float s) { t.coat.slant += 0.6F * s; }},
    {is_marked,
     [](SpeciesTraits& t, float s) { t.coat.mark = turned(clamped(t.coat.mark * (1 + 0.2F * s)), 20 * s, 1); }},
    {always,
     [](SpeciesTraits& t, float s) {
         t.coat.base = turned(t.coat.base, (is_vivid(t.plan) ? 13.0F : 6.0F) * s, 1.0F + 0.12F * s);
     }},
    {always, [](SpeciesTraits& t, float s) { t.coat.base = clamped(t.coat.base * (1.0F + 0.17F * s)); }},
    {shows_limbs,
     [](SpeciesTraits& t, float s) { t.coat.limb = turned(clamped(t.coat.limb * (1 + 0.2F * s)), 24 * s, 1); }},
    {has_coat,
     [](SpeciesTraits& t, float s) { t.coat.countershade = bounded(t.coat.countershade + 0.25F * s, 0.0F, 1.0F); }},
    {has_legs, [](SpeciesTraits& t, float s) { t.coat.socks = bounded(0.5F + 0.33F * s, 0.0F, 1.0F); }},
    {has_face, [](SpeciesTraits& t, float s) { t.coat.mask = bounded(0.5F + 0.4F * s, 0.0F, 1.0F); }},
    {has_snout, [](SpeciesTraits& t, float s) { t.proportions.snout *= std::exp(0.25F * s); }},
    {has_snout, [](SpeciesTraits& t, float s) { t.proportions.tail *= std::exp(0.25F * s); }},
    {has_horns, [](SpeciesTraits& t, float s) { t.proportions.horn *= std::exp(0.3F * s); }},
    {has_legs, [](SpeciesTraits& t, float s) { t.proportions.leg *= std::exp(0.12F * s); }},
    {has_fins, [](SpeciesTraits& t, float s) { t.proportions.fin *= std::exp(0.25F * s); }},
    {always, [](SpeciesTraits& t, float s) { t.proportions.depth *= std::exp(0.1F * s); }},
};

}  // namespace

bool is_vivid(Plan plan) {
    return plan == Plan::kBird || plan == Plan::kFish || plan == Plan::kBeetle || plan == Plan::kButterfly ||
           plan == Plan::kLizard || plan == Plan::kSnake;
}

void set_apart(SpeciesTraits& traits, int sibling, Chance& genus) {
    // Selects the visible traits before any change. Otherwise siblings would draw from different lists.
    std::vector<const Difference*> visible;
    for (const Difference& difference : kDifferences) {
        if (difference.shows(traits)) visible.push_back(&difference);
    }
    constexpr int kTraits = 4;
    for (int i = 0; i < kTraits; ++i) {
        const auto drawn = static_cast<size_t>(genus.between(0, 1) * static_cast<float>(visible.size()));
        const Difference* difference = visible[std::min(drawn, visible.size() - 1)];
        const float size = genus.between(0.6F, 1.2F);
        const int turn = genus.below(kSiblings);
        const int stride = genus.happens(0.5F) ? 1 : 3;
        const auto rung = static_cast<float>((sibling * stride + turn) % kSiblings);
        difference->differ(traits, size * (rung - 0.5F * (kSiblings - 1)));
    }
}

}  // namespace kaziranga::data::synthetic
