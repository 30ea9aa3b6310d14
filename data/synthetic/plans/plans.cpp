#include "data/synthetic/plans/plans.hpp"

#include <array>

namespace kaziranga::data::synthetic {

Figure build_figure(const SpeciesTraits& traits, Chance& pose) {
    using Builder = Figure (*)(const SpeciesTraits&, Chance&);
    constexpr std::array<Builder, kPlans> kBuilders = {build_quadruped, build_bird,   build_fish,   build_snake,
                                                       build_lizard,    build_turtle, build_beetle, build_butterfly};
    return kBuilders[static_cast<size_t>(traits.plan)](traits, pose);
}

}  // namespace kaziranga::data::synthetic
