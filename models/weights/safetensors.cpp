#include "models/weights/safetensors.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hash.hpp"
#include "models/weights/damaged.hpp"
#include "models/weights/raw_tensor.hpp"
#include "models/weights/safetensors_header.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

static_assert(std::endian::native == std::endian::little, "tensor bytes are copied as they lie in the file");

namespace kaziranga::models {
namespace {

/// Bytes; for reading and writing. The format allows 100 MB, which takes seconds to read; kMostTensors tensors and the
/// longest lists of classes need less.
constexpr uint64_t kLongestHeader = 32'000'000;

/// The JSON part; the first eight bytes give its length.
std::string_view header_of(std::string_view bytes, const std::string& where) {
    uint64_t length = 0;
    if (bytes.size() < sizeof length) damaged("too short for a safetensors file", where, {}, bytes_text(bytes.size()));
    std::memcpy(&length, bytes.data(), sizeof length);
    if (length > kLongestHeader) {
        throw core::Error({.what = "the header is too long",
                           .where = where,
                           .expected = "at most " + bytes_text(kLongestHeader),
                           .found = bytes_text(length),
                           .remedy = "no network that is known here needs so long a one: if the file is not damaged, "
                                     "save the weights alone"});
    }
    bytes.remove_prefix(sizeof length);
    if (length > bytes.size()) {
        damaged("the file ends inside its header", where, bytes_text(length), bytes_text(bytes.size()));
    }
    if (length == 0 || bytes.front() != '{') {
        damaged("the header does not begin with '{'", where, {},
                length == 0 ? "no header" : fmt::format("'{}'", bytes.front()));
    }
    // The JSON reader takes a zero byte as the end of its text, and the format pads with spaces.
    if (bytes.substr(0, length).find('\0') != std::string_view::npos) damaged("a zero byte in the header", where);
    return bytes.substr(0, length);
}

/// Checks that sizes equal shape times dtype, and that every byte of the data is used exactly once.
void check_layout(const std::vector<SafeEntry>& entries, uint64_t data_size, const std::string& where) {
    uint64_t next = 0;
    for (const SafeEntry& entry : entries) {
        if (entry.begin != next || entry.end < entry.begin) {
            damaged("the data of tensor '" + entry.name + "' does not follow the tensor before it", where,
                    "offset " + std::to_string(next),
                    "offsets " + std::to_string(entry.begin) + " to " + std::to_string(entry.end));
        }
        const std::optional<int64_t> count = volume(entry.shape);
        if (!count)
            damaged("the shape of tensor '" + entry.name + "' is too large", where, {}, shape_text(entry.shape));
        const uint64_t size = static_cast<uint64_t>(*count) * torch::elementSize(entry.type);
        if (size != entry.end - entry.begin) {
            damaged("the data of tensor '" + entry.name + "' does not have the size of its shape and dtype", where,
                    bytes_text(size), bytes_text(entry.end - entry.begin));
        }
        next = entry.end;
    }
    if (next != data_size) {
        damaged("the data does not end where the last tensor ends", where, bytes_text(next), bytes_text(data_size));
    }
}

/// The header with its entries in the order of their bytes, and the bytes.
struct Layout {
    SafeHeader header;
    std::string_view data;
};

Layout layout_of(std::string_view bytes, const std::string& where) {
    const std::string_view json = header_of(bytes, where);
    Layout layout{parse_safetensors_header(json, where), bytes.substr(sizeof(uint64_t) + json.size())};
    std::ranges::stable_sort(layout.header.entries, {},
                             [](const SafeEntry& entry) { return std::pair(entry.begin, entry.end); });
    check_layout(layout.header.entries, layout.data.size(), where);
    return layout;
}

nlohmann::ordered_json header_json(const StateDict& tensors, const Metadata& metadata) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    uint64_t begin = 0;
    std::unordered_set<std::string> names = {"__metadata__"};
    for (const auto& [name, tensor] : tensors) {
        TORCH_CHECK(names.insert(name).second, "safetensors: the name '", name, "' is taken");
        const uint64_t end = begin + static_cast<uint64_t>(tensor.numel()) * tensor.element_size();
        nlohmann::ordered_json entry;
        entry["dtype"] = safetensors_type(tensor.scalar_type());
        entry["shape"] = tensor.sizes().vec();
        entry["data_offsets"] = {begin, end};
        header.push_back({name, std::move(entry)});
        begin = end;
    }
    return header;
}

/// The header as written: padded with spaces, so that the data begins at a multiple of eight.
std::string header_text(const StateDict& tensors, const Metadata& metadata, const std::string& where) {
    std::string text;
    try {
        text = header_json(tensors, metadata).dump();
    } catch (const nlohmann::json::type_error&) {
        throw core::Error({.what = "a name or a note for the file is not valid UTF-8", .where = where});
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');
    if (text.size() > kLongestHeader) {
        throw core::Error({.what = "the header would be too long for the safetensors format",
                           .where = where,
                           .expected = "at most " + bytes_text(kLongestHeader),
                           .found = bytes_text(text.size())});
    }
    return text;
}

constexpr const char* kSeal = "kaziranga.seal";

/// The checksum of everything except the seal itself.
std::string seal_of(const StateDict& tensors, const Metadata& metadata) {
    core::Hasher hasher;
    for (const auto& [key, note] : metadata) {
        if (key == kSeal) continue;
        hasher.add_text(key);
        hasher.add_text(note);
    }
    for (const auto& [name, tensor] : tensors) {
        const torch::Tensor plain = tensor.detach().cpu().contiguous();
        hasher.add_text(name);
        hasher.add_text(safetensors_type(plain.scalar_type()));
        hasher.add_text(shape_text(plain.sizes().vec()));
        hasher.add(plain.data_ptr(), plain.nbytes());
    }
    return hasher.digest().hex();
}

}  // namespace

SafeTensors parse_safetensors(std::string_view bytes, const std::string& where) {
    Layout layout = layout_of(bytes, where);
    SafeTensors result;
    result.metadata = std::move(layout.header.metadata);
    for (const SafeEntry& entry : layout.header.entries) {
        const std::string_view part = layout.data.substr(entry.begin, entry.end - entry.begin);
        result.tensors.emplace_back(entry.name, tensor_of_bytes(part, entry.type, entry.shape, where));
    }
    return result;
}

SafeTensors read_safetensors(const std::filesystem::path& path) {
    const core::MappedFile file = core::map_file(path, kLargestFile);
    if (file.bytes().starts_with("PK")) {
        throw core::Error({.what = "a .pth file, or another zip archive, and no .safetensors file",
                           .where = path.string(),
                           .remedy = "bare weights go into model.weights of a config"});
    }
    return parse_safetensors(file.bytes(), path.string());
}

bool check_seal(const SafeTensors& file, const std::filesystem::path& path) {
    const auto found = file.metadata.find(kSeal);
    if (found == file.metadata.end()) return false;
    if (found->second != seal_of(file.tensors, file.metadata)) {
        damaged("the file is not as it was written: its checksum is another", path.string());
    }
    return true;
}

StoredDict stored_safetensors(std::string_view bytes, const std::string& where) {
    const Layout layout = layout_of(bytes, where);
    if (layout.header.metadata.contains(kSeal)) check_seal(parse_safetensors(bytes, where), where);
    StoredDict dict;
    for (const SafeEntry& entry : layout.header.entries) {
        const std::string_view part = layout.data.substr(entry.begin, entry.end - entry.begin);
        dict.tensors.push_back(
            {.name = entry.name,
             .type = entry.type,
             .sizes = entry.shape,
             .place = std::to_string(entry.begin),
             .read = [part, entry, where] { return tensor_of_bytes(part, entry.type, entry.shape, where); }});
    }
    return dict;
}

SafeTensors read_sealed(const std::filesystem::path& path) {
    SafeTensors file = read_safetensors(path);
    if (!check_seal(file, path)) damaged("the file has no checksum (kaziranga.seal)", path.string());
    return file;
}

void write_sealed(const std::filesystem::path& path, const StateDict& tensors, Metadata metadata) {
    metadata.insert_or_assign(kSeal, seal_of(tensors, metadata));
    write_safetensors(path, tensors, metadata);
}

void write_safetensors(const std::filesystem::path& path, const StateDict& tensors, const Metadata& metadata) {
    const std::string header = header_text(tensors, metadata, path.string());
    const uint64_t length = header.size();
    core::AtomicFile file(path);
    file.write(&length, sizeof length);
    file.write(header);
    for (const auto& [name, tensor] : tensors) {
        const torch::Tensor plain = tensor.detach().cpu().contiguous();
        file.write(plain.data_ptr(), plain.nbytes());
    }
    file.commit();
}

}  // namespace kaziranga::models
