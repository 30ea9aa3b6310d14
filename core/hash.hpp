#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kaziranga::core {

/// A 128-bit content hash (XXH3). It is not cryptographic: it gives no protection against forged contents.
struct Hash128 {
    uint64_t high = 0;
    uint64_t low = 0;
    auto operator<=>(const Hash128&) const = default;
    /// 32 hexadecimal digits.
    std::string hex() const;
    /// Parses what hex() writes; no value for any other text.
    static std::optional<Hash128> from_hex(std::string_view text);
};

/// Computes the hash of bytes that are added piece by piece.
class Hasher {
  public:
    Hasher();
    ~Hasher();
    void add(const void* bytes, size_t size);
    /// Adds the length first, so that ("ab", "c") and ("a", "bc") differ.
    void add_text(std::string_view text);
    Hash128 digest() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

Hash128 hash_bytes(const void* bytes, size_t size);
inline Hash128 hash_bytes(std::string_view text) {
    return hash_bytes(text.data(), text.size());
}

/// 64-bit XXH3 hash, for checksums of small records and for ordering names randomly.
uint64_t hash64(std::string_view text, uint64_t seed = 0);

}  // namespace kaziranga::core

template <>
struct std::hash<kaziranga::core::Hash128> {
    size_t operator()(const kaziranga::core::Hash128& value) const noexcept { return value.low ^ value.high; }
};
