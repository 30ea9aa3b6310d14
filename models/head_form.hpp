#pragma once

#include <string_view>
#include <utility>

namespace kaziranga::models {

/// The function that an output layer computes; see the classes of heads.hpp and source_head.hpp.
enum class HeadForm { kLinear, kSource, kCosine, kMlp, kNeighbours };

inline constexpr std::pair<HeadForm, std::string_view> kHeadFormWords[] = {{HeadForm::kLinear, "linear"},
                                                                           {HeadForm::kSource, "source"},
                                                                           {HeadForm::kCosine, "cosine"},
                                                                           {HeadForm::kMlp, "mlp"},
                                                                           {HeadForm::kNeighbours, "neighbours"}};
constexpr auto& words_of(HeadForm) {
    return kHeadFormWords;
}

}  // namespace kaziranga::models
