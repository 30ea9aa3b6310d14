#include "models/weights/pickle_globals.hpp"

#include "core/error.hpp"
#include "core/utf8.hpp"
#include "models/weights/damaged.hpp"
#include "models/weights/raw_tensor.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

namespace kaziranga::models::pickle {
namespace {

constexpr size_t kLongestKey = 256;
constexpr size_t kLongestShown = 120;

const std::unordered_map<std::string, Global>& globals() {
    static const std::unordered_map<std::string, Global> kGlobals = [] {
        std::unordered_map<std::string, Global> table = {
            {"collections.OrderedDict", {Callable::ordered_dict}},
            {"collections.defaultdict", {Callable::default_dict}},
            {"torch.Size", {Callable::size}},
            {"torch._utils._rebuild_tensor", {Callable::rebuild_tensor}},
            {"torch._utils._rebuild_tensor_v2", {Callable::rebuild_tensor_v2}},
            {"torch._utils._rebuild_parameter", {Callable::rebuild_parameter}},
            {"torch._utils._rebuild_parameter_with_state", {Callable::rebuild_parameter_with_state}},
            {"torch.FloatStorage", {Callable::storage, torch::kFloat}},
            {"torch.DoubleStorage", {Callable::storage, torch::kDouble}},
            {"torch.HalfStorage", {Callable::storage, torch::kHalf}},
            {"torch.BFloat16Storage", {Callable::storage, torch::kBFloat16}},
            {"torch.LongStorage", {Callable::storage, torch::kLong}},
            {"torch.IntStorage", {Callable::storage, torch::kInt}},
            {"torch.ShortStorage", {Callable::storage, torch::kShort}},
            {"torch.CharStorage", {Callable::storage, torch::kChar}},
            {"torch.ByteStorage", {Callable::storage, torch::kByte}},
            {"torch.BoolStorage", {Callable::storage, torch::kBool}},
        };
        // Plain records that training scripts keep beside the weights; only their presence is noted. The pickle calls
        // the functions that make them, so each function is listed here by name.
        for (const char* name : {"argparse.Namespace",
                                 "collections.Counter",
                                 "collections.deque",
                                 "copyreg._reconstructor",
                                 "copy_reg._reconstructor",
                                 "datetime.date",
                                 "datetime.datetime",
                                 "datetime.timedelta",
                                 "datetime.timezone",
                                 "decimal.Decimal",
                                 "fractions.Fraction",
                                 "numpy.dtype",
                                 "numpy.ndarray",
                                 "pathlib.PosixPath",
                                 "pathlib.WindowsPath",
                                 "pathlib.PurePosixPath",
                                 "pathlib.PureWindowsPath",
                                 "pathlib.Path",
                                 "pathlib._local.PosixPath",
                                 "pathlib._local.WindowsPath",
                                 "uuid.UUID",
                                 "torch.device",
                                 "torch.float32",
                                 "torch.float64",
                                 "torch.float16",
                                 "torch.bfloat16",
                                 "torch.int64",
                                 "torch.int32",
                                 "torch.int16",
                                 "torch.int8",
                                 "torch.uint8",
                                 "torch.bool",
                                 "_codecs.encode"}) {
            table[name] = {Callable::inert};
        }
        // NumPy renamed its inner packages with version 2.
        for (const std::string package : {"numpy.core.", "numpy._core."}) {
            for (const char* name : {"multiarray.scalar", "multiarray._reconstruct", "numeric._frombuffer"}) {
                table[package + name] = {Callable::inert};
            }
        }
        for (const char* name : {"set", "frozenset", "dict", "list", "tuple", "int", "float", "bool", "str", "complex",
                                 "slice", "range", "bytes", "bytearray"}) {
            table[std::string("builtins.") + name] = {Callable::inert};
            table[std::string("__builtin__.") + name] = {Callable::inert};
        }
        return table;
    }();
    return kGlobals;
}

std::optional<int64_t> count_of(const Document& document, Ref ref) {
    const int64_t* number = document.get_if<int64_t>(ref);
    if (number == nullptr || *number < 0) return std::nullopt;
    return *number;
}

std::vector<int64_t> counts_of(const Document& document, Ref ref, const Failure& failure) {
    const Tuple* tuple = document.get_if<Tuple>(ref);
    if (tuple == nullptr) failure.damaged("a tensor's shape or strides are no tuple");
    if (tuple->items.size() > kMostDimensions) failure.refused("a tensor has too many dimensions");
    std::vector<int64_t> counts;
    for (const Ref item : tuple->items) {
        const std::optional<int64_t> count = count_of(document, item);
        if (!count) failure.damaged("a tensor has a negative or fractional size or stride");
        counts.push_back(*count);
    }
    return counts;
}

/// True if every element of the view lies in [0, length).
bool lies_within(const Tensor& tensor, int64_t length) {
    int64_t last = tensor.offset;
    if (last > length) return false;
    if (std::find(tensor.sizes.begin(), tensor.sizes.end(), 0) != tensor.sizes.end()) return true;
    for (size_t i = 0; i < tensor.sizes.size(); ++i) {
        const int64_t steps = tensor.sizes[i] - 1;
        if (steps > 0 && tensor.strides[i] > (std::numeric_limits<int64_t>::max() - last) / steps) return false;
        last += steps * tensor.strides[i];
    }
    return last < length;
}

Tensor rebuild_tensor(const Document& document, const Tuple& arguments, const Failure& failure) {
    const std::vector<Ref>& items = arguments.items;
    const Storage* storage = document.get_if<Storage>(items[0]);
    const std::optional<int64_t> offset = count_of(document, items[1]);
    if (storage == nullptr || !offset) failure.damaged("a tensor has no storage or no offset");
    Tensor tensor{.storage = items[0], .offset = *offset};
    tensor.sizes = counts_of(document, items[2], failure);
    tensor.strides = counts_of(document, items[3], failure);
    if (tensor.sizes.size() != tensor.strides.size()) failure.damaged("a tensor has more sizes than strides or fewer");
    if (!volume(tensor.sizes)) failure.damaged("a tensor's shape is too large", {}, shape_text(tensor.sizes));
    if (!lies_within(tensor, storage->view_length)) {
        failure.damaged("a tensor reaches out of its storage",
                        "at most " + std::to_string(storage->view_length) + " elements",
                        "shape " + shape_text(tensor.sizes) + ", strides " + shape_text(tensor.strides) + ", offset " +
                            std::to_string(tensor.offset));
    }
    tensor.offset += storage->view_offset;
    return tensor;
}

std::vector<Ref> size_items(const Document& document, Ref ref, const Failure& failure) {
    const Tuple* tuple = document.get_if<Tuple>(ref);
    const List* list = document.get_if<List>(ref);
    if (tuple == nullptr && list == nullptr) failure.damaged("a shape is no tuple");
    const std::vector<Ref>& items = tuple != nullptr ? tuple->items : list->items;
    if (items.size() > kMostDimensions) failure.refused("a shape has too many dimensions");
    return items;
}

/// OrderedDict() or, as Python 2 wrote it, OrderedDict([[key, value], …]).
Dict ordered_dict(const Document& document, const Tuple& arguments, const Failure& failure) {
    Dict dict;
    if (arguments.items.empty()) return dict;
    const List* pairs = arguments.items.size() == 1 ? document.get_if<List>(arguments.items[0]) : nullptr;
    if (pairs == nullptr) failure.damaged("an OrderedDict is made of something else than pairs");
    for (const Ref ref : pairs->items) {
        const List* list = document.get_if<List>(ref);
        const Tuple* tuple = document.get_if<Tuple>(ref);
        const std::vector<Ref>* pair = list != nullptr ? &list->items : tuple != nullptr ? &tuple->items : nullptr;
        if (pair == nullptr || pair->size() != 2)
            failure.damaged("an OrderedDict is made of something else than pairs");
        dict.items.insert(dict.items.end(), pair->begin(), pair->end());
    }
    return dict;
}

}  // namespace

void Failure::damaged(const std::string& what, const std::string& expected, const std::string& found) const {
    models::damaged(what, where_, expected, found);
}

void Failure::refused(const std::string& what, const std::string& expected, const std::string& found) const {
    throw core::Error({.what = what,
                       .where = where_,
                       .expected = expected,
                       .found = found,
                       .remedy = "if you trust the file, load it in Python and save the weights alone: "
                                 "safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')"});
}

Global find_global(std::string_view module, std::string_view name, const Failure& failure) {
    const std::string full =
        std::string(module.substr(0, kLongestKey)) + "." + std::string(name.substr(0, kLongestKey));
    if (!core::is_utf8(full)) failure.damaged("a name in the pickle is not valid UTF-8");
    const auto found = globals().find(full);
    if (found != globals().end()) return found->second;
    const bool tensor = full.starts_with("torch._utils._rebuild") || full.ends_with("Storage");
    if (tensor) failure.refused("'" + full + "': tensors of this kind are not supported");
    return {.callable = Callable::unknown, .name = full.substr(0, kLongestShown)};
}

Value call(const Document& document, const Global& global, const Tuple& arguments, const Failure& failure) {
    const size_t count = arguments.items.size();
    switch (global.callable) {
        case Callable::ordered_dict:
            return ordered_dict(document, arguments, failure);
        case Callable::default_dict:
            return Dict{};
        case Callable::inert:
            return Opaque{};
        case Callable::unknown:
            failure.refused("'" + global.name + "' is not allowed in a weight file: the file calls it");
        case Callable::size:
            if (count == 1) return Tuple{size_items(document, arguments.items[0], failure)};
            break;
        case Callable::rebuild_tensor:
            if (count == 4) return rebuild_tensor(document, arguments, failure);
            break;
        case Callable::rebuild_tensor_v2:
            if (count == 7) {
                // Marks a lazy conjugate or negative tensor, whose bytes are not its values.
                const Dict* marks = document.get_if<Dict>(arguments.items[6]);
                if (marks == nullptr || !marks->items.empty()) failure.refused("a tensor carries marks of its own");
            }
            if (count == 6 || count == 7) return rebuild_tensor(document, arguments, failure);
            break;
        case Callable::rebuild_parameter:
        case Callable::rebuild_parameter_with_state:
            if (count >= 3 && document.get_if<Tensor>(arguments.items[0]) != nullptr) {
                return *document.get_if<Tensor>(arguments.items[0]);
            }
            break;
        case Callable::storage:
            failure.refused("a storage is built by a call");
    }
    failure.damaged("a tensor or shape is built from the wrong arguments");
}

Storage find_storage(const Document& document, Ref id, const Failure& failure) {
    const Tuple* tuple = document.get_if<Tuple>(id);
    const std::string* kind =
        tuple != nullptr && !tuple->items.empty() ? document.get_if<std::string>(tuple->items[0]) : nullptr;
    if (kind != nullptr && *kind == "module")
        failure.refused("the file holds the code of a network, not weights alone");
    if (kind == nullptr || *kind != "storage" || tuple->items.size() < 5 || tuple->items.size() > 6) {
        failure.damaged("a reference that is no tensor storage");
    }
    const Global* type = document.get_if<Global>(tuple->items[1]);
    const std::string* key = document.get_if<std::string>(tuple->items[2]);
    const std::optional<int64_t> length = count_of(document, tuple->items[4]);
    if (type == nullptr || type->callable != Callable::storage || key == nullptr || key->size() > kLongestKey ||
        !length || !volume({*length})) {
        failure.damaged("a tensor storage with a malformed type, key or length");
    }
    Storage storage{.type = type->type, .key = tuple->items[2], .length = *length, .view_length = *length};
    if (tuple->items.size() == 5 || document.get_if<None>(tuple->items[5]) != nullptr) return storage;

    const Tuple* view = document.get_if<Tuple>(tuple->items[5]);
    const bool complete = view != nullptr && view->items.size() == 3;
    const std::optional<int64_t> offset = complete ? count_of(document, view->items[1]) : std::nullopt;
    const std::optional<int64_t> view_length = complete ? count_of(document, view->items[2]) : std::nullopt;
    if (!offset || !view_length || *view_length > *length - *offset) {
        failure.damaged("a view of a tensor storage reaches out of it",
                        "at most " + std::to_string(*length) + " elements");
    }
    storage.view_offset = *offset;
    storage.view_length = *view_length;
    return storage;
}

}  // namespace kaziranga::models::pickle
