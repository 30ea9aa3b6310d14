#pragma once

#include "models/layers/conv.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/types.h>

/// LibTorch's operators of oneDNN. They have no C++ header: they are found by name and called with these types.
namespace kaziranga::models::onednn {

using MaybeTensor = std::optional<torch::Tensor>;
using Sizes = at::IntArrayRef;
using Scalars = c10::List<std::optional<at::Scalar>>;
using Word = std::optional<std::string_view>;

inline constexpr std::array<int64_t, 2> kNoDilation = {1, 1};

template <class Signature>
auto find_operator(const char* name, const char* overload) {
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

/// An activation in the notation of the operators.
struct Spelling {
    std::string_view name;
    Scalars scalars = Scalars();
};

inline Spelling spell(Activation activation) {
    switch (activation) {
        case Activation::kRelu:
            return {.name = "relu"};
        case Activation::kRelu6:
            return {.name = "hardtanh", .scalars = Scalars({at::Scalar(0.0), at::Scalar(kRelu6Limit)})};
        case Activation::kNone:
            break;
    }
    return {.name = "none"};
}

/// The word for an activation after an addition; empty if there is no activation.
inline Word spell_after_addition(Activation activation) {
    return activation == Activation::kNone ? Word() : Word(spell(activation).name);
}

inline MaybeTensor maybe(const torch::Tensor& bias) {
    return bias.defined() ? MaybeTensor(bias) : std::nullopt;
}

}  // namespace kaziranga::models::onednn
