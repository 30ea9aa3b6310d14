// clang-format off
/// Times of what a run spends its time in, by Google Benchmark: bench_hot_paths --benchmark_filter=pass/resnet18
///   pass/NETWORK/auto or fp32, bf16, int8   images through a backbone, a batch a processor at once; auto as in a config
///   read, read_and_resize         files of $KAZIRANGA_BENCH_IMAGES, one thread
///   list                          that folder's files, of class folders, without opening any
///   extract/NETWORK               those files to features, precision auto, a worker a processor
///   step/NETWORK/frozen or train  images through steps of fine-tuning all layers, their batch norms frozen or not
///   peak/fp32, peak/bf16          operations of multiply-adds in registers, every processor: what no pass without AMX is above
///   gemm                          operations of a large matrix product, fp32; bf16 on a GPU
///   ridge, lda, logistic          heads of 200 classes from 4,000 x 1,280 features
///   cache/open                    4,000 x 1,280 features
/// $KAZIRANGA_BENCH_DEVICE says where: cpu, cuda or cuda:N.
// clang-format on
#include "core/device.hpp"
#include "core/device_work.hpp"
#include "core/memory.hpp"
#include "core/threads.hpp"
#include "data/formats/table.hpp"
#include "data/listing.hpp"
#include "data/manifests/load.hpp"
#include "data/read_image.hpp"
#include "data/transform.hpp"
#include "models/registry.hpp"
#include "training/features/cache.hpp"
#include "training/features/extraction.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/ridge.hpp"
#include "training/loop/trainer.hpp"
#include "training/loop/unfreezing.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <benchmark/benchmark.h>
#include <c10/core/GradMode.h>
#include <immintrin.h>
#include <unistd.h>

namespace kaziranga {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kImages = 4000, kWidth = 1280, kClasses = 200, kShots = kImages / kClasses;
constexpr int64_t kMaxPixels = 200'000'000;

c10::Device device() {
    const char* name = std::getenv("KAZIRANGA_BENCH_DEVICE");
    return core::resolve_device(name == nullptr ? "cpu" : name);
}

void pass(benchmark::State& state, const std::string& name, core::config::OrAuto<core::Precision> asked) {
    const c10::Device device = kaziranga::device();
    const training::Precision precision = training::resolve_precision(asked, device);
    state.SetLabel(core::config::word_of(precision));
    const int64_t batch = training::resolve_batch_size({}, device);
    const models::Architecture& architecture = models::find_architecture(name);
    const auto network = architecture.make(kClasses);
    network->eval();
    network->to(device);
    training::prepare_inference(*network, precision);
    const int64_t side = architecture.preprocessing.crop;
    const at::Tensor images =
        training::ImageInput(architecture.preprocessing, precision, device)
            .to_precision(at::randn({batch, 3, side, side}).contiguous(at::MemoryFormat::ChannelsLast).to(device));
    const int64_t workers = core::available_processors();
    const int64_t batches = 4 * workers;
    core::DeviceEvent done(device);
    const auto all = [&] {
        core::parallel_for(batches, workers, [&](int64_t) {
            const c10::NoGradGuard no_grad;  // a thread's own
            network->features(images);
        });
        done.record();
        done.synchronize();
    };
    all();
    for (auto _ : state) all();
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * batches * batch);
}

data::Samples files() {
    data::Samples samples;
    if (const char* folder = std::getenv("KAZIRANGA_BENCH_IMAGES")) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file() && data::formats::is_image_name(entry.path().string()))
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
            at::Tensor image = data::read_image(sample, {kMaxPixels});
            if (resize) image = data::resize_and_centre_crop(image, preprocessing);
            benchmark::DoNotOptimize(image);
        }
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * samples.size()));
}

/// Boxes of a tenth of the image, one in its middle and four at its edges.
/// @param in_part  decodes only the boxes; else the whole image, to cut them out
void read_boxes(benchmark::State& state, bool in_part) {
    constexpr float kSide = 0.316F, kFar = 1 - kSide, kMiddle = kFar / 2;
    const data::Samples samples = files();
    if (samples.empty()) return state.SkipWithError("KAZIRANGA_BENCH_IMAGES names no folder of images");
    const data::DecodeLimits limits = {.max_pixels = kMaxPixels, .crop = {.margin = 0, .square = false}};
    const std::array<std::pair<float, float>, 5> corners = {
        {{kMiddle, kMiddle}, {0, kMiddle}, {kFar, kMiddle}, {kMiddle, 0}, {kMiddle, kFar}}};
    for (auto _ : state) {
        for (data::Sample sample : samples) {
            for (const auto& [x, y] : corners) {
                const data::RelativeBox box = {.x = x, .y = y, .width = kSide, .height = kSide};
                if (in_part) sample.box = box;
                at::Tensor image = data::read_image(sample, limits);
                if (!in_part) image = data::cut(image, data::region_of(box, limits.crop, image.size(0), image.size(1)));
                benchmark::DoNotOptimize(image);
            }
        }
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * samples.size() * corners.size()));
}

void list(benchmark::State& state) {
    const char* folder = std::getenv("KAZIRANGA_BENCH_IMAGES");
    if (folder == nullptr) return state.SkipWithError("KAZIRANGA_BENCH_IMAGES names no folder of class folders");
    data::DataOptions options;
    options.root = folder;
    size_t files = 0;
    for (auto _ : state) files += data::load_dataset(options, 0).train.size();
    state.SetItemsProcessed(static_cast<int64_t>(files));
}

void extract(benchmark::State& state, const std::string& name) {
    const data::Samples samples = files();
    if (samples.empty()) return state.SkipWithError("KAZIRANGA_BENCH_IMAGES names no folder of images");
    const models::Architecture& architecture = models::find_architecture(name);
    const auto network = architecture.make(kClasses);
    network->eval();
    const c10::Device device = kaziranga::device();
    const training::FeatureExtractor extractor(architecture, *network,
                                               {.preprocessing = architecture.preprocessing,
                                                .device = device,
                                                .precision = training::resolve_precision({}, device),
                                                .batch_size = training::resolve_batch_size({}, device),
                                                .workers = 0,
                                                .max_pixels = kMaxPixels});
    for (auto _ : state) benchmark::DoNotOptimize(extractor.extract("", samples, {}, {}, nullptr).x);
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * samples.size()));
}

/// The same images again and again.
class OneBatch final : public training::Batches {
  public:
    OneBatch(training::TrainingBatch batch, int64_t steps) : batch_(std::move(batch)), steps_(steps) {}
    int64_t size() const override { return steps_ * batch_size(); }
    int64_t batch_size() const override { return batch_.x.size(0); }
    training::TrainingBatch get(int64_t, int64_t) override { return batch_; }
    std::vector<std::string> names(int64_t, int64_t) const override { return {}; }

  private:
    training::TrainingBatch batch_;
    int64_t steps_;
};

/// The training loop over images that are there already, as `train` with `model.freeze: [none]` sets it up.
void step(benchmark::State& state, const std::string& name, bool train_statistics) {
    const c10::Device device = kaziranga::device();
    const int64_t steps = device.is_cpu() ? 4 : 100;
    constexpr int64_t kBatch = 32;
    const models::Architecture& architecture = models::find_architecture(name);
    const auto network = architecture.make(kClasses);
    network->to(device);
    training::use_channels_last(*network);
    const training::Precision precision = training::resolve_precision({}, device);
    state.SetLabel(core::config::word_of(precision));
    const int64_t side = architecture.preprocessing.crop;
    const training::ImageInput input(architecture.preprocessing, precision, device);
    OneBatch batches(
        {input.to_precision(at::randn({kBatch, 3, side, side}).contiguous(at::MemoryFormat::ChannelsLast).to(device)),
         at::randint(kClasses, {kBatch}, at::kLong).to(device)},
        steps);
    const training::Unfreezing unfreezing(*network, {"none"}, {});
    const training::Task task{
        .module = network.get(),
        .parameters = training::parameters_of(*network, unfreezing.ever_trained(), {}, 0),
        .logits = [&](const at::Tensor& x) { return network->classify(network->features(x).to(at::kFloat)); },
        .batches = &batches,
        .enter_epoch = [&](int64_t epoch) { unfreezing.enter(epoch, train_statistics); }};
    training::TrainerSettings settings;
    settings.loop = {.epochs = 1, .batch_size = kBatch, .save_every = 1e9};
    settings.optimizer = {.name = training::OptimizerKind::kSgd, .lr = 1e-3, .momentum = 0.9};
    const auto run = [&] { training::train(task, settings, {}, [](const training::TrainingState&) {}); };
    run();
    for (auto _ : state) run();
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * steps * kBatch);
}

/// Sums that do not wait for each other, enough of them to keep every multiplier busy.
constexpr int kChains = 12;

/// Products in registers alone, added up. In assembly: a compiler joins sums that it knows to be alike.
#define KAZIRANGA_MULTIPLY_ADDS(name, features, Vector, instruction)                                               \
    __attribute__((target(features))) void name(int64_t rounds) {                                                  \
        Vector sums[kChains] = {};                                                                                 \
        const Vector factor = {};                                                                                  \
        for (int64_t i = 0; i < rounds; ++i) {                                                                     \
            _Pragma("GCC unroll 12") for (Vector& sum : sums) asm volatile(instruction " %1, %1, %0" : "+v"(sum) : \
                                                                           "v"(factor));                           \
        }                                                                                                          \
    }
KAZIRANGA_MULTIPLY_ADDS(fp32_of_avx2, "avx2,fma", __m256, "vfmadd231ps")
KAZIRANGA_MULTIPLY_ADDS(fp32_of_avx512, "avx512f", __m512, "vfmadd231ps")
KAZIRANGA_MULTIPLY_ADDS(bf16_of_avx512, "avx512f,avx512bf16", __m512, "vdpbf16ps")
#undef KAZIRANGA_MULTIPLY_ADDS

struct MultiplyAdds {
    bool here;  ///< whether the processor has it
    void (*run)(int64_t rounds);
    int64_t products;  ///< of one instruction
};

void peak(benchmark::State& state, const MultiplyAdds& fastest) {
    if (!fastest.here) return state.SkipWithError("the processor has no instruction for it");
    constexpr int64_t kRounds = 1 << 22;
    const int64_t workers = core::available_processors();
    for (auto _ : state) core::parallel_for(workers, workers, [&](int64_t) { fastest.run(kRounds); });
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * workers * kRounds * kChains * fastest.products *
                            2);
}

void gemm(benchmark::State& state) {
    const c10::Device device = kaziranga::device();
    const int64_t side = device.is_cpu() ? 2048 : 8192;
    const auto options = at::TensorOptions(device).dtype(device.is_cpu() ? at::kFloat : at::kBFloat16);
    const at::Tensor a = at::randn({side, side}, options), b = at::randn({side, side}, options);
    at::Tensor product = at::mm(a, b);
    core::DeviceEvent done(device);
    for (auto _ : state) {
        at::mm_out(product, a, b);
        done.record();
        done.synchronize();
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * 2 * side * side * side);
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
        add(std::string("pass/") + name + "/auto", [name](benchmark::State& state) { pass(state, name, {}); });
        for (const auto& [precision, word] : core::kPrecisionWords) {
            add(fmt::format("pass/{}/{}", name, word),
                [name, precision = precision](benchmark::State& state) { pass(state, name, {precision}); });
        }
    }
    add("read", [](benchmark::State& state) { read(state, false); });
    add("list", list);
    add("read_boxes/whole", [](benchmark::State& state) { read_boxes(state, false); });
    add("read_boxes/in_part", [](benchmark::State& state) { read_boxes(state, true); });
    add("read_and_resize", [](benchmark::State& state) { read(state, true); });
    for (const char* name : {"resnet18", "resnet50", "efficientnet_lite0"}) {
        add(std::string("extract/") + name, [name](benchmark::State& state) { extract(state, name); });
    }
    for (const char* name : {"resnet18", "efficientnet_lite0"}) {
        for (const bool train : {false, true}) {
            add(std::string("step/") + name + (train ? "/train" : "/frozen"),
                [name, train](benchmark::State& state) { step(state, name, train); });
        }
    }
    const MultiplyAdds avx2 = {true, fp32_of_avx2, 8}, avx512 = {true, fp32_of_avx512, 16};
    const MultiplyAdds bf16 = {__builtin_cpu_supports("avx512bf16") != 0, bf16_of_avx512, 32};
    add("peak/fp32", [=](benchmark::State& state) { peak(state, __builtin_cpu_supports("avx512f") ? avx512 : avx2); });
    add("peak/bf16", [=](benchmark::State& state) { peak(state, bf16); });
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
