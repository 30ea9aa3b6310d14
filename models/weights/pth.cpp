#include "models/weights/pth.hpp"

#include "core/error.hpp"
#include "models/weights/byte_reader.hpp"
#include "models/weights/damaged.hpp"
#include "models/weights/find_weights.hpp"
#include "models/weights/zip.hpp"

#include <memory>
#include <unordered_map>

namespace kaziranga::models {
namespace {

using namespace std::string_view_literals;

/// 0x1950a86a20f9469cfc6c, little-endian.
constexpr std::string_view kLegacyMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv;
constexpr int64_t kLegacyVersion = 1001;

[[noreturn]] void big_endian(const std::string& where) {
    throw core::Error({.what = "the weights were saved on a big-endian machine",
                       .where = where,
                       .remedy = "load them in Python and save them as .safetensors"});
}

uint64_t byte_length(const pickle::Storage& storage) {
    return static_cast<uint64_t>(storage.length) * torch::elementSize(storage.type);
}

/// The folder of the archive that holds everything: it contains data.pkl.
std::string folder_of(const ZipArchive& archive, const std::string& where) {
    std::string folder;
    for (const auto& [name, entry] : archive.entries()) {
        const size_t slash = name.find('/');
        if (slash == std::string::npos) continue;
        const std::string_view rest = std::string_view(name).substr(slash + 1);
        if (rest == "constants.pkl" || rest.starts_with("code/")) {
            throw core::Error({.what = "the file is a TorchScript archive: it holds code, not weights alone",
                               .where = where,
                               .remedy = "in Python: torch.save(torch.jit.load(file).state_dict(), 'weights.pth')"});
        }
        if (rest != "data.pkl") continue;
        if (!folder.empty()) damaged("the archive holds two networks", where);
        folder = name.substr(0, slash + 1);
    }
    if (folder.empty()) {
        throw core::Error({.what = "the file is a zip archive, but none that torch.save wrote",
                           .where = where,
                           .expected = "an entry named data.pkl",
                           .remedy = "give a .pth, .pt or .safetensors file"});
    }
    return folder;
}

/// Legacy storages by key. The length that the file states is checked against the pickle's.
class LegacyStorages {
  public:
    LegacyStorages(const pickle::Document& document, std::string where) : where_(std::move(where)) {
        for (const pickle::Value& value : document.values) {
            const auto* storage = std::get_if<pickle::Storage>(&value);
            if (storage == nullptr) continue;
            const auto [place, fresh] =
                storages_.try_emplace(*document.get_if<std::string>(storage->key), Part{*storage});
            const pickle::Storage& known = place->second.storage;
            if (!fresh && (known.type != storage->type || known.length != storage->length)) {
                damaged("a tensor storage is described in two ways", where_);
            }
        }
    }

    template <typename Reader>
    void read(const std::string& key, Reader& reader) {
        const auto found = storages_.find(key);
        if (found == storages_.end() || found->second.read) damaged("the list of tensor storages is malformed", where_);
        Part& part = found->second;
        if (const auto length = reader.template number<int64_t>(); length != part.storage.length) {
            damaged("tensor storage '" + key + "' does not have the stated length", where_,
                    std::to_string(part.storage.length) + " elements", std::to_string(length));
        }
        part.bytes = reader.take(byte_length(part.storage));
        part.read = true;
    }

    std::string_view bytes(const std::string& key) const {
        const Part& part = storages_.at(key);
        if (!part.read) damaged("the data of a tensor is missing", where_);
        return part.bytes;
    }

  private:
    struct Part {
        pickle::Storage storage;
        std::string_view bytes = {};
        bool read = false;
    };

    std::string where_;
    std::unordered_map<std::string, Part> storages_;
};

/// @return number of bytes of the magic number, version and machine facts at the start of the file
size_t check_legacy_front(std::string_view bytes, const std::string& where) {
    size_t position = 0;
    const auto next = [&] {
        pickle::Document document = pickle::parse(bytes.substr(position), where);
        position += document.length;
        return document;
    };
    const pickle::Document magic = next();
    const auto* number = magic.get_if<pickle::BigInteger>(magic.root);
    if (number == nullptr || number->bytes != kLegacyMagic) damaged("the file has the wrong magic number", where);

    const pickle::Document version = next();
    const auto* value = version.get_if<int64_t>(version.root);
    if (value == nullptr || *value != kLegacyVersion) damaged("the file is of an unknown version of torch.save", where);

    const pickle::Document machine = next();
    const auto* facts = machine.get_if<pickle::Dict>(machine.root);
    if (facts == nullptr) damaged("the file lacks the facts on the machine that wrote it", where);
    for (size_t i = 0; i + 1 < facts->items.size(); i += 2) {
        const auto* key = machine.get_if<std::string>(facts->items[i]);
        const auto* little = machine.get_if<bool>(facts->items[i + 1]);
        if (key != nullptr && *key == "little_endian" && (little == nullptr || !*little)) big_endian(where);
    }
    return position;
}

}  // namespace

std::vector<StoredDict> parse_zip_pth(std::string_view bytes, const std::string& where) {
    const auto archive = std::make_shared<const ZipArchive>(bytes, where);
    const std::string folder = folder_of(*archive, where);
    if (archive->contains(folder + "byteorder") && archive->read(folder + "byteorder") != "little") big_endian(where);

    const std::string_view code = archive->read(folder + "data.pkl");
    auto document = std::make_shared<const pickle::Document>(pickle::parse(code, where));
    if (document->length != code.size()) {
        damaged("bytes follow the end of the pickle", where, bytes_text(document->length), bytes_text(code.size()));
    }
    const auto read = std::make_shared<std::unordered_map<std::string, std::string_view>>();
    const StorageBytes storage_bytes = [=](const pickle::Storage& storage, const std::string& key) {
        const auto [place, fresh] = read->try_emplace(key);
        if (fresh) place->second = archive->read(folder + "data/" + key);
        if (place->second.size() != byte_length(storage)) {
            damaged("tensor storage '" + key + "' does not have the stated length", where,
                    bytes_text(byte_length(storage)), bytes_text(place->second.size()));
        }
        return place->second;
    };
    return find_weights(std::move(document), storage_bytes, where, bytes.size());
}

bool is_legacy_pth(std::string_view bytes) {
    constexpr size_t kFront = 32;  // the magic number follows a header of a few bytes, longer in newer protocols
    return bytes.starts_with('\x80') && bytes.substr(0, kFront).find(kLegacyMagic) != std::string_view::npos;
}

std::vector<StoredDict> parse_legacy_pth(std::string_view bytes, const std::string& where) {
    size_t position = check_legacy_front(bytes, where);
    auto document = std::make_shared<const pickle::Document>(pickle::parse(bytes.substr(position), where));
    position += document->length;
    const pickle::Document keys = pickle::parse(bytes.substr(position), where);
    position += keys.length;
    const auto* list = keys.get_if<pickle::List>(keys.root);
    if (list == nullptr) damaged("the list of tensor storages is malformed", where);

    const auto storages = std::make_shared<LegacyStorages>(*document, where);
    ByteReader reader(bytes.substr(position), [&where](uint64_t wanted, uint64_t left) {
        damaged("the file ends inside a tensor", where, bytes_text(wanted) + " more", bytes_text(left));
    });
    for (const pickle::Ref ref : list->items) {
        const auto* key = keys.get_if<std::string>(ref);
        if (key == nullptr) damaged("the list of tensor storages is malformed", where);
        storages->read(*key, reader);
    }
    if (reader.left() != 0) {
        damaged("bytes follow the end of the last tensor", where, bytes_text(bytes.size() - reader.left()),
                bytes_text(bytes.size()));
    }
    const StorageBytes storage_bytes = [storages](const pickle::Storage&, const std::string& key) {
        return storages->bytes(key);
    };
    return find_weights(std::move(document), storage_bytes, where, bytes.size());
}

}  // namespace kaziranga::models
