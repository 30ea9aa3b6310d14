#include "core/random.hpp"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace kaziranga::core {
namespace {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15ULL;

uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(uint64_t seed, Purpose purpose, std::initializer_list<uint64_t> counters)
    : state_(mix(mix(seed + kGolden) + static_cast<uint64_t>(purpose) * kGolden)) {
    for (const uint64_t counter : counters) state_ = mix(state_ + (counter + 1) * kGolden);
}

uint64_t RandomStream::operator()() {
    return mix(state_ += kGolden);
}

double RandomStream::uniform() {
    return static_cast<double>((*this)() >> 11) * 0x1.0p-53;
}

uint64_t RandomStream::below(uint64_t count) {
    const uint64_t unbiased_from = (0 - count) % count;  // 2^64 mod count
    uint64_t draw = (*this)();
    while (draw < unbiased_from) draw = (*this)();
    return draw % count;
}

double RandomStream::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<int64_t> permutation(int64_t count, RandomStream stream) {
    std::vector<int64_t> order(static_cast<size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
    return order;
}

}  // namespace kaziranga::core
