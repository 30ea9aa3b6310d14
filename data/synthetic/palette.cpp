#include "data/synthetic/palette.hpp"

#include <array>
#include <cmath>

namespace kaziranga::data::synthetic {
namespace {

constexpr std::array<NamedColor, 16> kEarth = {{
    {"rufous", rgb(0xb5622f), 1, .4F},
    {"tawny", rgb(0xc7975a), 1, .3F},
    {"chestnut", rgb(0x7d4426), 1, .5F},
    {"sable", rgb(0x43342c), .8F, 1},
    {"dun", rgb(0xb09c7e), 1, .4F},
    {"ashen", rgb(0x94918c), .8F, 1},
    {"cream", rgb(0xe3d3b0), .7F, .4F},
    {"sooty", rgb(0x37383c), .6F, 1},
    {"sandy", rgb(0xd6b582), 1, .2F},
    {"umber", rgb(0x5f4a36), 1, .8F},
    {"russet", rgb(0x96502b), 1, .4F},
    {"grizzled", rgb(0x77706a), .8F, 1},
    {"ochre", rgb(0xb98a3a), .9F, .5F},
    {"slate", rgb(0x5c6672), .4F, 1},
    {"ivory", rgb(0xece6d8), .5F, .5F},
    {"olive", rgb(0x75703f), .3F, 1},
}};

constexpr std::array<NamedColor, 16> kVivid = {{
    {"scarlet", rgb(0xc9302a), 1, .2F},
    {"golden", rgb(0xe0b02e), 1, .3F},
    {"azure", rgb(0x4a94d4), 1, .1F},
    {"emerald", rgb(0x2f8f58), .8F, .8F},
    {"violet", rgb(0x7a4fa0), .5F, .8F},
    {"coral", rgb(0xe47f62), .9F, .2F},
    {"turquoise", rgb(0x38a7a5), .8F, .3F},
    {"amber", rgb(0xd98a28), 1, .4F},
    {"cobalt", rgb(0x2a4f9e), .9F, .4F},
    {"lime", rgb(0x9dbf3f), .6F, .8F},
    {"crimson", rgb(0x8f1f34), .6F, .8F},
    {"jet", rgb(0x222327), .8F, 1},
    {"silver", rgb(0xb6bcc2), .9F, .8F},
    {"rose", rgb(0xd98ca0), .5F, .5F},
    {"pearl", rgb(0xe9e9e4), .8F, .6F},
    {"teal", rgb(0x245a66), .3F, 1},
}};

constexpr std::array<NamedColor, 6> kNeutral = {{
    {"black", rgb(0x1d1b1c), 1, 1},
    {"dark", rgb(0x3d2c20), 1, .7F},
    {"white", rgb(0xf1eee4), .9F, .5F},
    {"pale", rgb(0xdac9a4), .6F, .8F},
    {"brown", rgb(0x6a4527), .8F, .6F},
    {"grey", rgb(0x7d7f80), .4F, 1},
}};

float weight(const NamedColor& named, float shift) {
    return lerp(named.olympic, named.kaziranga, shift);
}

float distance(Color a, Color b) {
    return std::fabs(luminance(a) - luminance(b)) +
           0.35F * (std::fabs(a.r - b.r) + std::fabs(a.g - b.g) + std::fabs(a.b - b.b));
}

template <size_t N>
const NamedColor& pick_from(Chance& chance, const std::array<NamedColor, N>& colors, float shift, const Color* apart) {
    std::array<float, N> weights{};
    for (size_t i = 0; i < N; ++i) {
        weights[i] = weight(colors[i], shift);
        constexpr float kTellable = 0.28F;
        if (apart && distance(colors[i].color, *apart) < kTellable) weights[i] = 0;
    }
    return colors[chance.pick(weights)];
}

}  // namespace

const NamedColor& pick_color(Chance& chance, bool vivid, float shift) {
    const bool bright = chance.happens(0.7F) && vivid;
    return bright ? pick_from(chance, kVivid, shift, nullptr) : pick_from(chance, kEarth, shift, nullptr);
}

const NamedColor& pick_mark(Chance& chance, bool vivid, float shift, Color base) {
    const bool bright = chance.happens(0.45F) && vivid;
    return bright ? pick_from(chance, kVivid, shift, &base) : pick_from(chance, kNeutral, shift, &base);
}

}  // namespace kaziranga::data::synthetic
