#pragma once

#include <string>
#include <string_view>

namespace kaziranga::data {

/// Equal for names that differ only in case, in surrounding spaces, and in '_', '-' and ' ' between words.
std::string spelling_key(std::string_view name);

}  // namespace kaziranga::data
