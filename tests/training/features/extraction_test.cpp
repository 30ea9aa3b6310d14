#include "training/features/extraction.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "data/formats/decode.hpp"
#include "data/transform.hpp"
#include "tests/support/image_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <limits>

#include <ATen/Context.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randint.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kaziranga::training {
namespace {

at::Tensor random_image(int64_t height, int64_t width, uint64_t seed) {
    at::Tensor image = at::empty({height, width, 3}, at::kByte);
    core::RandomStream random(seed, core::Purpose::kTest);
    uint8_t* pixels = image.mutable_data_ptr<uint8_t>();
    for (int64_t i = 0; i < image.numel(); ++i) pixels[i] = static_cast<uint8_t>(random.below(256));
    return image;
}

void write_image(const std::filesystem::path& path, int64_t side, uint64_t seed) {
    core::write_file(path, test::encode_bmp(random_image(side, side, seed)));
}

struct Images {
    test::TemporaryFolder folder;
    data::Samples samples;
    std::vector<core::Hash128> contents;

    explicit Images(int64_t count) {
        for (int64_t i = 0; i < count; ++i) {
            const std::string name = std::to_string(i) + ".bmp";
            write_image(folder / name, 64, static_cast<uint64_t>(i));
            samples.push_back({folder / name, name, 0});
            contents.push_back(core::hash_bytes(core::read_file(folder / name)));
        }
    }
};

struct Network {
    const models::Architecture& architecture = models::find_architecture("resnet18");
    std::shared_ptr<models::Backbone> network = architecture.make(2);
    Network() { network->eval(); }

    static FeatureExtractor::Settings settings(int64_t batch_size = 4, int64_t workers = 2) {
        return {.preprocessing = {.resize = 40, .crop = 32},
                .batch_size = batch_size,
                .workers = workers,
                .max_pixels = 1'000'000};
    }
    FeatureExtractor extractor(int64_t batch_size = 4, int64_t workers = 2) const {
        return FeatureExtractor(architecture, *network, settings(batch_size, workers));
    }
};

TEST(ImageInput, IsTheFormulaPerChannel) {
    const at::Tensor images = at::randint(0, 256, {2, 3, 4, 4}, at::kByte);
    const core::Preprocessing p;
    const at::Tensor normal = ImageInput(p, Precision::kFloat32, c10::kCPU).normalise(images);
    for (int64_t c = 0; c < 3; ++c) {
        const auto i = static_cast<size_t>(c);
        const at::Tensor expected = (images.select(1, c).to(at::kDouble) / 255 - p.mean[i]) / p.std[i];
        EXPECT_TRUE(normal.select(1, c).to(at::kDouble).allclose(expected, 1e-5, 1e-6)) << c;
    }
}

TEST(ResolvePrecision, RefusesBytesOnAGpu) {
    EXPECT_EQ(resolve_precision({Precision::kInt8}, c10::kCPU), Precision::kInt8);
    EXPECT_THROW(resolve_precision({Precision::kInt8}, c10::kCUDA), core::Error);
    EXPECT_EQ(resolve_precision({}, c10::kCUDA), Precision::kBfloat16);
}

TEST(ImageInput, BytesHoldEveryPixel) {
    const core::Preprocessing p;
    const at::Tensor images = at::arange(256).to(at::kByte).view({1, 1, 16, 16}).expand({1, 3, 16, 16}).contiguous();
    const ImageInput input(p, Precision::kInt8, c10::kCPU);
    const at::Tensor x = input.normalise(images), bytes = input.to_precision(x);
    EXPECT_LE((bytes.dequantize() - x).abs().max().item<double>(), bytes.q_scale() * 0.51);
}

TEST(HashBackbone, SeesEveryWeightButTheHead) {
    const Network a;
    const core::Hash128 before = hash_backbone(*a.network);
    const c10::NoGradGuard no_grad;
    const core::Hash128 head_before = hash_head(*a.network);
    a.network->head()->parameters().front().add_(1);
    EXPECT_EQ(hash_backbone(*a.network), before);
    EXPECT_NE(hash_head(*a.network), head_before);
    a.network->named_buffers()["layer4.1.bn2.running_mean"][3] += 1e-6;
    EXPECT_NE(hash_backbone(*a.network), before);
}

TEST(FeatureExtractor, AFeatureDoesNotDependOnItsCompanyOrOnWorkers) {
    const Network n;
    const Images images(6);
    const at::Tensor all = n.extractor().extract("", images.samples, images.contents, {}, nullptr).x;
    const data::Samples two = {images.samples[5], images.samples[1]};
    const at::Tensor some = n.extractor(4, 1).extract("", two, {images.contents[5], images.contents[1]}, {}, nullptr).x;
    EXPECT_TRUE(some[0].equal(all[5]));
    EXPECT_TRUE(some[1].equal(all[1]));
}

TEST(FeatureExtractor, IsTheNetworksOwnFeatures) {
    const Network n;
    const Images images(1);
    const at::Tensor made = n.extractor().extract("", images.samples, images.contents, {}, nullptr).x;
    EXPECT_EQ(made.sizes(), (std::vector<int64_t>{1, 1, 512}));
    const core::Preprocessing p{.resize = 40, .crop = 32};
    const at::Tensor image =
        data::decode_image(core::read_file(images.samples[0].path), images.samples[0].path, {1'000'000});
    const at::Tensor x =
        ImageInput(p, Precision::kFloat32, c10::kCPU).make(data::resize_and_centre_crop(image, p).unsqueeze(0));
    const c10::NoGradGuard no_grad;
    EXPECT_TRUE(made[0].allclose(n.network->features(x), 1e-4, 1e-5));
    EXPECT_GT(made.abs().max().item<float>(), 0);
}

TEST(FeatureExtractor, TheKindTellsWhateverChangesAFeature) {
    const Network n, other;
    const auto hash_of = [&](const Network& network, auto&&... changes) {
        FeatureExtractor::Settings settings = network.settings();
        (changes(settings), ...);
        return FeatureExtractor(network.architecture, *network.network, settings).kind().hash;
    };
    using Settings = FeatureExtractor::Settings;
    const core::Hash128 as_it_is = hash_of(n);
    EXPECT_EQ(hash_of(n, [](Settings& s) { s.workers = 1; }), as_it_is);
    EXPECT_NE(hash_of(other), as_it_is) << "weights";
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.resize = 41; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.crop = 31; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.interpolation = core::Interpolation::kBicubic; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.mean[1] = 0.5; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.std[2] = 0.5; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.preprocessing.reduced = true; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.precision = Precision::kBfloat16; }), as_it_is);
    EXPECT_NE(hash_of(n, [](Settings& s) { s.batch_size = 8; }), as_it_is);
}

TEST(FeatureExtractor, ReducesLargeJpegsWhereItMay) {
    const Network n;
    const test::TemporaryFolder folder;
    const std::string large = test::encode_jpeg(random_image(640, 800, 1));
    core::write_file(folder / "large.jpg", large);
    const data::Samples samples = {{folder / "large.jpg", "large.jpg", 0}};
    FeatureExtractor::Settings settings = n.settings();
    settings.preprocessing.reduced = true;
    const at::Tensor made =
        FeatureExtractor(n.architecture, *n.network, settings).extract("", samples, {}, {}, nullptr).x;
    // 640 / 8 is twice the 40 pixels that it is resized to.
    core::write_file(folder / "small.bmp", test::encode_bmp(test::decode_jpeg(large, 8)));
    const data::Samples small = {{folder / "small.bmp", "small.bmp", 0}};
    EXPECT_TRUE(made.equal(n.extractor().extract("", small, {}, {}, nullptr).x));
    EXPECT_FALSE(made.equal(n.extractor().extract("", samples, {}, {}, nullptr).x));
}

TEST(FeatureExtractor, ComputesOnlyWhatTheCacheLacks) {
    const Network n;
    const Images images(5);
    const test::TemporaryFolder folder;
    const FeatureExtractor extractor = n.extractor();
    const data::Samples first(images.samples.begin(), images.samples.begin() + 3);
    {
        FeatureCache cache(folder.path(), extractor.kind(), extractor.feature_dim());
        extractor.extract("", first, images.contents, {}, &cache);
    }
    for (const auto& sample : first) core::write_file(sample.path, "no longer an image");
    FeatureCache cache(folder.path(), extractor.kind(), extractor.feature_dim());
    EXPECT_EQ(cache.size(), 3);
    const Features all = extractor.extract("", images.samples, images.contents, {}, &cache);
    EXPECT_TRUE(all.failed.empty());
}

TEST(FeatureExtractor, NamesImagesThatCannotBeDecodedAndGoesOn) {
    const Network n;
    const Images images(3);
    core::write_file(images.samples[1].path, "no image");
    const Features features = n.extractor().extract("", images.samples, images.contents, {}, nullptr);
    ASSERT_EQ(features.failed.size(), 1U);
    EXPECT_EQ(features.failed[0].first, 1);
    EXPECT_NE(core::to_line(features.failed[0].second).find("1.bmp"), std::string::npos);
    EXPECT_GT(features.x[2].abs().max().item<float>(), 0);
}

/// Its features would be kept under the hash of what it was before.
TEST(FeatureExtractor, AnImageThatWasReplacedSinceItWasLookedAtIsNamedAndNotKept) {
    Images images(3);
    const Network network;
    const FeatureExtractor extractor = network.extractor();
    const core::Hash128 before = images.contents[1];
    write_image(images.samples[1].path, 64, 77);
    {
        FeatureCache cache(images.folder / "cache", extractor.kind(), extractor.feature_dim());
        const Features found = extractor.extract("test", images.samples, images.contents, {}, &cache);
        ASSERT_EQ(found.failed.size(), 1U);
        EXPECT_EQ(found.failed[0].first, 1);
        EXPECT_NE(found.failed[0].second.what.find("replaced or changed"), std::string::npos);
    }
    const FeatureCache cache(images.folder / "cache", extractor.kind(), extractor.feature_dim());
    std::vector<float> row(static_cast<size_t>(extractor.feature_dim()));
    EXPECT_EQ(cache.size(), 2);
    EXPECT_FALSE(cache.find({before, 0}, row.data()));
}

TEST(FeatureExtractor, ViewsBeyondTheFirstAreRandomButFixedByContent) {
    const Network n;
    const Images images(2);
    FeatureOptions options;
    options.random_views = 2;
    const Views three = training_views(options, {}, 5).views;
    const at::Tensor a = n.extractor().extract("", images.samples, images.contents, three, nullptr).x;
    EXPECT_FALSE(a[0][1].equal(a[0][0]));
    EXPECT_FALSE(a[0][1].equal(a[0][2]));
    const data::Samples one = {images.samples[1]};
    const at::Tensor b = n.extractor().extract("", one, {images.contents[1]}, three, nullptr).x;
    EXPECT_TRUE(b[0].equal(a[1]));
    const at::Tensor c =
        n.extractor().extract("", one, {images.contents[1]}, training_views(options, {}, 6).views, nullptr).x;
    EXPECT_TRUE(c[0][0].equal(a[1][0]));
    EXPECT_FALSE(c[0][1].equal(a[1][1]));
}

TEST(TrainingViews, ThoseThatWillBeAskedForComeFirst) {
    FeatureOptions options;
    EXPECT_EQ(training_views(options, {}, 0).judged, 1);
    options.train_views = {ViewKind::kWhole, ViewKind::kCentre, ViewKind::kWholeFlip, ViewKind::kFlip};
    options.test_views = {ViewKind::kFlip, ViewKind::kCentre};
    options.random_views = 1;
    const TrainingViews training = training_views(options, {}, 0);
    EXPECT_EQ(training.judged, 2);
    std::vector<ViewKind> kinds;
    for (const View& view : training.views.list) kinds.push_back(view.kind);
    using enum ViewKind;
    EXPECT_EQ(kinds, (std::vector{kCentre, kFlip, kWhole, kWholeFlip, kRandom}));
    options.train_views = {ViewKind::kWhole};
    EXPECT_EQ(training_views(options, {}, 0).judged, 1);
}

TEST(FeatureExtractor, NamedViewsShowWhatTheySay) {
    const Network n;
    const Images images(1);
    const Views views = views_of({ViewKind::kCentre, ViewKind::kFlip, ViewKind::kWhole, ViewKind::kWholeFlip});
    const at::Tensor x = n.extractor().extract("", images.samples, images.contents, views, nullptr).x[0];
    ASSERT_EQ(x.size(0), 4);
    for (int64_t a = 0; a < 4; ++a) {
        for (int64_t b = 0; b < a; ++b) EXPECT_FALSE(x[a].equal(x[b])) << a << " and " << b;
    }
    const at::Tensor image = at::arange(64 * 64 * 3).remainder(251).to(at::kByte).view({64, 64, 3});
    const core::Preprocessing p{.resize = 40, .crop = 32};
    const at::Tensor centre = load_view(image, {}, views, 0, p), flip = load_view(image, {}, views, 1, p);
    EXPECT_TRUE(flip.equal(centre.flip(2)));
    const at::Tensor whole = load_view(image, {}, views, 2, p);
    EXPECT_TRUE(whole.equal(load_view(image, {}, views_of({ViewKind::kCentre}), 0, {.resize = 32, .crop = 32})));
}

TEST(FeatureExtractor, AnImageWhoseFeaturesAreNotFiniteIsNamed) {
    const Network n;
    const Images images(2);
    const c10::NoGradGuard no_grad;
    // The sum of two by two places is more than a float holds.
    n.network->named_parameters()["layer4.1.bn2.bias"].fill_(std::numeric_limits<float>::max());
    const FeatureExtractor extractor(n.architecture, *n.network,
                                     {.preprocessing = {.resize = 64, .crop = 64}, .max_pixels = 1'000'000});
    const Features features = extractor.extract("", images.samples, images.contents, {}, nullptr);
    ASSERT_EQ(features.failed.size(), 2U);
    EXPECT_NE(core::to_line(features.failed[1].second).find("1.bmp: its features are not finite"), std::string::npos);
}

TEST(FeatureExtractor, TheCopyLeavesTheOriginalAlone) {
    const Network n;
    const core::Hash128 before = hash_backbone(*n.network);
    const Images images(1);
    FeatureExtractor(
        n.architecture, *n.network,
        {.preprocessing = {.resize = 40, .crop = 32}, .precision = Precision::kBfloat16, .max_pixels = 1'000'000})
        .extract("", images.samples, images.contents, {}, nullptr);
    EXPECT_EQ(hash_backbone(*n.network), before);
}

}  // namespace
}  // namespace kaziranga::training
