#include "studies/bias_variance/study.hpp"

#include "studies/bias_variance/classification_parts.hpp"
#include "studies/bias_variance/regression_parts.hpp"

#include <c10/util/Exception.h>
#include <fmt/format.h>

namespace kaziranga::studies {

Findings study_bias_variance(const BiasVarianceOptions& options) {
    Findings findings{.name = "bias_variance",
                      .title = "Bias and variance",
                      .question =
                          "More hidden layers let a model express more: does bias fall, does variance rise, and does "
                          "the error on new points rise in the end?"};
    const ParkFeatures features = features_of(options);  // first, because its weights may be missing
    findings.parts.push_back(Text{fmt::format(
        "The pictures' intervals are of {0:g} %. Each of the {1} claims compares the last setting with the first, at "
        "{2:.4g} %, so that all of these intervals together hold at {0:g} %. The steps from one setting to the next "
        "are judged together at the same {2:.4g} % a claim; one that goes the other way refutes the claim.",
        100 * options.confidence, kClaims, 100 * options.confidence_of_a_claim())});
    tell_regression(findings, options);
    tell_classification(findings, options, features);
    TORCH_CHECK(findings.claims.size() == kClaims, "the claims' confidence is worked out for another number of them");
    return findings;
}

}  // namespace kaziranga::studies
