#pragma once

#include "core/error.hpp"
#include "models/weights/state_dict.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

/// Files made byte by byte, so that each can be wrong in one place.
namespace kaziranga::models::testing_files {

template <typename Number>
std::string raw(Number value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

inline std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Pickle by its opcodes, protocol 2.
inline std::string text(const std::string& value) {
    return "X" + raw<uint32_t>(value.size()) + value;
}
inline std::string number(int64_t value) {
    return "\x8a\x08" + raw(value);
}
inline std::string tuple(const std::vector<std::string>& items) {
    std::string bytes = "(";
    for (const std::string& item : items) bytes += item;
    return bytes + "t";
}
inline std::string global(const std::string& module, const std::string& name) {
    return "c" + module + "\n" + name + "\n";
}
inline std::string dict(const std::vector<std::pair<std::string, std::string>>& items) {
    std::string bytes = "}(";
    for (const auto& [key, value] : items) bytes += key + value;
    return bytes + "u";
}
inline std::string pickle_of(const std::string& value) {
    return "\x80\x02" + value + ".";
}

struct View {
    std::string type = "FloatStorage";
    std::string key = "0";
    int64_t length = 4;
    int64_t offset = 0;
    std::vector<int64_t> sizes = {4};
    std::vector<int64_t> strides = {1};
    std::string metadata = {};  ///< a sixth part of the storage's description, as the legacy layout has it
};

inline std::string numbers(const std::vector<int64_t>& values) {
    std::vector<std::string> items;
    for (const int64_t value : values) items.push_back(number(value));
    return tuple(items);
}

inline std::string storage(const View& view) {
    std::vector<std::string> parts = {text("storage"), global("torch", view.type), text(view.key), text("cpu"),
                                      number(view.length)};
    if (!view.metadata.empty()) parts.push_back(view.metadata);
    return tuple(parts) + "Q";
}

inline std::string tensor(const View& view) {
    return global("torch._utils", "_rebuild_tensor_v2") +
           tuple({storage(view), number(view.offset), numbers(view.sizes), numbers(view.strides), "\x89",
                  global("collections", "OrderedDict") + ")R"}) +
           "R";
}

struct ZipEntry {
    std::string name;
    std::string content;
    uint16_t method = 0;
    uint32_t checksum = 0;
};

/// A stored zip archive without checksums.
inline std::string zip(const std::vector<ZipEntry>& entries) {
    std::string bytes, directory;
    for (const ZipEntry& entry : entries) {
        const std::string common = raw<uint16_t>(0) + raw<uint16_t>(0) + raw(entry.method) + raw<uint32_t>(0) +
                                   raw(entry.checksum) + raw<uint32_t>(entry.content.size()) +
                                   raw<uint32_t>(entry.content.size()) + raw<uint16_t>(entry.name.size()) +
                                   raw<uint16_t>(0);
        directory +=
            "PK\1\2" + raw<uint16_t>(0) + common + std::string(10, '\0') + raw<uint32_t>(bytes.size()) + entry.name;
        bytes += "PK\3\4" + common + entry.name + entry.content;
    }
    return bytes + directory + "PK\5\6" + raw<uint32_t>(0) + raw<uint16_t>(entries.size()) +
           raw<uint16_t>(entries.size()) + raw<uint32_t>(directory.size()) + raw<uint32_t>(bytes.size()) +
           raw<uint16_t>(0);
}

inline std::string zip_pth(const std::string& value, const std::string& data = floats({1, 2, 3, 4})) {
    return zip({{"archive/data.pkl", pickle_of(value)},
                {"archive/byteorder", "little"},
                {"archive/data/0", data},
                {"archive/version", "3\n"}});
}

inline const std::string kLegacyFront = pickle_of(std::string("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12)) +
                                        pickle_of(number(1001)) + pickle_of(dict({{text("little_endian"), "\x88"}}));

inline std::string legacy_pth(const std::string& value, const std::string& data = floats({1, 2, 3, 4})) {
    return kLegacyFront + pickle_of(value) + pickle_of("](" + text("0") + "e") + raw<int64_t>(4) + data;
}

inline std::string safetensors(const std::string& header, const std::string& data = {}) {
    return raw<uint64_t>(header.size()) + header + data;
}

/// A file that goes away again.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::string_view bytes)
        : path_(std::filesystem::temp_directory_path() / ("kaziranga-weights-" + std::to_string(::getpid()))) {
        std::ofstream(path_, std::ios::binary) << bytes;
    }
    ~TemporaryFile() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline StateDict read_bytes(std::string_view bytes) {
    return read_weights(TemporaryFile(bytes).path());
}

/// The message of the core::Error that `action` must end in.
template <typename Action>
std::string message_of(const Action& action) {
    try {
        action();
    } catch (const core::Error& error) {
        return error.what();
    }
    ADD_FAILURE() << "nothing was refused";
    return {};
}

inline std::string error_of(std::string_view bytes) {
    return message_of([&] { read_bytes(bytes); });
}

#define EXPECT_CONTAINS(whole, part) EXPECT_NE((whole).find(part), std::string::npos) << (whole)

/// Reads every strict prefix, which must be refused, and many copies with some bits turned over, which may be read.
inline void expect_robust(const std::string& bytes, int copies) {
    for (size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_THROW(read_bytes(std::string_view(bytes).substr(0, length)), core::Error) << length;
    }
    std::mt19937 dice(11);
    int refused = 0;
    for (int copy = 0; copy < copies; ++copy) {
        std::string broken = bytes;
        const size_t flips = 1 + dice() % 3;
        for (size_t i = 0; i < flips; ++i) broken[dice() % broken.size()] ^= static_cast<char>(1U << (dice() % 8));
        try {
            size_t total = 0;
            for (const auto& [name, tensor] : read_bytes(broken)) total += tensor.nbytes();
            EXPECT_LE(total, (size_t{256} << 20) + 8 * bytes.size());
        } catch (const core::Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, copies / 10);
    EXPECT_LT(refused, copies);
}

}  // namespace kaziranga::models::testing_files
