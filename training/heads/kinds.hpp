#pragma once

#include "models/head_form.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace kaziranga::training {

struct Family;
struct HeadOptions;
class HeldOut;
class PreparedRows;

enum class HeadKind {
    kAuto,
    kLinear,
    kLogistic,
    kRidge,
    kLda,
    kCosine,
    kPrototype,
    kKnn,
    kMlp,
    kPretrained,
    kEnsemble,
};

/// How a head comes to its weights.
enum class HeadOrigin {
    kCompared,  ///< solved, as the best of several kinds
    kSolved,    ///< from all features at once
    kTrained,   ///< by the training loop
    kNetwork,   ///< it is the network's own
};

/// What a solved head is compared and found by; families.hpp says more.
/// @param all       the whole training set: what is chosen without folds (ridge's penalty) is chosen on it
/// @param held_out  judges what is chosen so
using MakeFamily = Family(const PreparedRows& all, const HeldOut& held_out, const HeadOptions& options);
MakeFamily logistic, ridge, lda, prototype, nearest_neighbours;

/// A kind of head. One more is its line in the table below, and for a solved one its family.
struct HeadType {
    HeadKind kind;
    std::string_view word;  ///< of head.type and head.candidates
    HeadOrigin origin;
    bool linear = true;  ///< in its input: its standardisation is folded into its weights, source classes may be its
                         ///< input, and the frequencies of classes can be taken out of its biases
    MakeFamily* family = nullptr;                       ///< of a solved one
    models::HeadForm form = models::HeadForm::kLinear;  ///< of a trained one
    bool starts_backbone = true;                        ///< training of more than the head may start from it
};

inline constexpr HeadType kHeadTypes[] = {
    {HeadKind::kAuto, "auto", HeadOrigin::kCompared},
    {HeadKind::kLinear, "linear", HeadOrigin::kTrained},
    {HeadKind::kLogistic, "logistic", HeadOrigin::kSolved, true, logistic},
    {HeadKind::kRidge, "ridge", HeadOrigin::kSolved, true, ridge},
    {HeadKind::kLda, "lda", HeadOrigin::kSolved, true, lda},
    {.kind = HeadKind::kCosine,
     .word = "cosine",
     .origin = HeadOrigin::kTrained,
     .linear = false,
     .form = models::HeadForm::kCosine},
    {HeadKind::kPrototype, "prototype", HeadOrigin::kSolved, false, prototype},
    {.kind = HeadKind::kKnn,
     .word = "knn",
     .origin = HeadOrigin::kSolved,
     .linear = false,
     .family = nearest_neighbours,
     .starts_backbone = false},
    {.kind = HeadKind::kMlp,
     .word = "mlp",
     .origin = HeadOrigin::kTrained,
     .linear = false,
     .form = models::HeadForm::kMlp},
    {HeadKind::kPretrained, "pretrained", HeadOrigin::kNetwork},
    {HeadKind::kEnsemble, "ensemble", HeadOrigin::kCompared},
};

constexpr const HeadType& type_of(HeadKind kind) {
    return *std::ranges::find(kHeadTypes, kind, &HeadType::kind);
}

inline constexpr auto kHeadKindWords = [] {
    std::array<std::pair<HeadKind, std::string_view>, std::size(kHeadTypes)> words;
    std::ranges::transform(kHeadTypes, words.begin(),
                           [](const HeadType& type) { return std::pair(type.kind, type.word); });
    return words;
}();
constexpr auto& words_of(HeadKind) {
    return kHeadKindWords;
}

}  // namespace kaziranga::training
