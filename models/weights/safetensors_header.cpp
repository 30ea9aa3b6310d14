#include "models/weights/safetensors_header.hpp"

#include "core/error.hpp"
#include "models/weights/raw_tensor.hpp"
#include "models/weights/stored.hpp"

#include <array>
#include <limits>
#include <unordered_set>

#include <nlohmann/json.hpp>

namespace kaziranga::models {
namespace {

struct NamedType {
    const char* name;
    torch::ScalarType type;
};

constexpr std::array<NamedType, 10> kTypes = {{{"F64", torch::kDouble},
                                               {"F32", torch::kFloat},
                                               {"F16", torch::kHalf},
                                               {"BF16", torch::kBFloat16},
                                               {"I64", torch::kLong},
                                               {"I32", torch::kInt},
                                               {"I16", torch::kShort},
                                               {"I8", torch::kChar},
                                               {"U8", torch::kByte},
                                               {"BOOL", torch::kBool}}};

/// Builds the header while the JSON is read. It handles events and builds no tree, because a tree keeps one of two
/// equal keys and can be arbitrarily deep.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit HeaderReader(std::string where) : where_(std::move(where)) {}

    SafeHeader take() { return std::move(header_); }

    bool null() override { return refuse("null"); }
    bool boolean(bool) override { return refuse("a boolean"); }
    bool number_integer(number_integer_t) override { return refuse("a negative number"); }
    bool number_float(number_float_t, const string_t&) override { return refuse("a fraction"); }
    bool binary(binary_t&) override { return refuse("binary data"); }
    bool number_unsigned(number_unsigned_t value) override;
    bool string(string_t& value) override;
    bool start_object(std::size_t) override;
    bool key(string_t& value) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        fail("the header is not valid JSON", "byte " + std::to_string(position + sizeof(uint64_t)));
    }

  private:
    enum class Place { before, top, metadata, tensor, shape, offsets, after };

    [[noreturn]] void fail(const std::string& what, const std::string& found = {},
                           const std::string& expected = {}) const {
        throw core::Error({.what = what,
                           .where = where_,
                           .expected = expected,
                           .found = found,
                           .remedy = "the file breaks the safetensors format: download or save it again"});
    }
    [[noreturn]] void fail_many(const std::string& what) const {
        throw core::Error(
            {.what = "the header names more " + what + " than any network that is known here",
             .where = where_,
             .expected = "at most " + std::to_string(kMostTensors),
             .found = "more",
             .remedy =
                 "save the weights alone: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')"});
    }
    bool refuse(const std::string& found) const {
        fail("the header holds a value of the wrong type" + (key_.empty() ? "" : " at '" + key_ + "'"), found);
    }
    void set_type(const std::string& name);

    std::string where_;
    SafeHeader header_;
    std::unordered_set<std::string> names_;
    Place place_ = Place::before;
    std::string key_;
    std::unordered_set<std::string> fields_;
    std::vector<uint64_t> offsets_;
};

bool HeaderReader::number_unsigned(number_unsigned_t value) {
    if (place_ == Place::offsets) {
        if (offsets_.size() == 2)
            fail("data_offsets of '" + header_.entries.back().name + "' has more than two numbers");
        offsets_.push_back(value);
    } else if (place_ == Place::shape) {
        std::vector<int64_t>& shape = header_.entries.back().shape;
        if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) || shape.size() == kMostDimensions) {
            fail("the shape of '" + header_.entries.back().name + "' is too large");
        }
        shape.push_back(static_cast<int64_t>(value));
    } else {
        return refuse("a number");
    }
    return true;
}

bool HeaderReader::string(string_t& value) {
    if (place_ == Place::metadata) {
        header_.metadata[key_] = value;
    } else if (place_ == Place::tensor && key_ == "dtype") {
        set_type(value);
    } else {
        return refuse("a text");
    }
    return true;
}

void HeaderReader::set_type(const std::string& name) {
    for (const NamedType& known : kTypes) {
        if (name != known.name) continue;
        header_.entries.back().type = known.type;
        return;
    }
    throw core::Error({.what = "tensor '" + header_.entries.back().name + "' has a dtype that is not supported",
                       .where = where_,
                       .expected = "F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL",
                       .found = name});
}

bool HeaderReader::start_object(std::size_t) {
    if (place_ == Place::before) {
        place_ = Place::top;
    } else if (place_ == Place::top) {
        fields_.clear();
        offsets_.clear();
        place_ = key_ == "__metadata__" ? Place::metadata : Place::tensor;
        if (header_.entries.size() >= kMostTensors) fail_many("tensors");
        if (place_ == Place::tensor) header_.entries.push_back({.name = key_});
    } else {
        return refuse("an object");
    }
    return true;
}

bool HeaderReader::key(string_t& value) {
    key_ = value;
    if (place_ == Place::top) {
        if (key_.size() > kLongestName) {
            fail("the name of a tensor is too long", std::to_string(key_.size()) + " letters",
                 "at most " + std::to_string(kLongestName));
        }
        if (!names_.insert(key_).second) fail("the name '" + key_ + "' appears twice in the header");
        return true;
    }
    if (fields_.size() >= kMostTensors) fail_many("notes");
    if (!fields_.insert(key_).second) fail("the key '" + key_ + "' appears twice in one entry of the header");
    if (place_ == Place::tensor && key_ != "dtype" && key_ != "shape" && key_ != "data_offsets") {
        fail("tensor '" + header_.entries.back().name + "' has an unknown field", "'" + key_ + "'");
    }
    return true;
}

bool HeaderReader::end_object() {
    if (place_ == Place::top) {
        place_ = Place::after;
        return true;
    }
    if (place_ == Place::tensor) {
        SafeEntry& entry = header_.entries.back();
        if (fields_.size() != 3) fail("tensor '" + entry.name + "' lacks one of dtype, shape and data_offsets");
        if (offsets_.size() != 2) fail("data_offsets of '" + entry.name + "' has fewer than two numbers");
        entry.begin = offsets_[0];
        entry.end = offsets_[1];
    }
    place_ = Place::top;
    key_.clear();
    return true;
}

bool HeaderReader::start_array(std::size_t) {
    if (place_ != Place::tensor || key_ == "dtype") return refuse("a list");
    place_ = key_ == "shape" ? Place::shape : Place::offsets;
    return true;
}

bool HeaderReader::end_array() {
    place_ = Place::tensor;
    return true;
}

}  // namespace

SafeHeader parse_safetensors_header(std::string_view json, const std::string& where) {
    HeaderReader reader(where);
    nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
    return reader.take();
}

std::string safetensors_type(torch::ScalarType type) {
    for (const NamedType& known : kTypes) {
        if (type == known.type) return known.name;
    }
    TORCH_CHECK(false, "safetensors: dtype ", type, " cannot be stored");
}

}  // namespace kaziranga::models
