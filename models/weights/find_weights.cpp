#include "models/weights/find_weights.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "models/weights/choice.hpp"
#include "models/weights/raw_tensor.hpp"

#include <cstring>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace kaziranga::models {
namespace {

/// {"checkpoint": {"model": {"state_dict": …}}} and one more level.
constexpr size_t kDeepest = 4;
constexpr const char* kRemedy = "save the weights alone: torch.save(model.state_dict(), 'weights.pth')";
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

/// Copies tensors out of their storages, and counts the memory that they use.
class TensorReader {
  public:
    TensorReader(std::shared_ptr<const pickle::Document> document, StorageBytes storage_bytes, std::string where,
                 size_t file_size)
        : document_(std::move(document)),
          storage_bytes_(std::move(storage_bytes)),
          where_(std::move(where)),
          bytes_left_(kSpareBytes + kSpareFactor * file_size) {}

    torch::Tensor read(pickle::Ref ref) {
        const pickle::Tensor& view = *document_->get_if<pickle::Tensor>(ref);
        const pickle::Storage& storage = *document_->get_if<pickle::Storage>(view.storage);
        const std::string_view bytes = storage_bytes_(storage, *document_->get_if<std::string>(storage.key));
        const size_t element = torch::elementSize(storage.type);
        const auto count = static_cast<size_t>(*volume(view.sizes));
        if (count > bytes_left_ / element) {
            throw core::Error({.what = "the tensors unfold to far more memory than the file has",
                               .where = where_,
                               .expected = "at most " + std::to_string(bytes_left_) + " bytes more",
                               .found = "a tensor of shape " + shape_text(view.sizes),
                               .remedy = kRemedy});
        }
        bytes_left_ -= count * element;

        if (count == 0) return tensor_of_bytes({}, storage.type, view.sizes, where_);
        if (is_contiguous(view)) {
            const std::string_view part = bytes.substr(static_cast<size_t>(view.offset) * element, count * element);
            return tensor_of_bytes(part, storage.type, view.sizes, where_);
        }
        return tensor_of_bytes(packed_view(bytes, view, count, element), storage.type, view.sizes, where_);
    }

  private:
    std::shared_ptr<const pickle::Document> document_;
    StorageBytes storage_bytes_;
    std::string where_;
    uint64_t bytes_left_;
};

/// Searches a document for dicts of tensors, level by level, without recursion. It visits each dict once.
class Finder {
  public:
    Finder(std::shared_ptr<const pickle::Document> document, std::shared_ptr<TensorReader> reader,
           const std::string& where)
        : shared_(std::move(document)), document_(*shared_), reader_(std::move(reader)), where_(where) {}

    std::vector<StoredDict> find() {
        steps_.push_back({.ref = document_.root});
        seen_.emplace(document_.root, 0);
        for (size_t step = 0; step < steps_.size(); ++step) look(step);
        if (found_.empty()) fail();
        return std::move(found_);
    }

  private:
    /// A container on the path, and how it was reached.
    struct Step {
        pickle::Ref ref = 0;
        size_t parent = 0;
        size_t item = 0;  ///< index in the parent
        size_t depth = 0;
        std::optional<size_t> found = std::nullopt;  ///< index of its dict of tensors
    };

    [[noreturn]] void fail() const;
    [[noreturn]] void refuse(const std::string& what, size_t most, const std::string& found) const;
    std::string contents_of(const pickle::Dict& dict) const;
    std::string key(const Step& step) const;
    std::vector<std::string> keys(const Step& step) const;
    void look(size_t step);
    void visit(const Step& step);
    void add(StoredDict& dict, pickle::Ref key, pickle::Ref value);

    std::shared_ptr<const pickle::Document> shared_;
    const pickle::Document& document_;
    std::shared_ptr<TensorReader> reader_;
    const std::string& where_;
    std::vector<Step> steps_;
    std::unordered_map<pickle::Ref, size_t> seen_;  ///< the step that reached it
    std::vector<StoredDict> found_;
    size_t tensors_ = 0;
};

void Finder::fail() const {
    const pickle::Dict* root = document_.get_if<pickle::Dict>(document_.root);
    throw core::Error({.what = "the file holds no weights",
                       .where = where_,
                       .expected = "a state dict: tensors by name, at the top or under a key such as 'state_dict'",
                       .found = root != nullptr ? contents_of(*root) : pickle::kind_of(document_, document_.root),
                       .remedy = kRemedy});
}

std::string Finder::contents_of(const pickle::Dict& dict) const {
    constexpr size_t kMostKeys = 20;
    std::vector<std::string> keys;
    for (size_t i = 0; i + 1 < dict.items.size() && keys.size() < kMostKeys; i += 2) {
        const std::string* key = document_.get_if<std::string>(dict.items[i]);
        std::string text =
            key != nullptr ? "'" + key->substr(0, kLongestName) + "'" : pickle::kind_of(document_, dict.items[i]);
        if (document_.get_if<pickle::Opaque>(dict.items[i + 1]) != nullptr) {
            text += " (" + pickle::kind_of(document_, dict.items[i + 1]) + ")";
        }
        keys.push_back(std::move(text));
    }
    if (keys.empty()) return "an empty dict";
    return "the keys " + core::join(keys, ", ") + (2 * keys.size() < dict.items.size() ? ", …" : "");
}

std::string Finder::key(const Step& step) const {
    const pickle::Dict* dict = document_.get_if<pickle::Dict>(steps_[step.parent].ref);
    return dict != nullptr ? *document_.get_if<std::string>(dict->items[step.item]) : std::to_string(step.item);
}

std::vector<std::string> Finder::keys(const Step& step) const {
    std::vector<std::string> keys;
    for (Step at = step; at.depth > 0; at = steps_[at.parent]) keys.insert(keys.begin(), key(at));
    return keys;
}

void Finder::look(size_t number) {
    const Step step = steps_[number];
    const auto next = [&](size_t item, pickle::Ref ref) {
        visit({.ref = ref, .parent = number, .item = item, .depth = step.depth + 1});
    };
    if (const auto* list = document_.get_if<pickle::List>(step.ref)) {
        for (size_t i = 0; i < list->items.size(); ++i) next(i, list->items[i]);
    } else if (const auto* tuple = document_.get_if<pickle::Tuple>(step.ref)) {
        for (size_t i = 0; i < tuple->items.size(); ++i) next(i, tuple->items[i]);
    } else if (const auto* dict = document_.get_if<pickle::Dict>(step.ref)) {
        StoredDict stored;
        for (size_t i = 0; i + 1 < dict->items.size(); i += 2) {
            const std::string* key = document_.get_if<std::string>(dict->items[i]);
            if (document_.get_if<pickle::Tensor>(dict->items[i + 1]) != nullptr) {
                add(stored, dict->items[i], dict->items[i + 1]);
            } else if (key != nullptr && key->size() <= kLongestName) {
                next(i, dict->items[i + 1]);
            }
        }
        if (stored.tensors.empty()) return;
        stored.keys = keys(step);
        steps_[number].found = found_.size();
        found_.push_back(std::move(stored));
    }
}

void Finder::visit(const Step& step) {
    const pickle::Value& value = document_[step.ref];
    const bool container = std::holds_alternative<pickle::Dict>(value) || std::holds_alternative<pickle::List>(value) ||
                           std::holds_alternative<pickle::Tuple>(value);
    if (!container || step.depth > kDeepest) return;
    const auto [known, fresh] = seen_.emplace(step.ref, steps_.size());
    if (fresh) {
        steps_.push_back(step);
        return;
    }
    // If a dict has two keys, the better one is used.
    Step& present = steps_[known->second];
    if (!std::holds_alternative<pickle::Dict>(value) || present.depth != step.depth) return;
    std::vector<std::string> other = keys(step);
    if (rank_of(other) >= rank_of(keys(present))) return;
    present.parent = step.parent;
    present.item = step.item;
    if (present.found) found_[*present.found].keys = std::move(other);
}

void Finder::refuse(const std::string& what, size_t most, const std::string& found) const {
    throw core::Error({.what = what,
                       .where = where_,
                       .expected = "at most " + std::to_string(most),
                       .found = found,
                       .remedy = kRemedy});
}

void Finder::add(StoredDict& dict, pickle::Ref key, pickle::Ref value) {
    const std::string* name = document_.get_if<std::string>(key);
    if (name == nullptr) {
        dict.problem = "a tensor's name is no text but " + pickle::kind_of(document_, key);
        return;
    }
    if (name->size() > kLongestName) {
        refuse("the name of a tensor is too long", kLongestName, std::to_string(name->size()) + " letters");
    }
    if (++tensors_ > kMostTensors) {
        refuse("the file holds more tensors than any network that is known here", kMostTensors, "more");
    }
    const pickle::Tensor& view = *document_.get_if<pickle::Tensor>(value);
    const pickle::Storage& storage = *document_.get_if<pickle::Storage>(view.storage);
    dict.tensors.push_back({.name = *name,
                            .type = storage.type,
                            .sizes = view.sizes,
                            .place = *document_.get_if<std::string>(storage.key) + ":" + std::to_string(view.offset),
                            .read = [reader = reader_, value] { return reader->read(value); }});
}

}  // namespace

std::vector<StoredDict> find_weights(std::shared_ptr<const pickle::Document> document, StorageBytes storage_bytes,
                                     const std::string& where, size_t file_size) {
    auto reader = std::make_shared<TensorReader>(document, std::move(storage_bytes), where, file_size);
    return Finder(std::move(document), std::move(reader), where).find();
}

}  // namespace kaziranga::models
