/// What a GPU computes against what the processor does. Where there is no GPU each test says so and is skipped.
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <optional>

#include "core/device.hpp"
#include "core/error.hpp"
#include "data/dataset.hpp"
#include "data/park.hpp"
#include "models/registry.hpp"
#include "training/features.hpp"

namespace kaziranga::training {
namespace {

class Gpu : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        try {
            gpu_ = core::resolve_device("cuda");
        } catch (const core::Error& error) {
            GTEST_SKIP() << "NOT RUN: no GPU: " << error.what();
        }
    }

    /// [20, D] of a drawn park
    at::Tensor features(c10::Device device, Precision precision) const {
        const models::Architecture& architecture = models::find_architecture(GetParam());
        const data::synthetic::ParkOptions options{
            .park = "kaziranga", .species = 4, .train_images = 5, .test_images = 0, .size = 64};
        const auto park = std::make_shared<const data::Park>(data::synthetic::record_of(options, 1));
        const FeatureExtractor extractor(
            architecture, *network(architecture),
            {.preprocessing = architecture.preprocessing, .device = device, .precision = precision, .workers = 2});
        return extractor.extract("", data::park_samples(park, 0), {}, named_views({"centre"}), nullptr).x.squeeze(1);
    }

    static double relative_error(const at::Tensor& found, const at::Tensor& expected) {
        return ((found - expected).norm() / expected.norm()).item<double>();
    }

    std::optional<c10::Device> gpu_;

  private:
    /// The same weights each time.
    static std::shared_ptr<models::Backbone> network(const models::Architecture& architecture) {
        at::manual_seed(0);
        auto made = architecture.make(2);
        made->eval();
        return made;
    }
};

TEST_P(Gpu, Float32FeaturesAreThoseOfTheProcessor) {
    const at::Tensor expected = features(c10::kCPU, Precision::kFloat32);
    EXPECT_LT(relative_error(features(*gpu_, Precision::kFloat32), expected), 1e-3);
}

TEST_P(Gpu, Bfloat16FeaturesAreNearThem) {
    const at::Tensor expected = features(c10::kCPU, Precision::kFloat32);
    EXPECT_LT(relative_error(features(*gpu_, Precision::kBfloat16), expected), 5e-2);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Gpu, testing::Values("resnet18", "resnet50", "efficientnet_lite0"));

}  // namespace
}  // namespace kaziranga::training
