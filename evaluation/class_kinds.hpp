#pragma once

#include <string>
#include <string_view>

namespace kaziranga::evaluation {

/// What a class shows, by its name: "blank" (also empty, nothing), "human" (person, people), "vehicle" (car), else
/// "animal". The words are those of Camtrap DP.
std::string_view kind_of_class(const std::string& name);

}  // namespace kaziranga::evaluation
