#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "models/weights/choice.hpp"
#include "models/weights/names.hpp"
#include "models/weights/pth.hpp"
#include "models/weights/raw_tensor.hpp"
#include "models/weights/safetensors.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <cstring>
#include <map>

namespace kaziranga::models {
namespace {

bool is_safetensors(std::string_view bytes) {
    uint64_t length = 0;
    if (bytes.size() <= sizeof length) return false;
    std::memcpy(&length, bytes.data(), sizeof length);
    return bytes[sizeof length] == '{' && length <= kLargestFile;  // eight letters of a text give a larger number
}

bool is_old_tar(std::string_view bytes) {
    constexpr size_t kTarMark = 257;
    return bytes.size() > kTarMark && bytes.substr(kTarMark).starts_with("ustar");
}

bool is_text(std::string_view bytes) {
    const std::string_view front = bytes.substr(0, 512);
    return std::all_of(front.begin(), front.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
    });
}

/// Describes a file that holds no weights, and what to do about it.
core::Problem describe(std::string_view bytes) {
    constexpr size_t kFront = 4096;  // the file may be of any length
    bytes = bytes.substr(0, kFront);
    const size_t first = bytes.find_first_not_of(" \t\r\n");
    if (bytes.empty()) return {.found = "an empty file", .remedy = "download or copy it again"};
    if (bytes.starts_with("version https://git-lfs")) {
        return {.found = "a git-lfs pointer, which stands for a file that was not fetched",
                .remedy = "run: git lfs pull"};
    }
    if (first != std::string_view::npos && bytes[first] == '<') {
        return {.found = "a web page, as a failed download leaves it", .remedy = "download the file again"};
    }
    if (is_old_tar(bytes)) {
        return {.found = "a tar archive, perhaps a .pth file from before PyTorch 0.2",
                .remedy = "load it in Python and save it as .safetensors"};
    }
    if (bytes.starts_with('\x80')) {
        return {.found = "a Python pickle that torch.save did not write",
                .remedy = "if you trust it, load it in Python and save it as .safetensors"};
    }
    if (first != std::string_view::npos && bytes[first] == '{' && bytes.find("\"weight_map\"") != bytes.npos) {
        return {.found = "the list of files that a network is split over",
                .remedy = "load them all in Python and save them as one .safetensors file"};
    }
    if (bytes.starts_with("\x1f\x8b")) return {.found = "a gzip file", .remedy = "unpack it first"};
    if (bytes.starts_with("\x89HDF")) {
        return {.found = "an HDF5 file", .remedy = "convert it to .safetensors in Python"};
    }
    return {.found = is_text(bytes) ? "a text file" : "an unknown kind of file",
            .remedy = "give a .pth, .pt or .safetensors file"};
}

/// A memory-mapped weight file. It reads the descriptions of all tensors, but only the requested bytes.
class WeightFile {
  public:
    explicit WeightFile(const std::filesystem::path& path)
        : where_(path.string()), file_(core::map_file(path, kLargestFile)), dicts_(parse(file_.bytes(), where_)) {
        if (std::ranges::all_of(dicts_, [](const StoredDict& dict) { return dict.tensors.empty(); })) {
            throw core::Error({.what = "the file holds no tensors",
                               .where = where_,
                               .expected = "a state dict",
                               .remedy = "save the weights alone: torch.save(model.state_dict(), 'weights.pth')"});
        }
    }
    const std::string& where() const { return where_; }
    const std::vector<StoredDict>& dicts() const { return dicts_; }

  private:
    static std::vector<StoredDict> parse(std::string_view bytes, const std::string& where) {
        if (bytes.starts_with("PK\3\4")) return parse_zip_pth(bytes, where);
        if (is_legacy_pth(bytes)) return parse_legacy_pth(bytes, where);
        if (is_safetensors(bytes)) return {stored_safetensors(bytes, where)};
        core::Problem problem = describe(bytes);
        problem.what = "not a weight file";
        problem.where = where;
        problem.expected = "a .pth, .pt or .safetensors file";
        throw core::Error(std::move(problem));
    }

    std::string where_;
    core::MappedFile file_;
    std::vector<StoredDict> dicts_;
};

/// "a, b, c, …"
std::string first_of(const std::vector<std::string>& texts) {
    constexpr size_t kShown = 3;
    const size_t shown = std::min(texts.size(), kShown);
    const std::vector<std::string> front(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(shown));
    return core::join(front, ", ") + (shown < texts.size() ? ", …" : "");
}

/// The part up to a dot that all names have at the start.
std::string common_prefix(const std::vector<StoredTensor>& tensors) {
    std::string_view common = tensors.front().name;
    for (const StoredTensor& tensor : tensors) {
        const auto end = std::ranges::mismatch(common, tensor.name).in1;
        common = common.substr(0, static_cast<size_t>(end - common.begin()));
    }
    return std::string(common.substr(0, common.rfind('.') + 1));
}

std::string naming_of(const Choice& choice) {
    if (!choice.prefix.empty()) return "names without the prefix '" + choice.prefix + "'";
    const std::string common = common_prefix(choice.dict->tensors);
    return common.empty() ? "names as they stand, such as '" + choice.dict->tensors.front().name + "'"
                          : "names that begin with '" + common + "'";
}

std::vector<std::string> notes_of(const Choice& choice, const std::vector<std::string>& outside) {
    std::vector<std::string> notes;
    const std::vector<std::string>& keys = choice.dict->keys;
    if (is_averaged(keys) || !choice.other_dicts.empty()) {
        notes.push_back((is_averaged(keys) ? "the averaged ones, " : "those under ") + place_text(keys));
        if (!choice.other_dicts.empty()) notes.back() += ", and not those under " + first_of(choice.other_dicts);
    }
    if (choice.prefix.empty()) return notes;
    notes.push_back("names without the prefix '" + choice.prefix + "'");
    if (!choice.other_prefixes.empty())
        notes.back() += ", and not those under '" + first_of(choice.other_prefixes) + "'";
    if (!outside.empty()) {
        notes.back() += "; left out (" + std::to_string(outside.size()) + "): " + first_of(outside);
    }
    return notes;
}

bool is_count(const StoredTensor& tensor) {
    return tensor.sizes.empty() && torch::isIntegralType(tensor.type, /*includeBool=*/true);
}

/// True if a file's tensor can be the network's: same shape or, in the output layer, another number of classes.
bool may_fit(const StoredTensor& tensor, const torch::Tensor& target, bool in_classifier) {
    const std::vector<int64_t> sizes = target.sizes().vec();
    if (tensor.sizes == sizes) return true;
    return in_classifier && !sizes.empty() && tensor.sizes.size() == sizes.size() &&
           std::equal(sizes.begin() + 1, sizes.end(), tensor.sizes.begin() + 1);
}

}  // namespace

StateDict read_weights(const std::filesystem::path& path) {
    const WeightFile file(path);
    StateDict weights;
    for (const StoredTensor& tensor : choose(file.dicts(), file.where()).tensors) {
        weights.emplace_back(tensor.name, tensor.read());
    }
    return weights;
}

NetworkWeights read_weights(const std::filesystem::path& path, const torch::nn::Module& network,
                            const std::string& classifier) {
    const WeightFile file(path);
    const Choice choice = choose(file.dicts(), network, classifier, file.where());
    std::vector<const StoredTensor*> inside;
    std::vector<std::string> names, outside;
    for (const StoredTensor& tensor : choice.dict->tensors) {
        if (tensor.name.starts_with(choice.prefix)) {
            inside.push_back(&tensor);
            names.push_back(tensor.name.substr(choice.prefix.size()));
        } else if (!is_count(tensor)) {
            outside.push_back(tensor.name);
        }
    }
    map_names(names, network);

    std::map<std::string, torch::Tensor> targets;
    for (const auto& [name, tensor] : state_dict(network)) targets.emplace(name, tensor);
    NetworkWeights weights{.notes = notes_of(choice, outside), .naming = naming_of(choice)};
    for (size_t i = 0; i < inside.size(); ++i) {
        const auto target = targets.find(names[i]);
        if (target == targets.end() && is_count(*inside[i])) continue;
        const bool fits =
            target != targets.end() && may_fit(*inside[i], target->second, in_layer(names[i], classifier));
        weights.tensors.emplace_back(
            names[i],
            fits ? inside[i]->read()
                 : torch::empty(inside[i]->sizes, torch::TensorOptions().dtype(inside[i]->type).device(torch::kMeta)));
    }
    return weights;
}

}  // namespace kaziranga::models
