#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

namespace kaziranga::core {

/// The purpose of a stream of random numbers. Results depend on the values: never renumber them.
enum class Purpose : uint64_t {
    kSplit = 1,
    kShots = 2,
    kShuffle = 3,
    kView = 4,
    kInitialise = 5,
    kSynthetic = 6,
    kAugment = 7,
    kFolds = 8,
    kMix = 9,
    kStudy = 10,
    kTest = 99,
};

/// Counter-based random numbers: the stream is a pure function of (seed, purpose, counters), so results do not depend
/// on the number of threads or on a restart. Satisfies UniformRandomBitGenerator.
/// The generator is SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"). The
/// counters are mixed into its initial state one by one with the same finaliser.
class RandomStream {
  public:
    using result_type = uint64_t;

    RandomStream(uint64_t seed, Purpose purpose, std::initializer_list<uint64_t> counters = {});

    static constexpr uint64_t min() { return 0; }
    static constexpr uint64_t max() { return std::numeric_limits<uint64_t>::max(); }
    uint64_t operator()();

    /// Uniform in [0, 1), 53 bits.
    double uniform();
    /// Uniform in [low, high).
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// Uniform integer in [0, count), without bias. `count` > 0.
    uint64_t below(uint64_t count);
    /// Standard normal (Box-Muller, uses one value of each pair).
    double normal();

  private:
    uint64_t state_;
};

/// Returns a random permutation of 0 … count-1 (Fisher-Yates).
std::vector<int64_t> permutation(int64_t count, RandomStream stream);

}  // namespace kaziranga::core
