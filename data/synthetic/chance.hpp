#pragma once

#include "core/random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace kaziranga::data::synthetic {

/// Random draws of the generator from one RandomStream.
class Chance {
  public:
    explicit Chance(core::RandomStream stream) : stream_(stream) {}

    float between(float low, float high) { return static_cast<float>(stream_.uniform(low, high)); }
    float normal(float sigma) {
        // Limited to 2.5 sigma, because extreme values would give impossible bodies.
        const double draw = stream_.normal();
        return sigma * static_cast<float>(draw < -2.5 ? -2.5 : draw > 2.5 ? 2.5 : draw);
    }
    /// Draws a factor around 1.
    float factor(float spread) { return between(1.0F - spread, 1.0F + spread); }
    bool happens(float probability) { return stream_.uniform() < probability; }
    int below(int count) { return static_cast<int>(stream_.below(static_cast<uint64_t>(count))); }
    float sign() { return happens(0.5F) ? 1.0F : -1.0F; }

    /// Draws an index with probability proportional to its weight. At least one weight must be positive.
    size_t pick(std::span<const float> weights) {
        float total = 0;
        for (const float weight : weights) total += weight;
        float left = between(0, total);
        size_t chosen = 0;
        for (size_t i = 0; i < weights.size(); ++i) {
            if (weights[i] <= 0) continue;
            chosen = i;
            left -= weights[i];
            if (left < 0) break;
        }
        return chosen;
    }

  private:
    core::RandomStream stream_;
};

}  // namespace kaziranga::data::synthetic
