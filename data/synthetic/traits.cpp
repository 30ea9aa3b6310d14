#include "data/synthetic/traits.hpp"

#include "data/synthetic/archetypes.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/palette.hpp"
#include "data/synthetic/siblings.hpp"

#include <vector>

namespace kaziranga::data::synthetic {
namespace {

enum Counter : uint64_t { kGenusCounter = 1, kSpeciesCounter = 2 };

Chance chance_for(const SpeciesTraits& traits, Counter what, int64_t number) {
    return Chance(core::RandomStream(traits.seed, core::Purpose::kSynthetic,
                                     {park_number(traits.park), what, static_cast<uint64_t>(number)}));
}

size_t pick_archetype(Chance& chance, Plan plan) {
    std::vector<float> weights;
    for (const Archetype& archetype : archetypes()) weights.push_back(archetype.plan == plan ? 1.0F : 0.0F);
    return chance.pick(weights);
}

void vary_body(Chance& chance, Proportions& p, float spread) {
    for (float Proportions::* part :
         {&Proportions::leg, &Proportions::leg_width, &Proportions::depth, &Proportions::neck, &Proportions::head,
          &Proportions::snout, &Proportions::hook, &Proportions::tail, &Proportions::tail_width, &Proportions::ear,
          &Proportions::horn, &Proportions::crest, &Proportions::fin, &Proportions::fork, &Proportions::hump}) {
        p.*part *= chance.factor(spread);
    }
    p.neck_angle += chance.normal(spread * 30.0F);
    p.pitch += chance.normal(spread * 20.0F);
}

void draw_coat(Chance& chance, SpeciesTraits& traits) {
    const bool vivid = is_vivid(traits.plan);
    const float shift = traits.domain.shift > 0 ? static_cast<float>(traits.domain.shift) : 0.0F;
    Coat& coat = traits.coat;
    coat.pattern = static_cast<Pattern>(chance.pick(traits.domain.patterns));
    const NamedColor& base = pick_color(chance, vivid, shift);
    const NamedColor& mark = pick_mark(chance, vivid, shift, base.color);
    traits.color_word = base.word;
    traits.mark_word = mark.word;
    coat.base = base.color;
    coat.mark = mark.color;
    coat.belly = lerp(coat.base, rgb(0xf2ead8), chance.between(0.15F, 0.8F));
    const NamedColor& limb = pick_mark(chance, vivid, shift, base.color);
    coat.limb = lerp(coat.base, limb.color, chance.between(0.3F, 1.0F));
    const std::array<Color, 5> horns = {rgb(0x2b2723), rgb(0x8a7a5c), rgb(0xd8a03a), rgb(0x5a4a3c), rgb(0xb8452e)};
    coat.horn = horns[static_cast<size_t>(chance.below(vivid ? 5 : 2))];
    const std::array<Color, 4> eyes = {rgb(0x1a1410), rgb(0x4a2c12), rgb(0xc79a2a), rgb(0x8f2f1a)};
    coat.eye = eyes[static_cast<size_t>(chance.below(vivid ? 4 : 2))];
    coat.frequency = chance.between(4.0F, 11.0F);
    coat.duty = chance.between(0.3F, 0.62F);
    coat.wobble = chance.between(0.1F, 0.7F);
    coat.slant = chance.normal(0.35F);
    coat.countershade = chance.between(0.1F, 0.8F);
    coat.socks = chance.happens(0.5F) ? chance.between(0.3F, 1.0F) : 0.0F;
    coat.mask = chance.happens(0.4F) ? chance.between(0.5F, 1.0F) : 0.0F;
    coat.tail_tip = chance.happens(0.5F) ? 1.0F : 0.0F;
    coat.fleck = chance.between(0.2F, 1.0F);
    const bool shiny = traits.plan == Plan::kBeetle || traits.plan == Plan::kFish || traits.plan == Plan::kSnake;
    coat.gloss = shiny ? chance.between(0.25F, 0.7F) : chance.between(0.0F, 0.15F);
}

void draw_habitats(Chance& chance, SpeciesTraits& traits) {
    std::array<float, kHabitats> common{};
    const auto shift = static_cast<float>(traits.domain.shift);
    for (size_t i = 0; i < kHabitats; ++i) {
        const HabitatLook& look = habitat_looks()[i];
        if (look.view == view_of(traits.plan)) common[i] = lerp(look.olympic, look.kaziranga, shift);
    }
    const size_t home = chance.pick(common);
    const size_t second = chance.pick(common);
    for (size_t i = 0; i < kHabitats; ++i) traits.habitats[i] = 0.12F * common[i];
    traits.habitats[home] += 0.3F;
    traits.habitats[second] += 0.2F;
    traits.home = static_cast<Habitat>(home);
}

void draw_genus(SpeciesTraits& traits, int64_t genus) {
    Chance chance = chance_for(traits, kGenusCounter, genus);
    traits.plan = static_cast<Plan>(chance.pick(traits.domain.plans));
    traits.archetype = pick_archetype(chance, traits.plan);
    const Archetype& archetype = archetypes()[traits.archetype];
    traits.horn = archetype.horn;
    traits.proportions = archetype.proportions;
    vary_body(chance, traits.proportions, 0.22F);
    draw_coat(chance, traits);
    draw_habitats(chance, traits);
}

/// Draws the level of a species among its siblings, and the deviations of this species alone.
void draw_species(SpeciesTraits& traits, int64_t genus, int64_t sibling) {
    Chance shared = chance_for(traits, kSpeciesCounter, genus);
    Chance own = chance_for(traits, kSpeciesCounter, (int64_t{1} << 40) + genus * kSiblings + sibling);
    set_apart(traits, static_cast<int>(sibling), shared);
    if (own.happens(0.25F)) traits.coat.pattern = static_cast<Pattern>(own.pick(traits.domain.patterns));
    vary_body(own, traits.proportions, 0.04F);
}

}  // namespace

uint64_t park_number(std::string_view park) {
    return park == "kaziranga" ? 2 : 1;
}

SpeciesTraits species_traits(std::string_view park, int64_t species, double shift, uint64_t seed) {
    SpeciesTraits traits;
    traits.park = park;
    traits.species = species;
    traits.seed = seed;
    traits.domain = domain_of(park, shift);
    draw_genus(traits, species / kSiblings);
    draw_species(traits, species / kSiblings, species % kSiblings);
    return traits;
}

}  // namespace kaziranga::data::synthetic
