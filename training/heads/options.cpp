#include "training/heads/options.hpp"

#include <algorithm>

namespace kaziranga::training {

using core::config::Description;
using core::config::Problems;
using core::config::Strings;

namespace {

Strings words_of_types(bool (*of)(const HeadType&)) {
    Strings words;
    for (const HeadType& type : kHeadTypes) {
        if (of(type)) words.emplace_back(type.word);
    }
    return words;
}

bool solved_linear(HeadKind kind) {
    return type_of(kind).origin == HeadOrigin::kSolved && type_of(kind).linear;
}

}  // namespace

bool HeadOptions::takes(InputKind input) const {
    return std::ranges::count(inputs, input) > 0;
}

bool HeadOptions::solved() const {
    const HeadOrigin origin = type_of(type).origin;
    return origin == HeadOrigin::kSolved || origin == HeadOrigin::kCompared;
}

void HeadOptions::describe(Description<HeadOptions>& d) {
    d.field("type", &HeadOptions::type,
            "The output layer. Solved at once from all features: logistic, ridge, lda (shrunken covariance), prototype "
            "(class means, by cosine) and knn; auto compares candidates by cross-validation and takes the lowest loss "
            "among those not noticeably below the best top-1. Trained by the training loop: linear, cosine (learned "
            "scale) and mlp. pretrained is the network's own output layer, for val and predict only. If more than the "
            "head is trained, this is the head that training starts from")
        .one_of(words_of_types([](const HeadType& type) { return type.kind != HeadKind::kEnsemble; }))
        .synonyms({"classifier"});
    d.field("candidates", &HeadOptions::candidates,
            "Heads that auto compares. ensemble averages the best of the linear heads")
        .one_of(words_of_types([](const HeadType& type) {
            return type.origin == HeadOrigin::kSolved || type.kind == HeadKind::kEnsemble;
        }));
    d.field("inputs", &HeadOptions::inputs,
            "What a head is fitted to; of several inputs, cross-validation takes the best. features: the features of "
            "the network; stages: features and the pooled outputs of earlier stages; source (for logistic, ridge and "
            "lda): how similar an image is to each class of the pretraining, with the old output layer kept in the "
            "head; auto: features and source if type is auto, else features");
    d.field("penalty", &HeadOptions::penalty,
            "Strength of the penalty on large weights, for logistic (half of it times |W|^2 is added to the mean loss) "
            "and ridge (in units of the features' mean variance). Raise it against overfitting; auto chooses by "
            "cross-validation and leave-one-out, and tries further values if the last one of its list is the best")
        .greater_than(0)
        .at_most(1e6)
        .synonyms({"alpha", "l2"});
    d.field("shrinkage", &HeadOptions::shrinkage,
            "How far lda moves its covariance towards a sphere. auto chooses by cross-validation, with the value of "
            "Ledoit and Wolf among others, and tries further values if the last one of its list is the best")
        .greater_than(0)
        .at_most(1);
    d.field("folds", &HeadOptions::folds,
            "Number of folds, by image, for cross-validation inside the training set. The only image of a class is "
            "never held out; if no class has more than two images, there are two folds")
        .at_least(2)
        .at_most(1000)
        .unit("folds");
    d.field("standardise", &HeadOptions::standardise,
            "Fit the head on features with mean 0 and variance 1. For a linear head, this is folded into the weights "
            "afterwards");
    d.field("calibrate", &HeadOptions::calibrate,
            "Scale the logits of a solved head so that its probabilities match the held-out folds");
    d.field("hidden", &HeadOptions::hidden, "Size of the hidden layer of mlp")
        .at_least(1)
        .at_most(1'000'000)
        .unit("units");
    d.field("neighbours", &HeadOptions::neighbours,
            "Number of nearest training views that vote in knn; auto chooses by cross-validation")
        .at_least(1)
        .unit("views")
        .synonyms({"k"});
    d.field("temperature", &HeadOptions::temperature,
            "Temperature of the votes in knn; with a lower value the nearest views count more. auto chooses by "
            "cross-validation")
        .at_least(0.01)
        .at_most(100);
    d.check([](const HeadOptions& o, Problems& problems) {
        const std::string type = core::config::word_of(o.type);
        if (o.inputs.empty()) problems.add("inputs", "an empty list", "write auto");
        if (o.takes(InputKind::kAuto) && o.inputs.size() > 1)
            problems.add("inputs", "auto stands alone", "leave it out, or the others");
        if (!o.solved() && o.inputs.size() > 1 && !o.takes(InputKind::kSource))
            problems.add("inputs", type + " takes one kind alone", "name features or stages");
        if (o.type == HeadKind::kPretrained && o.takes(InputKind::kStages))
            problems.add("inputs", "the pretrained head takes features alone", "leave it out");
        if (o.takes(InputKind::kSource) && o.type != HeadKind::kAuto && !solved_linear(o.type)) {
            problems.add("inputs", type + " does not take source classes",
                         "use head.type: auto, logistic, ridge or lda");
        }
        if (o.type == HeadKind::kAuto && o.inputs == std::vector{InputKind::kSource} &&
            std::ranges::none_of(o.candidates, solved_linear)) {
            problems.add("inputs", "none of the candidates takes source classes",
                         "add features, or logistic, ridge or lda to candidates");
        }
        if (o.candidates.empty()) problems.add("candidates", "an empty list", "name at least one head");
        if (o.candidates == std::vector{HeadKind::kEnsemble})
            problems.add("candidates", "an ensemble of nothing", "name heads beside it");
    });
}

}  // namespace kaziranga::training
