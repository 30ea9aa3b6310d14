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

/// The way in which a head gets its weights.
enum class HeadOrigin {
    kCompared,  ///< solved, the best of several kinds
    kSolved,    ///< solved from all features at once
    kTrained,   ///< trained by the training loop
    kNetwork,   ///< the network's own head
};

/// Makes the family of a solved head; see families.hpp.
/// @param all       the whole training set, for choices that need no folds (ridge's penalty)
/// @param held_out  evaluates these choices
using MakeFamily = Family(const PreparedRows& all, const HeldOut& held_out, const HeadOptions& options);
MakeFamily logistic, ridge, lda, prototype, nearest_neighbours;

/// A kind of head. A new kind needs a line in the table below and, if it is solved, a family.
struct HeadType {
    HeadKind kind;
    std::string_view word;  ///< in head.type and head.candidates
    HeadOrigin origin;
    bool linear = true;  ///< in its input: its standardisation is folded into its weights, its input may be source
                         ///< classes, and its biases can be adjusted for class frequencies
    MakeFamily* family = nullptr;                       ///< of a solved head
    models::HeadForm form = models::HeadForm::kLinear;  ///< of a trained head
    bool starts_backbone = true;                        ///< training of more than the head may start from this kind
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
