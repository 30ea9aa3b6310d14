#include "studies/bias_variance/bias_variance.hpp"

#include "studies/bias_variance/classification_parts.hpp"
#include "studies/bias_variance/regression_parts.hpp"

#include <c10/util/Exception.h>
#include <fmt/format.h>

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

Findings study_bias_variance(const BiasVarianceOptions& options) {
    Findings findings{.name = "bias_variance",
                      .title = "Bias and variance",
                      .question =
                          "More hidden layers let a model express more: does bias fall, does variance rise, and does "
                          "the error on new points rise in the end?"};
    const ParkFeatures features = features_of(options);  // first: its weights may not be there
    findings.parts.push_back(Text{fmt::format(
        "The pictures' intervals are of {0:g} %. Each of the {1} claims compares the last setting with the first, at "
        "{2:.4g} %, so that all of these intervals together hold at {0:g} %. The steps from one setting to the next "
        "are judged "
        "together at the same {2:.4g} % a claim; one that goes the other way refutes the claim.",
        100 * options.confidence, kClaims, 100 * options.confidence_of_a_claim())});
    tell_regression(findings, options);
    tell_classification(findings, options, features);
    TORCH_CHECK(findings.claims.size() == kClaims, "the claims' confidence is worked out for another number of them");
    return findings;
}

}  // namespace kaziranga::studies
