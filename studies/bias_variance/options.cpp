#include "studies/bias_variance/options.hpp"

namespace kaziranga::studies {

void BiasVarianceOptions::describe(core::config::Description<BiasVarianceOptions>& d) {
    describe_common(d);
    d.field("learners", &BiasVarianceOptions::learners, "Training sets, each with a network of its own")
        .at_least(3)
        .at_most(10'000);
    d.field("depths", &BiasVarianceOptions::depths, "Sweep over hidden layers, ascending")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("widths", &BiasVarianceOptions::widths, "Sweep over units a layer, ascending")
        .at_least(1)
        .at_most(1024)
        .unit("units");
    d.field("sizes", &BiasVarianceOptions::sizes, "Sweep over training points, ascending")
        .at_least(2)
        .at_most(100'000)
        .unit("points");
    d.field("weight_decays", &BiasVarianceOptions::weight_decays,
            "Sweep over the penalty of the sum of squared parameters, beside the mean squared error; ascending. With 0 "
            "there may be no minimum to come to")
        .at_least(0)
        .at_most(1000);
    d.field("hidden_layers", &BiasVarianceOptions::hidden_layers, "Where they are not swept")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("width", &BiasVarianceOptions::width, "Where it is not swept").at_least(1).at_most(1024).unit("units");
    d.field("weight_decay", &BiasVarianceOptions::weight_decay,
            "Where it is not swept; of the classification too, beside the mean cross-entropy")
        .at_least(0)
        .at_most(1000);
    d.field("points", &BiasVarianceOptions::points, "Where they are not swept").at_least(2).at_most(100'000);
    d.field("noise", &BiasVarianceOptions::noise, "Deviation of the labels from the function")
        .greater_than(0)
        .at_most(100);
    d.field("steps", &BiasVarianceOptions::steps,
            "Iterations of a network's training at most; what is not at its minimum by then is not judged")
        .at_least(1)
        .at_most(1'000'000);
    d.field("species", &BiasVarianceOptions::species, "Of the park that is classified").at_least(2).at_most(1000);
    d.field("shots", &BiasVarianceOptions::shots, "Sweep over training images a species, ascending")
        .at_least(1)
        .at_most(1000)
        .unit("images");
    d.field("pool", &BiasVarianceOptions::pool,
            "Images a species that training sets are drawn from; the more, the less they overlap")
        .at_least(2)
        .at_most(100'000)
        .unit("images");
    d.field("weights", &BiasVarianceOptions::weights,
            "Of the network that makes the features: pretrained, random or a file")
        .path();
    d.field("confidence", &BiasVarianceOptions::confidence, "Of the intervals").greater_than(0).less_than(1);
    d.check([](const BiasVarianceOptions& o, core::config::Faults& faults) {
        const auto look = [&](const char* key, const auto& list) {
            if (list.size() == 1) faults.add(key, "nothing to compare", "give at least two");
            require_ascending(key, list, faults);
        };
        look("depths", o.depths);
        look("widths", o.widths);
        look("sizes", o.sizes);
        look("weight_decays", o.weight_decays);
        look("shots", o.shots);
        if (!o.shots.empty() && o.pool <= o.shots.back()) {
            faults.add("pool", "no more images than a training set has", "give several times as many");
        }
    });
}

}  // namespace kaziranga::studies
