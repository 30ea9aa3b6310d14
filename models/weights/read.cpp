#include "core/error.hpp"
#include "core/files.hpp"
#include "models/weights/pth.hpp"
#include "models/weights/raw_tensor.hpp"
#include "models/weights/safetensors.hpp"
#include "models/weights/state_dict.hpp"

#include <algorithm>
#include <cstring>

namespace kaziranga::models {
namespace {

bool is_safetensors(std::string_view bytes) {
    uint64_t length = 0;
    if (bytes.size() <= sizeof length) return false;
    std::memcpy(&length, bytes.data(), sizeof length);
    return bytes[sizeof length] == '{' && length <= kLargestFile;  // eight letters of a text make a larger number
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

/// What a file is that holds no weights, and what to do about it.
core::Problem describe(std::string_view bytes) {
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
    if (bytes.starts_with("\x1f\x8b")) return {.found = "a gzip file", .remedy = "unpack it first"};
    if (bytes.starts_with("\x89HDF")) {
        return {.found = "an HDF5 file", .remedy = "convert it to .safetensors in Python"};
    }
    return {.found = is_text(bytes) ? "a text file" : "an unknown kind of file",
            .remedy = "give a .pth, .pt or .safetensors file"};
}

StateDict parse_weights(std::string_view bytes, const std::string& where) {
    if (bytes.starts_with("PK\3\4")) return parse_zip_pth(bytes, where);
    if (is_legacy_pth(bytes)) return parse_legacy_pth(bytes, where);
    if (is_safetensors(bytes)) return parse_safetensors(bytes, where).tensors;
    core::Problem problem = describe(bytes);
    problem.what = "not a weight file";
    problem.where = where;
    problem.expected = "a .pth, .pt or .safetensors file";
    throw core::Error(std::move(problem));
}

bool strip(StateDict& weights, std::string_view prefix) {
    for (const auto& [name, tensor] : weights) {
        if (!name.starts_with(prefix) || name.size() == prefix.size()) return false;
    }
    for (auto& [name, tensor] : weights) name.erase(0, prefix.size());
    return true;
}

/// Takes away what DataParallel ("module.") and torch.compile ("_orig_mod.") put before every name, in any order.
void strip_wrappers(StateDict& weights) {
    while (strip(weights, "module.") || strip(weights, "_orig_mod.")) {
    }
}

}  // namespace

StateDict read_weights(const std::filesystem::path& path) {
    const std::string bytes = core::read_file(path, kLargestFile);
    StateDict weights = parse_weights(bytes, path.string());
    if (weights.empty()) throw core::Error({.what = "the file holds no tensors", .where = path.string()});
    strip_wrappers(weights);
    return weights;
}

}  // namespace kaziranga::models
