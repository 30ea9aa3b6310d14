#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <torch/types.h>

namespace kaziranga::models::pickle {

/// The index of a value in its document. Values refer to each other by index, so shared and self-referring structures
/// are plain data: nothing can leak, and no destructor has to follow them.
using Ref = uint32_t;

struct None {};
/// An integer of more than 64 bits, two's complement, little-endian.
struct BigInteger {
    std::string bytes;
};
struct Tuple {
    std::vector<Ref> items;
};
struct List {
    std::vector<Ref> items;
};
/// Any of Python's mappings; keys and values alternate.
struct Dict {
    std::vector<Ref> items;
};
/// A value whose content is not needed: a namespace of arguments, a set, a path, bytes, an object of any class.
struct Opaque {
    std::string of = {};  ///< its class, if that is unknown here
};

/// The objects that a pickle may refer to by name.
enum class Callable : uint8_t {
    ordered_dict,
    default_dict,
    size,
    rebuild_tensor,
    rebuild_tensor_v2,
    rebuild_parameter,
    rebuild_parameter_with_state,
    storage,
    inert,
    unknown
};
struct Global {
    Callable callable = Callable::inert;
    torch::ScalarType type = torch::kFloat;  ///< of a storage
    std::string name = {};                   ///< of an unknown object
};

/// Memory of tensors that is stored elsewhere in the file. A view (legacy layout) has `view_length` elements of it.
struct Storage {
    torch::ScalarType type = torch::kFloat;
    Ref key = 0;         ///< a text
    int64_t length = 0;  ///< elements
    int64_t view_offset = 0;
    int64_t view_length = 0;
};

/// A tensor, already checked to lie within the stated length of its storage.
struct Tensor {
    Ref storage = 0;
    int64_t offset = 0;  ///< elements, from the start of the storage
    std::vector<int64_t> sizes = {};
    std::vector<int64_t> strides = {};
};

using Value = std::variant<None, bool, int64_t, double, BigInteger, std::string, Tuple, List, Dict, Opaque, Global,
                           Storage, Tensor>;

struct Document {
    std::vector<Value> values;
    Ref root = 0;
    size_t length = 0;  ///< bytes of the pickle

    const Value& operator[](Ref ref) const { return values[ref]; }
    template <typename Kind>
    const Kind* get_if(Ref ref) const {
        return std::get_if<Kind>(&values[ref]);
    }
};

/// "a list", "a number": for messages.
std::string kind_of(const Value& value);
/// The same, with the class of an object.
std::string kind_of(const Document& document, Ref ref);

}  // namespace kaziranga::models::pickle
