#include "training/sweep/options.hpp"

#include "core/config/repeats.hpp"

namespace kaziranga::training {
namespace {

using core::config::Description;
using core::config::Faults;

void check_variants(const SweepOptions& o, Faults& faults) {
    if (!o.variants.empty() && !o.grid.empty()) {
        faults.add("grid", "variants are named already", "give variants or grid, not both");
    }
    if (o.variants.empty() && o.grid.empty()) {
        faults.add("variants", "nothing to compare", "name variants, or give keys and their values in grid");
    }
    for (const auto& [key, values] : o.grid) {
        if (values.empty())
            faults.add("grid", "'" + key + "' has no values", "list at least one, or leave the key out");
    }
}

}  // namespace

void SweepOptions::describe(Description<SweepOptions>& d) {
    d.field("output", &SweepOptions::output,
            "Folder of the tables and of a folder a variant, with a run folder for each of its shots and seeds")
        .path()
        .transient();
    d.field("base", &SweepOptions::base,
            "The training config that all variants start from; a path relative to the sweep's own file")
        .path();
    d.field("set", &SweepOptions::set, "key=value for every variant, on top of base; a variant may say otherwise");
    d.field("seeds", &SweepOptions::seeds,
            "Every variant is trained with each, and compared with the first variant's run of the same seed")
        .at_least(0);
    d.field("shots", &SweepOptions::shots,
            "Values of data.shots that every variant is trained with, 0 for all images; an empty list takes what the "
            "configs say")
        .at_least(0)
        .unit("images");
    d.field("variants", &SweepOptions::variants,
            "What is compared: {name: [key=value, …]}, the first with all others; an empty list is base as it is");
    d.field("grid", &SweepOptions::grid,
            "Instead of variants, every combination of values: {key: [value, …]}; the first combination is compared "
            "with all others");
    d.field("confidence", &SweepOptions::confidence, "Of the intervals").greater_than(0).less_than(1);
    d.field("overwrite", &SweepOptions::overwrite,
            "Replace runs of other configs, and begin anew with those that are not finished; finished ones stay")
        .transient();
    d.check([](const SweepOptions& o, Faults& faults) {
        if (o.output.empty()) faults.add("output", "no folder named", "give one; it is made where it is missing");
        if (o.base.empty())
            faults.add("base", "no config named", "name the training config that all variants start from");
        if (o.seeds.empty()) faults.add("seeds", "an empty list", "give at least one, such as [0]");
        refuse_repeats("seeds", o.seeds, "keep one", faults);
        refuse_repeats("shots", o.shots, "keep one", faults);
        check_variants(o, faults);
    });
}

}  // namespace kaziranga::training
