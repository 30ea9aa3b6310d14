#include "data/synthetic/names.hpp"

#include "core/text.hpp"
#include "data/synthetic/archetypes.hpp"
#include "data/synthetic/chance.hpp"
#include "data/synthetic/traits.hpp"

#include <array>
#include <string_view>
#include <unordered_set>

namespace kaziranga::data::synthetic {
namespace {

std::string_view pattern_word(Pattern pattern) {
    constexpr std::array<std::string_view, kPatterns> kWords = {"plain",  "striped", "lined",  "spotted",
                                                                "ringed", "pied",    "banded", "shaded"};
    return kWords[static_cast<size_t>(pattern)];
}

std::string joined(std::initializer_list<std::string_view> words) {
    return core::join(std::vector<std::string>(words.begin(), words.end()), "_");
}

std::string made_up_place(const SpeciesTraits& traits, uint64_t attempt) {
    constexpr std::string_view kOnsets[] = {"b", "d", "f", "g", "h", "k",  "l",  "m",  "n",  "p",
                                            "r", "s", "t", "v", "z", "br", "dr", "kr", "th", "sh"};
    constexpr std::string_view kVowels[] = {"a", "e", "i", "o", "u"};
    Chance chance(core::RandomStream(traits.seed, core::Purpose::kSynthetic,
                                     {park_number(traits.park), 4, static_cast<uint64_t>(traits.species), attempt}));
    std::string place;
    for (int syllable = 0; syllable < 3; ++syllable) {
        place += kOnsets[chance.below(std::size(kOnsets))];
        place += kVowels[chance.below(std::size(kVowels))];
    }
    return place;
}

std::string unused_name(const SpeciesTraits& traits, const std::unordered_set<std::string>& used) {
    const std::string_view noun = archetypes()[traits.archetype].noun;
    const std::string_view home = look_of(traits.home).word;
    const std::string_view pattern = pattern_word(traits.coat.pattern);
    const std::string_view color = traits.color_word, mark = traits.mark_word;
    const std::string simple = joined({color, home, noun});
    const std::string marked = joined({color, pattern, noun});
    const std::string faced = joined({mark, traits.coat.mask > 0.3F ? "faced" : "marked", home, noun});
    const std::string full = joined({color, pattern, home, noun});
    for (const std::string& name : {simple, marked, faced, full}) {
        if (!used.contains(name)) return name;
    }
    for (uint64_t attempt = 0;; ++attempt) {
        const std::string name = made_up_place(traits, attempt) + "_" + joined({color, noun});
        if (!used.contains(name)) return name;
    }
}

void add_names(std::vector<std::string>& names, std::unordered_set<std::string>& used, const std::string& park,
               int64_t count, double shift, uint64_t seed) {
    for (int64_t i = 0; i < count; ++i) {
        names.push_back(unused_name(species_traits(park, i, shift, seed), used));
        used.insert(names.back());
    }
}

}  // namespace

std::vector<std::string> species_names(const std::string& park, int64_t count, double shift, uint64_t seed) {
    std::vector<std::string> olympic;
    std::unordered_set<std::string> used;
    // Names all possible species of Olympic first, so that Kaziranga's names do not depend on the size of Olympic.
    add_names(olympic, used, "olympic", park == "olympic" ? count : kMaxSpecies, 0.0, seed);
    if (park == "olympic") return olympic;
    std::vector<std::string> names;
    add_names(names, used, park, count, shift, seed);
    return names;
}

}  // namespace kaziranga::data::synthetic
