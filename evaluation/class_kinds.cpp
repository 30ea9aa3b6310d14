#include "evaluation/class_kinds.hpp"

#include "data/manifests/spelling.hpp"

#include <array>
#include <utility>

namespace kaziranga::evaluation {
namespace {

/// Names in lower case, of classes that are no animals.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kKinds = {{{"blank", "blank"},
                                                                                   {"empty", "blank"},
                                                                                   {"nothing", "blank"},
                                                                                   {"no animal", "blank"},
                                                                                   {"human", "human"},
                                                                                   {"person", "human"},
                                                                                   {"people", "human"},
                                                                                   {"homo sapiens", "human"},
                                                                                   {"vehicle", "vehicle"},
                                                                                   {"vehicles", "vehicle"},
                                                                                   {"car", "vehicle"}}};

}  // namespace

std::string_view kind_of_class(const std::string& name) {
    const std::string key = data::spelling_key(name);
    for (const auto& [word, kind] : kKinds) {
        if (word == key) return kind;
    }
    return "animal";
}

}  // namespace kaziranga::evaluation
