#include "studies/bias_variance/options.hpp"

namespace kaziranga::studies {

void BiasVarianceOptions::describe(core::config::Description<BiasVarianceOptions>& d) {
    describe_common(d);
    d.field("learners", &BiasVarianceOptions::learners,
            "Number of training sets; each trains a network of its own. More make the intervals narrower")
        .at_least(3)
        .at_most(10'000);
    d.field("depths", &BiasVarianceOptions::depths, "Numbers of hidden layers to compare, ascending")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("widths", &BiasVarianceOptions::widths, "Numbers of units per layer to compare, ascending")
        .at_least(1)
        .at_most(1024)
        .unit("units");
    d.field("sizes", &BiasVarianceOptions::sizes, "Numbers of training points to compare, ascending")
        .at_least(2)
        .at_most(100'000)
        .unit("points");
    d.field("weight_decays", &BiasVarianceOptions::weight_decays,
            "Penalties to compare, ascending. Each is multiplied by the sum of squared parameters and added to the "
            "mean squared error; with 0 there may be no minimum to reach")
        .at_least(0)
        .at_most(1000);
    d.field("hidden_layers", &BiasVarianceOptions::hidden_layers,
            "Number of hidden layers when depths are not compared")
        .at_least(0)
        .at_most(64)
        .unit("layers");
    d.field("width", &BiasVarianceOptions::width, "Units per layer when widths are not compared")
        .at_least(1)
        .at_most(1024)
        .unit("units");
    d.field(
         "weight_decay", &BiasVarianceOptions::weight_decay,
         "Penalty when weight_decays are not compared. The classification uses it too, added to the mean cross-entropy")
        .at_least(0)
        .at_most(1000);
    d.field("points", &BiasVarianceOptions::points, "Number of training points when sizes are not compared")
        .at_least(2)
        .at_most(100'000);
    d.field("noise", &BiasVarianceOptions::noise, "Standard deviation of the labels from the function")
        .greater_than(0)
        .at_most(100);
    d.field("steps", &BiasVarianceOptions::steps,
            "Largest number of iterations to train a network. A network that has not reached its minimum by then is "
            "not judged; raise it if there are such networks")
        .at_least(1)
        .at_most(1'000'000);
    d.field("species", &BiasVarianceOptions::species, "Number of species in the park that is classified")
        .at_least(2)
        .at_most(1000);
    d.field("shots", &BiasVarianceOptions::shots, "Numbers of training images per species to compare, ascending")
        .at_least(1)
        .at_most(1000)
        .unit("images");
    d.field(
         "pool", &BiasVarianceOptions::pool,
         "Images per species from which the training sets are drawn. With more images, the training sets overlap less")
        .at_least(2)
        .at_most(100'000)
        .unit("images");
    d.field("weights", &BiasVarianceOptions::weights,
            "Weights of the network that makes the features: pretrained, random or a file")
        .path();
    d.field("confidence", &BiasVarianceOptions::confidence,
            "Confidence of the intervals. A higher value makes them wider")
        .greater_than(0)
        .less_than(1);
    d.check([](const BiasVarianceOptions& o, core::config::Problems& problems) {
        const auto look = [&](const char* key, const auto& list) {
            if (list.size() == 1) problems.add(key, "nothing to compare", "give at least two");
            require_ascending(key, list, problems);
        };
        look("depths", o.depths);
        look("widths", o.widths);
        look("sizes", o.sizes);
        look("weight_decays", o.weight_decays);
        look("shots", o.shots);
        if (!o.shots.empty() && o.pool <= o.shots.back()) {
            problems.add("pool", "no more images than a training set has", "give several times as many");
        }
    });
}

}  // namespace kaziranga::studies
