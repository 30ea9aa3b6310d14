#include "core/hash.hpp"

#include <charconv>
#include <cstdio>
#include <new>
#include <utility>

#include <xxhash.h>

namespace kaziranga::core {

struct Hasher::State {
    XXH3_state_t* value = XXH3_createState();
    ~State() { XXH3_freeState(value); }
};

std::string Hash128::hex() const {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
}

std::optional<Hash128> Hash128::from_hex(std::string_view text) {
    constexpr size_t kHalf = 16;
    Hash128 hash;
    if (text.size() != 2 * kHalf) return std::nullopt;
    for (const auto& [part, digits] : {std::pair{&hash.high, text.substr(0, kHalf)}, {&hash.low, text.substr(kHalf)}}) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + kHalf, *part, 16);
        if (error != std::errc() || end != digits.data() + kHalf) return std::nullopt;
    }
    return hash;
}

Hasher::Hasher() : state_(std::make_unique<State>()) {
    if (state_->value == nullptr) throw std::bad_alloc();
    XXH3_128bits_reset(state_->value);
}

Hasher::~Hasher() = default;

void Hasher::add(const void* bytes, size_t size) {
    XXH3_128bits_update(state_->value, bytes, size);
}

void Hasher::add_text(std::string_view text) {
    const uint64_t size = text.size();
    add(&size, sizeof size);
    add(text.data(), text.size());
}

Hash128 Hasher::digest() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->value);
    return {hash.high64, hash.low64};
}

Hash128 hash_bytes(const void* bytes, size_t size) {
    const XXH128_hash_t hash = XXH3_128bits(bytes, size);
    return {hash.high64, hash.low64};
}

uint64_t hash64(std::string_view text, uint64_t seed) {
    return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

}  // namespace kaziranga::core
