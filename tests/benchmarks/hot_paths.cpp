// clang-format off
/// Times of what a run spends its time in, by Google Benchmark: bench_hot_paths --benchmark_filter=pass/resnet18
///   pass/NETWORK/auto or fp32, bf16, int8   images through a backbone, a batch a processor at once; auto as in a config
///   read, read_and_resize         files of $KAZIRANGA_BENCH_IMAGES, one thread
///   extract/NETWORK               those files to features, precision auto, a worker a processor
///   peak                          fp32 operations of multiply-adds in registers, every processor: what none is above
///   gemm                          fp32 operations of a large matrix product
///   ridge, lda, logistic          heads of 200 classes from 4,000 x 1,280 features
///   cache/open                    4,000 x 1,280 features
// clang-format on
#include <benchmark/benchmark.h>

#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <immintrin.h>
#include <unistd.h>

#include "core/memory.hpp"
#include "core/threads.hpp"
#include "data/listing.hpp"
#include "data/read_image.hpp"
#include "data/transform.hpp"
#include "models/registry.hpp"
#include "training/feature_cache.hpp"
#include "training/features.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/ridge.hpp"

namespace kaziranga {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kImages = 4000, kWidth = 1280, kClasses = 200, kShots = kImages / kClasses;
constexpr int64_t kMaxPixels = 200'000'000;

void pass(benchmark::State& state, const std::string& name, const std::string& asked) {
    const training::Precision precision = training::resolve_precision(asked, c10::kCPU);
    state.SetLabel(std::string(training::precision_name(precision)));
    const c10::NoGradGuard no_grad;
    constexpr int64_t kBatch = 16;
    const models::Architecture& architecture = models::find_architecture(name);
    const auto network = architecture.make(kClasses);
    network->eval();
    training::prepare_inference(*network, precision);
    const int64_t side = architecture.preprocessing.crop;
    const at::Tensor images =
        training::to_precision(at::randn({kBatch, 3, side, side}).contiguous(at::MemoryFormat::ChannelsLast), precision,
                               architecture.preprocessing);
    const int64_t workers = core::available_processors();
    const int64_t batches = 4 * workers;
    const auto all = [&] { core::parallel_for(batches, workers, [&](int64_t) { network->features(images); }); };
    all();
    for (auto _ : state) all();
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * batches * kBatch);
}

data::Samples files() {
    data::Samples samples;
    if (const char* folder = std::getenv("KAZIRANGA_BENCH_IMAGES")) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file() && data::is_image_name(entry.path().string()))
                samples.push_back({.path = entry.path()});
        }
    }
    std::ranges::sort(samples, {}, &data::Sample::path);
    return samples;
}

/// @param resize  whether to a network's size too
void read(benchmark::State& state, bool resize) {
    const data::Samples samples = files();
    if (samples.empty()) return state.SkipWithError("KAZIRANGA_BENCH_IMAGES names no folder of images");
    const core::Preprocessing preprocessing;
    for (auto _ : state) {
        for (const data::Sample& sample : samples) {
            at::Tensor image = data::read_image(sample, kMaxPixels);
            if (resize) image = data::resize_and_centre_crop(image, preprocessing);
            benchmark::DoNotOptimize(image);
        }
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * samples.size()));
}

void extract(benchmark::State& state, const std::string& name) {
    const data::Samples samples = files();
    if (samples.empty()) return state.SkipWithError("KAZIRANGA_BENCH_IMAGES names no folder of images");
    const models::Architecture& architecture = models::find_architecture(name);
    const auto network = architecture.make(kClasses);
    network->eval();
    const training::FeatureExtractor extractor(architecture, *network,
                                               {.preprocessing = architecture.preprocessing,
                                                .precision = training::resolve_precision("auto", c10::kCPU),
                                                .workers = 0,
                                                .max_pixels = kMaxPixels});
    for (auto _ : state) benchmark::DoNotOptimize(extractor.extract("", samples, {}, {}, nullptr).x);
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * samples.size()));
}

/// Sums that do not wait for each other, enough of them to keep every multiplier busy.
constexpr int kChains = 12;

__attribute__((target("avx2,fma"))) void multiply_add_in_8(int64_t rounds) {
    __m256 sums[kChains] = {};
    __m256 factor = _mm256_set1_ps(0.5F);
    for (int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (__m256& sum : sums) sum = _mm256_fmadd_ps(sum, factor, factor);
        asm volatile("" : "+v"(factor));  // every round anew
    }
    __m256 all = factor;
#pragma GCC unroll 12
    for (const __m256& sum : sums) all = _mm256_add_ps(all, sum);
    benchmark::DoNotOptimize(all);
}

__attribute__((target("avx512f"))) void multiply_add_in_16(int64_t rounds) {
    __m512 sums[kChains] = {};
    __m512 factor = _mm512_set1_ps(0.5F);
    for (int64_t i = 0; i < rounds; ++i) {
#pragma GCC unroll 12
        for (__m512& sum : sums) sum = _mm512_fmadd_ps(sum, factor, factor);
        asm volatile("" : "+v"(factor));  // every round anew
    }
    __m512 all = factor;
#pragma GCC unroll 12
    for (const __m512& sum : sums) all = _mm512_add_ps(all, sum);
    benchmark::DoNotOptimize(all);
}

void peak(benchmark::State& state) {
    constexpr int64_t kRounds = 1 << 22;
    const bool wide = __builtin_cpu_supports("avx512f");
    const int64_t workers = core::available_processors();
    for (auto _ : state) {
        core::parallel_for(workers, workers,
                           [&](int64_t) { wide ? multiply_add_in_16(kRounds) : multiply_add_in_8(kRounds); });
    }
    const int64_t lanes = wide ? 16 : 8;
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * workers * kRounds * kChains * lanes * 2);
}

void gemm(benchmark::State& state) {
    constexpr int64_t kSide = 2048;
    const at::Tensor a = at::randn({kSide, kSide}), b = at::randn({kSide, kSide});
    at::Tensor product = at::mm(a, b);
    for (auto _ : state) at::mm_out(product, a, b);
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * 2 * kSide * kSide * kSide);
}

/// Clusters that overlap, as the features of related species do.
training::WeightedRows clusters() {
    const at::Tensor labels = at::arange(kImages).div(kShots, "floor");
    const at::Tensor means = at::randn({kClasses, kWidth}).mul_(0.2);
    const at::Tensor x = (means.index_select(0, labels) + at::randn({kImages, kWidth})) * (at::rand({kWidth}) + 0.1);
    return {x, labels, kClasses};
}

void ridge(benchmark::State& state) {
    const training::WeightedRows rows = clusters();
    for (auto _ : state) {
        const training::RowMoments moments = training::RowMoments::of(rows);
        const training::RidgeLeaveOut left_out({rows, moments, at::kFloat}, 1);
        for (const double penalty : training::kRidgePenalties) benchmark::DoNotOptimize(left_out.scores(penalty));
        benchmark::DoNotOptimize(training::solve_ridge(moments, 1));
    }
}

void lda(benchmark::State& state) {
    const training::WeightedRows rows = clusters();
    for (auto _ : state) {
        const training::Lda head(training::RowMoments::of(rows));
        for (const double shrinkage : {0.1, 0.3, 0.5, 0.7, 0.9}) benchmark::DoNotOptimize(head.solve(shrinkage));
    }
}

void logistic(benchmark::State& state) {
    const training::WeightedRows rows = clusters();
    for (auto _ : state) benchmark::DoNotOptimize(training::Logistic({rows, at::kFloat}).fit(1e-2));
}

void open_cache(benchmark::State& state) {
    const fs::path folder = fs::temp_directory_path() / ("kaziranga-bench-" + std::to_string(::getpid()));
    const training::FeatureKind kind{.hash = {1, 1}, .description = "benchmark"};
    {
        training::FeatureCache cache(folder, kind, kWidth);
        std::vector<training::ViewKey> keys;
        for (uint64_t i = 0; i < kImages; ++i) keys.push_back({{i, i}, 0});
        cache.append(keys, at::randn({kImages, kWidth}).const_data_ptr<float>());
    }
    for (auto _ : state) benchmark::DoNotOptimize(training::FeatureCache(folder, kind, kWidth).size());
    fs::remove_all(folder);
}

void add(const std::string& name, auto&& function) {
    benchmark::RegisterBenchmark(name.c_str(), function)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->MeasureProcessCPUTime();
}

void add_all() {
    for (const char* name : {"resnet18", "resnet50", "efficientnet_lite0"}) {
        for (const char* precision : {"auto", "fp32", "bf16", "int8"}) {
            add(std::string("pass/") + name + "/" + precision,
                [name, precision](benchmark::State& state) { pass(state, name, precision); });
        }
    }
    add("read", [](benchmark::State& state) { read(state, false); });
    add("read_and_resize", [](benchmark::State& state) { read(state, true); });
    for (const char* name : {"resnet18", "resnet50", "efficientnet_lite0"}) {
        add(std::string("extract/") + name, [name](benchmark::State& state) { extract(state, name); });
    }
    add("peak", peak);
    add("gemm", gemm);
    add("ridge", ridge);
    add("lda", lda);
    add("logistic", logistic);
    add("cache/open", open_cache);
}

}  // namespace
}  // namespace kaziranga

int main(int argc, char** argv) {
    kaziranga::core::keep_freed_memory();
    kaziranga::core::use_threads(0);
    kaziranga::add_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
