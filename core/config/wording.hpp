#pragma once

#include "core/config/description.hpp"

#include <string>
#include <string_view>

namespace kaziranga::core::config {

/// One function object out of several lambdas, for std::visit.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

/// A bound as people write it: "100", "0.5", "1e-08".
std::string number_text(double value);

/// The type of a field: "whole number", "text", "list of words", …
std::string type_text(const Slot& slot);

/// "> 0 and <= 100 images"; empty where a field has no bounds.
std::string bounds_text(const Field& field);

/// The text, in quotes where YAML would take it for something else or cut it short.
/// @throws core::Error when it is not UTF-8, which YAML cannot say
std::string yaml_text(std::string_view text);

/// A field's value as one YAML value on one line, which reads back as the same value.
/// @throws core::Error when a text is not UTF-8
std::string yaml_value(const Slot& slot);

}  // namespace kaziranga::core::config
