#include "training/heads/options.hpp"

#include <algorithm>

namespace kaziranga::training {

using core::config::Description;
using core::config::Faults;
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
            "Solved at once: logistic, ridge, lda (shrunken covariance), prototype (class means by cosine), knn, auto "
            "(of candidates, by cross-validation, the lowest loss of those not noticeably below the best top-1); "
            "trained: linear, cosine (learned scale), mlp; pretrained: the network's own output layer, for val and "
            "predict only. Where more than the head is trained, where it starts")
        .one_of(words_of_types([](const HeadType& type) { return type.kind != HeadKind::kEnsemble; }))
        .synonyms({"classifier"});
    d.field("candidates", &HeadOptions::candidates, "What auto compares; ensemble averages the best of the linear ones")
        .one_of(words_of_types([](const HeadType& type) {
            return type.origin == HeadOrigin::kSolved || type.kind == HeadKind::kEnsemble;
        }));
    d.field("inputs", &HeadOptions::inputs,
            "What a head is fitted to; of several the best by cross-validation: features; stages: with the pooled "
            "outputs of earlier stages beside them; source, for logistic, ridge and lda: how much an image looks like "
            "each class that the network was pretrained on, the old output layer then staying in the head; auto: "
            "features and source for type auto, features else");
    d.field("penalty", &HeadOptions::penalty,
            "Of logistic (half of it times |W|^2 beside the mean loss) and ridge (in units of the features' mean "
            "variance); auto chooses by cross-validation and leave-one-out, and tries further values where the last of "
            "its own is the best")
        .greater_than(0)
        .at_most(1e6)
        .synonyms({"alpha", "l2"});
    d.field("shrinkage", &HeadOptions::shrinkage,
            "Of lda's covariance towards a sphere; auto chooses by cross-validation, Ledoit and Wolf's among others, "
            "and tries further values where the last of its own is the best")
        .greater_than(0)
        .at_most(1);
    d.field("folds", &HeadOptions::folds,
            "Of the cross-validation inside the training set, by image; the only image of a class is never held out, "
            "and where no class has more than two images there are two folds")
        .at_least(2)
        .at_most(1000)
        .unit("folds");
    d.field("standardise", &HeadOptions::standardise,
            "Fit on features of mean 0 and variance 1; folded into the weights of a linear head afterwards");
    d.field("calibrate", &HeadOptions::calibrate,
            "Scale the logits of a solved head so that its probabilities fit the held-out folds");
    d.field("hidden", &HeadOptions::hidden, "Units of mlp's hidden layer").at_least(1).at_most(1'000'000).unit("units");
    d.field("neighbours", &HeadOptions::neighbours,
            "Nearest training views that knn asks; auto chooses by cross-validation")
        .at_least(1)
        .unit("views")
        .synonyms({"k"});
    d.field("temperature", &HeadOptions::temperature, "Of knn's votes; auto chooses by cross-validation")
        .at_least(0.01)
        .at_most(100);
    d.check([](const HeadOptions& o, Faults& faults) {
        const std::string type = core::config::word_of(o.type);
        if (o.inputs.empty()) faults.add("inputs", "an empty list", "write auto");
        if (o.takes(InputKind::kAuto) && o.inputs.size() > 1)
            faults.add("inputs", "auto stands alone", "leave it out, or the others");
        if (!o.solved() && o.inputs.size() > 1 && !o.takes(InputKind::kSource))
            faults.add("inputs", type + " takes one kind alone", "name features or stages");
        if (o.type == HeadKind::kPretrained && o.takes(InputKind::kStages))
            faults.add("inputs", "the pretrained head takes features alone", "leave it out");
        if (o.takes(InputKind::kSource) && o.type != HeadKind::kAuto && !solved_linear(o.type)) {
            faults.add("inputs", type + " does not take source classes", "use head.type: auto, logistic, ridge or lda");
        }
        if (o.type == HeadKind::kAuto && o.inputs == std::vector{InputKind::kSource} &&
            std::ranges::none_of(o.candidates, solved_linear)) {
            faults.add("inputs", "none of the candidates takes source classes",
                       "add features, or logistic, ridge or lda to candidates");
        }
        if (o.candidates.empty()) faults.add("candidates", "an empty list", "name at least one head");
        if (o.candidates == std::vector{HeadKind::kEnsemble})
            faults.add("candidates", "an ensemble of nothing", "name heads beside it");
    });
}

}  // namespace kaziranga::training
