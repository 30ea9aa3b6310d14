#include "training/sweep/options.hpp"

#include "core/config/repeats.hpp"

namespace kaziranga::training {
namespace {

using core::config::Description;
using core::config::Problems;

void check_variants(const SweepOptions& o, Problems& problems) {
    if (!o.variants.empty() && !o.grid.empty()) {
        problems.add("grid", "variants are named already", "give variants or grid, not both");
    }
    if (o.variants.empty() && o.grid.empty()) {
        problems.add("variants", "nothing to compare", "name variants, or give keys and their values in grid");
    }
    for (const auto& [key, values] : o.grid) {
        if (values.empty())
            problems.add("grid", "'" + key + "' has no values", "list at least one, or leave the key out");
    }
}

}  // namespace

void SweepOptions::describe(Description<SweepOptions>& d) {
    d.field(
         "output", &SweepOptions::output,
         "Folder for the tables and one folder per variant, which holds a run folder for each of its shots and seeds")
        .path()
        .transient();
    d.field("base", &SweepOptions::base,
            "Training config that all variants start from. The path is relative to the sweep's own file")
        .path();
    d.field("set", &SweepOptions::set, "key=value for every variant, on top of base. A variant may set another value");
    d.field(
         "seeds", &SweepOptions::seeds,
         "Seeds with which every variant is trained. A run is compared with the first variant's run of the same seed")
        .at_least(0);
    d.field("shots", &SweepOptions::shots,
            "Values of data.shots with which every variant is trained; 0: all images. An empty list takes the values "
            "of the configs")
        .at_least(0)
        .unit("images");
    d.field("variants", &SweepOptions::variants,
            "What is compared: {name: [key=value, …]}. The first variant is compared with all others; an empty list "
            "means base without changes");
    d.field("grid", &SweepOptions::grid,
            "Use it instead of variants to compare every combination of values: {key: [value, …]}. The first "
            "combination is compared with all others");
    d.field("confidence", &SweepOptions::confidence, "Confidence of the intervals. A higher value makes them wider")
        .greater_than(0)
        .less_than(1);
    d.field("overwrite", &SweepOptions::overwrite,
            "Replace runs of other configs, and start unfinished runs again. Finished runs stay")
        .transient();
    d.check([](const SweepOptions& o, Problems& problems) {
        if (o.output.empty()) problems.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.base.empty())
            problems.add("base", "no config named", "name the training config that all variants start from");
        if (o.seeds.empty()) problems.add("seeds", "an empty list", "give at least one, such as [0]");
        refuse_repeats("seeds", o.seeds, "keep one", problems);
        refuse_repeats("shots", o.shots, "keep one", problems);
        check_variants(o, problems);
    });
}

}  // namespace kaziranga::training
