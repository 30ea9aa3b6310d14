#include "models/weights/pickle_values.hpp"

#include <array>

namespace kaziranga::models::pickle {

std::string kind_of(const Value& value) {
    static const char* const kKinds[] = {"None",   "a boolean", "an integer", "a number", "a large integer",
                                         "a text", "a tuple",   "a list",     "a dict",   "an object",
                                         "a name", "a storage", "a tensor"};
    static_assert(std::variant_size_v<Value> == std::size(kKinds));
    return kKinds[value.index()];
}

std::string kind_of(const Document& document, Ref ref) {
    const Opaque* object = document.get_if<Opaque>(ref);
    return object != nullptr && !object->of.empty() ? "an object of " + object->of : kind_of(document[ref]);
}

}  // namespace kaziranga::models::pickle
