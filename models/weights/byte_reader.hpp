#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace kaziranga::models {

/// Reads little-endian numbers and byte strings from the front of a text, never past its end.
/// @tparam Fail  called with the number of bytes wanted and of bytes left when they run out; must throw
template <typename Fail>
class ByteReader {
  public:
    ByteReader(std::string_view bytes, Fail fail) : bytes_(bytes), fail_(std::move(fail)) {}

    template <typename Number>
    Number number() {
        static_assert(std::is_arithmetic_v<Number>);
        Number value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string_view take(uint64_t count) {
        if (count > left()) fail_(count, uint64_t{left()});
        const std::string_view part = bytes_.substr(position_, count);
        position_ += count;
        return part;
    }
    /// The text up to the next line feed, without the line feed, which is skipped.
    std::string_view line() {
        const size_t end = bytes_.find('\n', position_);
        if (end == std::string_view::npos) fail_(uint64_t{left()} + 1, uint64_t{left()});
        const std::string_view part = bytes_.substr(position_, end - position_);
        position_ = end + 1;
        return part;
    }
    size_t position() const { return position_; }
    size_t left() const { return bytes_.size() - position_; }

  private:
    std::string_view bytes_;
    size_t position_ = 0;
    Fail fail_;
};

}  // namespace kaziranga::models
