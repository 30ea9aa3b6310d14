/// What a GPU computes against what the processor does. Where there is no GPU each test says so and is skipped.
#include "core/device.hpp"
#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/manifests/park.hpp"
#include "models/registry.hpp"
#include "training/features/extraction.hpp"
#include "training/loop/trainer.hpp"

#include <limits>
#include <optional>

#include <ATen/ops/arange.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/linear.h>

namespace kaziranga::training {
namespace {

class Gpu : public testing::Test {
  protected:
    void SetUp() override {
        try {
            gpu_ = core::resolve_device("cuda");
        } catch (const core::Error& error) {
            GTEST_SKIP() << "NOT RUN: no GPU: " << error.what();
        }
    }

    /// [4 images_each, D] of a drawn park, by a network whose weights are the same each time
    static at::Tensor features(const std::string& name, FeatureExtractor::Settings settings, int64_t images_each = 5) {
        const models::Architecture& architecture = models::find_architecture(name);
        at::manual_seed(0);
        const auto network = architecture.make(2);
        network->eval();
        settings.preprocessing = architecture.preprocessing;
        const data::synthetic::ParkOptions options{
            .park = "kaziranga", .species = 4, .train_images = images_each, .test_images = 0, .size = 64};
        const auto park = std::make_shared<const data::Park>(data::synthetic::record_of(options, 1));
        const FeatureExtractor extractor(architecture, *network, settings);
        return extractor.extract("", data::park_samples(park, 0), {}, Views{}, nullptr).x.squeeze(1);
    }

    static double relative_error(const at::Tensor& found, const at::Tensor& expected) {
        return ((found - expected).norm() / expected.norm()).item<double>();
    }

    std::optional<c10::Device> gpu_;
};

class GpuFeatures : public Gpu, public testing::WithParamInterface<const char*> {
  protected:
    static at::Tensor features(c10::Device device, Precision precision) {
        return Gpu::features(GetParam(), {.device = device, .precision = precision, .workers = 2});
    }
};

TEST_P(GpuFeatures, Float32FeaturesAreThoseOfTheProcessor) {
    const at::Tensor expected = features(c10::kCPU, Precision::kFloat32);
    EXPECT_LT(relative_error(features(*gpu_, Precision::kFloat32), expected), 1e-3);
}

TEST_P(GpuFeatures, Bfloat16FeaturesAreNearThem) {
    const at::Tensor expected = features(c10::kCPU, Precision::kFloat32);
    EXPECT_LT(relative_error(features(*gpu_, Precision::kBfloat16), expected), 5e-2);
}

INSTANTIATE_TEST_SUITE_P(Kinds, GpuFeatures, testing::Values("resnet18", "resnet50", "efficientnet_lite0"));

/// Many small batches, so that copies, passes and the reuse of their memory overlap.
TEST_F(Gpu, AFeatureDoesNotDependOnWhatIsUnderWayBesideIt) {
    FeatureExtractor::Settings settings{
        .device = *gpu_, .precision = Precision::kBfloat16, .batch_size = 4, .workers = 1};
    constexpr int64_t kImagesEach = 100;
    const at::Tensor alone = features("resnet10_small", settings, kImagesEach);
    for (const int64_t workers : {2, 8}) {
        settings.workers = workers;
        EXPECT_TRUE(features("resnet10_small", settings, kImagesEach).equal(alone)) << workers << " workers";
    }
}

constexpr double kNever = 1e9;  // seconds

/// What a linear layer becomes in some steps.
struct Training {
    explicit Training(c10::Device device, float somewhere = 0) {
        at::manual_seed(0);
        const at::Tensor y = at::arange(kRows).remainder(kClasses);
        const at::Tensor x = at::randn({kRows, kWidth}) + y.unsqueeze(1);
        x[kRows / 2].add_(somewhere);
        layer = torch::nn::Linear(kWidth, kClasses);
        layer->to(device);
        batches = make_row_batches(x.to(device), y.to(device), {}, kBatch, data::Sampling::kShuffle, 1);
        task = {.module = layer.get(),
                .parameters = parameters_of(*layer),
                .logits = [this](const at::Tensor& rows) { return layer->forward(rows); },
                .batches = batches.get()};
    }

    /// @param save_every  seconds
    TrainingState run(double save_every) {
        TrainerSettings settings;
        settings.loop = {.epochs = 3, .clip_norm = 1, .save_every = save_every};
        settings.optimizer = {.name = OptimizerKind::kSgd, .lr = 0.01, .momentum = 0.9};
        return train(task, settings, {}, [this](const TrainingState& state) {
            ++saves;
            for (const auto& [name, value] : state.weights) finite = finite && value.isfinite().all().item<bool>();
        });
    }

    static constexpr int64_t kRows = 200, kWidth = 16, kClasses = 4, kBatch = 8;
    torch::nn::Linear layer{nullptr};
    std::unique_ptr<Batches> batches;
    Task task;
    int64_t saves = 0;
    bool finite = true;  ///< everything that was saved
};

TEST_F(Gpu, TrainsAsTheProcessorDoes) {
    Training here(c10::kCPU), there(*gpu_);
    const TrainingState expected = here.run(kNever), found = there.run(kNever);
    ASSERT_EQ(found.rows.size(), expected.rows.size());
    for (size_t i = 0; i < found.rows.size(); ++i)
        EXPECT_NEAR(found.rows[i].train_loss, expected.rows[i].train_loss, 1e-4);
    EXPECT_LT(relative_error(there.layer->weight.detach().cpu(), here.layer->weight.detach()), 1e-4);
}

/// It learns of a step's numbers while later steps are under way.
TEST_F(Gpu, TellsTheStepThatWasNotFinite) {
    const auto complaint = [&](c10::Device device) {
        Training training(device, std::numeric_limits<float>::quiet_NaN());
        try {
            training.run(kNever);
        } catch (const core::Error& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    const std::string expected = complaint(c10::kCPU);
    EXPECT_NE(expected, "none");
    EXPECT_EQ(complaint(*gpu_), expected);
}

TEST_F(Gpu, SavesNothingThatAStepHasSpoilt) {
    constexpr double kAfterEveryStep = 0;
    Training training(*gpu_, std::numeric_limits<float>::quiet_NaN());
    EXPECT_THROW(training.run(kAfterEveryStep), core::Error);
    EXPECT_GT(training.saves, 0);
    EXPECT_TRUE(training.finite);
}

}  // namespace
}  // namespace kaziranga::training
