#pragma once

#include "core/config/description.hpp"

#include <string>
#include <string_view>

namespace kaziranga::core::config {

/// Combines several lambdas into one function object for std::visit.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

/// Formats a bound in its shortest form: "100", "0.5", "1e-08".
std::string number_text(double value);

/// Returns the type of a field: "whole number", "text", "list of words", …
std::string type_text(const Slot& slot);

/// Returns for example "> 0 and <= 100 images"; empty if the field has no bounds.
std::string bounds_text(const Field& field);

/// Returns the text as YAML, in quotes if YAML would not read it back as the same text.
/// @throws core::Error when it is not UTF-8, which YAML cannot represent
std::string yaml_text(std::string_view text);

/// Returns a field's value as YAML on one line. Parsing it gives the same value.
/// @throws core::Error when a text is not UTF-8
std::string yaml_value(const Slot& slot);

}  // namespace kaziranga::core::config
