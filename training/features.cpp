#include "training/features.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <map>

#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/loader.hpp"
#include "data/read_image.hpp"
#include "models/weights/state_dict.hpp"

namespace kaziranga::training {
namespace {

/// One image and view that has to be computed.
struct Request {
    int64_t sample = 0;
    int64_t view = 0;
};

core::Hash128 hash_part(const models::Backbone& network, bool head) {
    core::Hasher hasher;
    const std::string head_prefix = network.classifier_name() + ".";
    for (const auto& [name, tensor] : models::state_dict(network)) {
        if (name.starts_with(head_prefix) != head) continue;
        const at::Tensor value = tensor.detach().cpu().contiguous();
        hasher.add_text(name);
        for (const int64_t size : value.sizes()) hasher.add(&size, sizeof size);
        hasher.add(value.const_data_ptr(), value.nbytes());
    }
    return hasher.digest();
}

bool processor_has_bf16() {
    return __builtin_cpu_supports("avx512bf16");
}

}  // namespace

void use_channels_last(torch::nn::Module& module) {
    for (at::Tensor& parameter : module.parameters()) {
        if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
}

std::shared_ptr<models::Backbone> copy_network(const models::Architecture& architecture,
                                               const models::Backbone& network) {
    auto copy = architecture.make(network.num_classes());
    copy->set_head(models::make_head(network.head()->spec()));
    models::load_state_dict(*copy, models::state_dict(network), {.source = "the network", .classifier_name = ""});
    copy->eval();
    return copy;
}

core::Hash128 hash_backbone(const models::Backbone& network) {
    return hash_part(network, /*head=*/false);
}

core::Hash128 hash_head(const models::Backbone& network) {
    return hash_part(network, /*head=*/true);
}

at::Tensor normalise(const at::Tensor& images, const core::Preprocessing& preprocessing) {
    constexpr double kWhite = 255;
    std::array<float, 3> mean{}, scale{};
    for (size_t c = 0; c < 3; ++c) {
        mean[c] = static_cast<float>(preprocessing.mean[c] * kWhite);
        scale[c] = static_cast<float>(1 / (preprocessing.std[c] * kWhite));
    }
    const auto options = at::TensorOptions(images.device()).dtype(at::kFloat);
    const at::Tensor mean_rgb = at::tensor(at::ArrayRef<float>(mean.data(), 3), at::kFloat).view({1, 3, 1, 1});
    const at::Tensor scale_rgb = at::tensor(at::ArrayRef<float>(scale.data(), 3), at::kFloat).view({1, 3, 1, 1});
    return images.to(at::kFloat).sub_(mean_rgb.to(options)).mul_(scale_rgb.to(options));
}

Precision resolve_precision(const std::string& name, c10::Device device) {
    if (name == "fp32") return Precision::kFloat32;
    if (name == "bf16") return Precision::kBfloat16;
    return device.is_cuda() || processor_has_bf16() ? Precision::kBfloat16 : Precision::kFloat32;
}

FeatureExtractor::FeatureExtractor(const models::Architecture& architecture, const models::Backbone& network,
                                   Settings settings)
    : network_(copy_network(architecture, network)), backbone_hash_(hash_backbone(network)), settings_(settings) {
    if (settings_.precision == Precision::kBfloat16) network_->to(at::kBFloat16);
    network_->to(settings_.device);
    use_channels_last(*network_);
}

core::Hash128 FeatureExtractor::identity() const {
    core::Hasher hasher;
    hasher.add(&backbone_hash_, sizeof backbone_hash_);
    const core::Preprocessing& p = settings_.preprocessing;
    const std::array<int64_t, 5> shape = {p.resize, p.crop, static_cast<int64_t>(p.interpolation),
                                          static_cast<int64_t>(settings_.precision),
                                          static_cast<int64_t>(settings_.device.type())};
    hasher.add(shape.data(), sizeof shape);
    hasher.add(p.mean.data(), sizeof p.mean);
    hasher.add(p.std.data(), sizeof p.std);
    hasher.add(&settings_.batch_size, sizeof settings_.batch_size);
    const int64_t stages = network_->head()->spec().stage_features;
    if (stages > 0) hasher.add(&stages, sizeof stages);
    return hasher.digest();
}

at::Tensor FeatureExtractor::pass(const at::Tensor& images) const {
    const int64_t count = images.size(0);
    at::Tensor full = images;
    if (count < settings_.batch_size) {
        full = at::zeros({settings_.batch_size, images.size(1), images.size(2), images.size(3)}, images.options())
                   .contiguous(at::MemoryFormat::ChannelsLast);
        full.narrow(0, 0, count).copy_(images);
    }
    at::Tensor x = normalise(full.to(settings_.device), settings_.preprocessing);
    if (settings_.precision == Precision::kBfloat16) x = x.to(at::kBFloat16);
    return network_->features(x).narrow(0, 0, count).to(at::kFloat).cpu().contiguous();
}

Features FeatureExtractor::extract(const std::string& phase, const data::Samples& samples,
                                   const std::vector<core::Hash128>& contents, const Views& views,
                                   FeatureCache* cache) const {
    const c10::NoGradGuard no_grad;
    const auto count = static_cast<int64_t>(samples.size());
    const int64_t dim = feature_dim();
    const auto content_of = [&](int64_t i) {
        return contents.empty() ? core::Hash128{} : contents[static_cast<size_t>(i)];
    };
    Features result{at::zeros({count, views.size(), dim}, at::kFloat), {}};
    float* const rows = result.x.data_ptr<float>();

    std::vector<Request> missing;
    for (int64_t i = 0; i < count; ++i) {
        for (int64_t v = 0; v < views.size(); ++v) {
            float* row = rows + (i * views.size() + v) * dim;
            if (cache == nullptr || !cache->find(view_key(content_of(i), views, static_cast<size_t>(v)), row))
                missing.push_back({i, v});
        }
    }
    if (missing.empty()) return result;

    core::Phase progress(phase, static_cast<int64_t>(missing.size()), "images");
    constexpr int64_t kBatchesAhead = 4;
    data::Loader loader(static_cast<int64_t>(missing.size()), settings_.batch_size, settings_.workers, kBatchesAhead,
                        [&](int64_t request) {
                            const Request& r = missing[static_cast<size_t>(request)];
                            const data::Sample& sample = samples[static_cast<size_t>(r.sample)];
                            const at::Tensor image = data::read_image(sample, settings_.max_pixels);
                            return load_view(image, content_of(r.sample), views, static_cast<size_t>(r.view),
                                             settings_.preprocessing);
                        });
    std::map<int64_t, core::Problem> failed;
    while (const auto batch = loader.next()) {
        for (const auto& [request, problem] : batch->failed) {
            failed.try_emplace(missing[static_cast<size_t>(request)].sample, problem);
        }
        if (!batch->positions.empty()) {
            const at::Tensor features = pass(batch->images);
            const at::Tensor finite = features.isfinite().all(1);
            std::vector<ViewKey> keys;
            std::vector<int64_t> finite_rows;
            for (size_t k = 0; k < batch->positions.size(); ++k) {
                const auto row = static_cast<int64_t>(k);
                const Request& r = missing[static_cast<size_t>(batch->positions[k])];
                if (!finite[row].item<bool>()) {
                    failed.try_emplace(r.sample,
                                       core::Problem{.what = "its features are not finite numbers",
                                                     .where = samples[static_cast<size_t>(r.sample)].path.string(),
                                                     .remedy = "try features.precision=fp32, and check model.weights"});
                    continue;
                }
                result.x[r.sample][r.view].copy_(features[row]);
                keys.push_back(view_key(content_of(r.sample), views, static_cast<size_t>(r.view)));
                finite_rows.push_back(row);
            }
            const at::Tensor sound = features.index_select(0, at::tensor(finite_rows, at::kLong));
            if (cache != nullptr) cache->append(keys, sound.const_data_ptr<float>());
        }
        progress.advance(static_cast<int64_t>(batch->positions.size() + batch->failed.size()));
    }
    result.failed.assign(failed.begin(), failed.end());
    return result;
}

}  // namespace kaziranga::training
