#include "studies/bias_variance/park_features.hpp"

#include "data/manifests/park.hpp"
#include "evaluation/records.hpp"
#include "models/pretrained.hpp"
#include "models/registry.hpp"
#include "training/features/extraction.hpp"

#include <algorithm>

#include <ATen/ops/linalg_svd.h>

namespace kaziranga::studies {

ParkFeatures park_features(const ParkFeatureOptions& o, int64_t seed) {
    constexpr int64_t kSize = 128;  // pixels; the network's preprocessing enlarges them
    const data::synthetic::ParkOptions options{
        .park = "kaziranga", .species = o.species, .train_images = o.pool, .test_images = o.test, .size = kSize};
    const auto park = std::make_shared<const data::Park>(data::synthetic::record_of(options, seed));
    const models::ModelOptions model{.name = "efficientnet_lite0", .weights = o.weights};
    const auto loaded = models::load_network(model, o.species, static_cast<uint64_t>(seed));
    const models::Architecture& architecture = models::find_architecture(model.name);
    const training::FeatureExtractor extractor(architecture, *loaded.network,
                                               {.preprocessing = architecture.preprocessing,
                                                .precision = training::resolve_precision({}, c10::kCPU),
                                                .workers = 0});
    const auto features = [&](const data::Samples& samples) {
        return extractor.extract("features", samples, {}, training::Views{}, nullptr).x.squeeze(1);
    };
    const data::Samples pool = data::park_samples(park, 0), test = data::park_samples(park, 2);
    const at::Tensor pool_x = features(pool), test_x = features(test), mean = pool_x.mean(0, true);
    const auto [u, s, v] = at::linalg_svd(pool_x - mean, /*full_matrices=*/false);
    const int64_t axes = std::min(o.axes, s.numel() - 1);
    const at::Tensor map =
        v.narrow(0, 0, axes).t() / s.narrow(0, 0, axes) * std::sqrt(static_cast<double>(pool.size()));
    return {(pool_x - mean).matmul(map), (test_x - mean).matmul(map), evaluation::labels_of(pool),
            evaluation::labels_of(test)};
}

}  // namespace kaziranga::studies
