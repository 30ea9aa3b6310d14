#pragma once

#include <string_view>
#include <utility>

namespace kaziranga::core {

/// Number format in which a network computes.
enum class Precision { kFloat32, kBfloat16, kInt8 };

inline constexpr std::pair<Precision, std::string_view> kPrecisionWords[] = {
    {Precision::kFloat32, "fp32"}, {Precision::kBfloat16, "bf16"}, {Precision::kInt8, "int8"}};
constexpr auto& words_of(Precision) {
    return kPrecisionWords;
}

}  // namespace kaziranga::core
