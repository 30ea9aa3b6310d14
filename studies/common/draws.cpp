#include "studies/common/draws.hpp"

#include "core/random.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>

namespace kaziranga::studies {
namespace {

uint64_t first_of(int64_t seed, std::initializer_list<uint64_t> counters) {
    return core::RandomStream(static_cast<uint64_t>(seed), core::Purpose::kStudy, counters)();
}

}  // namespace

at::Generator generator(int64_t seed, std::initializer_list<uint64_t> counters) {
    return at::make_generator<at::CPUGeneratorImpl>(first_of(seed, counters));
}

void seed_modules(int64_t seed, std::initializer_list<uint64_t> counters) {
    at::manual_seed(first_of(seed, counters));
}

at::Tensor normal(at::IntArrayRef sizes, const at::Generator& from) {
    return at::randn(sizes, from, at::TensorOptions(at::kDouble));
}

at::Tensor uniform(at::IntArrayRef sizes, double low, double high, const at::Generator& from) {
    return at::rand(sizes, from, at::TensorOptions(at::kDouble)).mul_(high - low).add_(low);
}

}  // namespace kaziranga::studies
