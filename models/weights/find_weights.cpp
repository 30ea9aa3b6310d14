#include "models/weights/find_weights.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "models/weights/raw_tensor.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>

namespace kaziranga::models {
namespace {

constexpr std::array<const char*, 4> kHomes = {"state_dict", "model", "model_state", "model_state_dict"};
constexpr uint64_t kSpareBytes = uint64_t{256} << 20;
constexpr uint64_t kSpareFactor = 8;

/// Copies the elements of a view one by one, the last dimension fastest.
template <size_t kSize>
void gather(const char* storage, const pickle::Tensor& view, std::string& packed) {
    std::vector<int64_t> index(view.sizes.size(), 0);
    int64_t at = view.offset;
    for (char* out = packed.data(); out != packed.data() + packed.size(); out += kSize) {
        std::memcpy(out, storage + at * static_cast<int64_t>(kSize), kSize);
        for (size_t k = index.size(); k-- > 0;) {
            at += view.strides[k];
            if (++index[k] < view.sizes[k]) break;
            at -= index[k] * view.strides[k];
            index[k] = 0;
        }
    }
}

std::string packed_view(std::string_view storage, const pickle::Tensor& view, size_t count, size_t element) {
    std::string packed(count * element, '\0');
    switch (element) {
        case 1:
            gather<1>(storage.data(), view, packed);
            break;
        case 2:
            gather<2>(storage.data(), view, packed);
            break;
        case 4:
            gather<4>(storage.data(), view, packed);
            break;
        default:
            gather<8>(storage.data(), view, packed);
            break;
    }
    return packed;
}

bool is_contiguous(const pickle::Tensor& view) {
    int64_t stride = 1;
    for (size_t k = view.sizes.size(); k-- > 0;) {
        if (view.sizes[k] == 1) continue;
        if (view.strides[k] != stride) return false;
        stride *= view.sizes[k];
    }
    return true;
}

/// Looks through a document for weights, and copies them out of their storages.
class Finder {
  public:
    Finder(const pickle::Document& document, const StorageBytes& storage_bytes, const std::string& where,
           size_t file_size)
        : document_(document),
          storage_bytes_(storage_bytes),
          where_(where),
          bytes_left_(kSpareBytes + kSpareFactor * file_size) {}

    StateDict find() {
        const pickle::Dict* root = document_.get_if<pickle::Dict>(document_.root);
        if (root == nullptr) {
            fail("the file holds no dict of tensors", "", pickle::kind_of(document_[document_.root]));
        }
        return take(home(*root));
    }

  private:
    [[noreturn]] void fail(const std::string& what, const std::string& expected, const std::string& found) const {
        throw core::Error({.what = what,
                           .where = where_,
                           .expected = expected,
                           .found = found,
                           .remedy = "save the weights alone: torch.save(model.state_dict(), 'weights.pth')"});
    }

    const pickle::Dict& home(const pickle::Dict& root) const;
    bool has_tensors(const pickle::Dict& dict) const;
    std::string keys_of(const pickle::Dict& dict) const;
    StateDict take(const pickle::Dict& dict);
    torch::Tensor take(const pickle::Tensor& view);

    const pickle::Document& document_;
    const StorageBytes& storage_bytes_;
    const std::string& where_;
    uint64_t bytes_left_;
};

bool Finder::has_tensors(const pickle::Dict& dict) const {
    for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        if (document_.get_if<std::string>(dict.items[i]) != nullptr &&
            document_.get_if<pickle::Tensor>(dict.items[i + 1]) != nullptr) {
            return true;
        }
    }
    return false;
}

std::string Finder::keys_of(const pickle::Dict& dict) const {
    constexpr size_t kMostKeys = 20;
    std::vector<std::string> keys;
    for (size_t i = 0; i + 1 < dict.items.size() && keys.size() < kMostKeys; i += 2) {
        const std::string* key = document_.get_if<std::string>(dict.items[i]);
        keys.push_back(key != nullptr ? "'" + *key + "'" : pickle::kind_of(document_[dict.items[i]]));
    }
    if (keys.empty()) return "an empty dict";
    return "the keys " + core::join(keys, ", ") + (2 * keys.size() < dict.items.size() ? ", …" : "");
}

const pickle::Dict& Finder::home(const pickle::Dict& root) const {
    const pickle::Dict* found = nullptr;
    for (size_t i = 0; i + 1 < root.items.size(); i += 2) {
        const std::string* key = document_.get_if<std::string>(root.items[i]);
        const pickle::Dict* dict = document_.get_if<pickle::Dict>(root.items[i + 1]);
        if (key == nullptr || dict == nullptr || !has_tensors(*dict)) continue;
        if (std::find(kHomes.begin(), kHomes.end(), *key) == kHomes.end()) continue;
        if (found != nullptr) fail("the file holds weights in two places", "one dict of tensors", keys_of(root));
        found = dict;
    }
    if (found != nullptr) return *found;
    if (!has_tensors(root)) {
        fail("the file holds no weights where they are looked for",
             "tensors at the top, or under 'state_dict', 'model', 'model_state' or 'model_state_dict'", keys_of(root));
    }
    return root;
}

StateDict Finder::take(const pickle::Dict& dict) {
    StateDict weights;
    std::unordered_set<std::string> names;
    for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
        const std::string* name = document_.get_if<std::string>(dict.items[i]);
        const pickle::Tensor* view = document_.get_if<pickle::Tensor>(dict.items[i + 1]);
        if (view == nullptr) continue;
        if (name == nullptr) fail("a tensor's name is no text", "", pickle::kind_of(document_[dict.items[i]]));
        if (!names.insert(*name).second) fail("the name '" + *name + "' appears twice", "", "");
        weights.emplace_back(*name, take(*view));
    }
    return weights;
}

torch::Tensor Finder::take(const pickle::Tensor& view) {
    const pickle::Storage& storage = *document_.get_if<pickle::Storage>(view.storage);
    const std::string_view bytes = storage_bytes_(storage, *document_.get_if<std::string>(storage.key));
    const size_t element = torch::elementSize(storage.type);
    const auto count = static_cast<size_t>(*volume(view.sizes));
    if (count > bytes_left_ / element) fail("the tensors unfold to far more memory than the file has", "", "");
    bytes_left_ -= count * element;

    if (count == 0) return tensor_of_bytes({}, storage.type, view.sizes, where_);
    if (is_contiguous(view)) {
        const std::string_view part = bytes.substr(static_cast<size_t>(view.offset) * element, count * element);
        return tensor_of_bytes(part, storage.type, view.sizes, where_);
    }
    return tensor_of_bytes(packed_view(bytes, view, count, element), storage.type, view.sizes, where_);
}

}  // namespace

StateDict find_weights(const pickle::Document& document, const StorageBytes& storage_bytes, const std::string& where,
                       size_t file_size) {
    return Finder(document, storage_bytes, where, file_size).find();
}

}  // namespace kaziranga::models
