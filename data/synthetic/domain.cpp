#include "data/synthetic/domain.hpp"

namespace kaziranga::data::synthetic {
namespace {

std::array<float, 8> mixed(const std::array<float, 8>& near, const std::array<float, 8>& far, float t) {
    std::array<float, 8> result{};
    for (size_t i = 0; i < result.size(); ++i) result[i] = lerp(near[i], far[i], t);
    return result;
}

}  // namespace

Domain domain_of(std::string_view park, double shift) {
    // quadruped, bird, fish, snake, lizard, turtle, beetle, butterfly
    constexpr std::array<float, 8> kPlansNear = {30, 22, 14, 5, 7, 5, 8, 9};
    constexpr std::array<float, 8> kPlansFar = {40, 34, 5, 8, 2, 8, 1, 2};
    // plain, stripes, lines, spots, rosettes, patches, bands, gradient
    constexpr std::array<float, 8> kPatternsNear = {14, 20, 9, 16, 9, 13, 10, 9};
    constexpr std::array<float, 8> kPatternsFar = {26, 5, 16, 5, 4, 8, 14, 22};

    const float t = park == "kaziranga" ? static_cast<float>(shift) : 0.0F;
    Domain domain;
    domain.shift = t;
    domain.haze = lerp(0.15F, 0.5F, t);
    domain.saturation = lerp(1.0F, 0.6F, t);
    domain.contrast = lerp(1.0F, 0.8F, t);
    domain.cast = lerp(Color{1, 1, 1}, Color{1.04F, 1.0F, 0.78F}, t);
    domain.noise = lerp(0.012F, 0.03F, t);
    domain.vignette = lerp(0.12F, 0.34F, t);
    domain.flash = lerp(0.0F, 0.7F, t);
    domain.dusk = lerp(0.15F, 0.6F, t);
    domain.plans = mixed(kPlansNear, kPlansFar, t);
    domain.patterns = mixed(kPatternsNear, kPatternsFar, t);
    return domain;
}

}  // namespace kaziranga::data::synthetic
