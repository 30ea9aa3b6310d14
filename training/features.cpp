#include "training/features.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/GradMode.h>

#include <bit>

#include "core/files.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "core/threads.hpp"
#include "data/augment/augment.hpp"
#include "data/decode.hpp"
#include "data/loader.hpp"
#include "data/transform.hpp"
#include "models/weights/state_dict.hpp"

namespace kaziranga::training {
namespace {

constexpr uint64_t kCentreView = 0;

/// One image and view that has to be computed.
struct Request {
    int64_t sample = 0;
    int64_t view = 0;
};

/// Convolutions run fastest on the CPU and on recent GPUs when weights and images lie in channels-last memory.
void use_channels_last(torch::nn::Module& module) {
    for (at::Tensor& parameter : module.parameters()) {
        if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    }
}

ViewKey view_key(core::Hash128 content, int64_t view, const ViewOptions& options) {
    if (view == 0) return {content, kCentreView};
    core::RandomStream hash(options.seed, core::Purpose::kView,
                            {std::bit_cast<uint64_t>(options.min_area), static_cast<uint64_t>(view)});
    return {content, hash() | 1};
}

at::Tensor load_view(const data::Sample& sample, int64_t view, core::Hash128 content, const ViewOptions& options,
                     const core::Preprocessing& preprocessing, int64_t max_pixels) {
    const at::Tensor image = data::decode_image(core::read_file(sample.path), sample.path, max_pixels);
    if (view == 0) return data::resize_and_centre_crop(image, preprocessing);
    const core::RandomStream stream(options.seed, core::Purpose::kView,
                                    {content.high, content.low, static_cast<uint64_t>(view)});
    return data::augment(image, preprocessing, {.min_area = options.min_area, .flip = 0.5}, stream);
}

bool processor_has_bf16() { return __builtin_cpu_supports("avx512bf16"); }

}  // namespace

core::Hash128 hash_backbone(const models::Backbone& network) {
    core::Hasher hasher;
    const std::string head = network.classifier_name() + ".";
    for (const auto& [name, tensor] : models::state_dict(network)) {
        if (name.starts_with(head)) continue;
        const at::Tensor value = tensor.detach().cpu().contiguous();
        hasher.add_text(name);
        for (const int64_t size : value.sizes()) hasher.add(&size, sizeof size);
        hasher.add(value.const_data_ptr(), value.nbytes());
    }
    return hasher.digest();
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
    : network_(architecture.make(network.num_classes())), backbone_hash_(hash_backbone(network)), settings_(settings) {
    models::load_state_dict(*network_, models::state_dict(network), {.source = "the network", .classifier_name = ""});
    network_->eval();
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
                                   const std::vector<core::Hash128>& contents, const ViewOptions& views,
                                   FeatureCache* cache) const {
    const c10::NoGradGuard no_grad;
    const auto count = static_cast<int64_t>(samples.size());
    const int64_t dim = feature_dim();
    const auto content_of = [&](int64_t i) {
        return contents.empty() ? core::Hash128{} : contents[static_cast<size_t>(i)];
    };
    Features result{at::zeros({count, views.views, dim}, at::kFloat), {}};
    float* const rows = result.x.data_ptr<float>();

    std::vector<Request> missing;
    for (int64_t i = 0; i < count; ++i) {
        for (int64_t v = 0; v < views.views; ++v) {
            float* row = rows + (i * views.views + v) * dim;
            if (cache == nullptr || !cache->find(view_key(content_of(i), v, views), row)) missing.push_back({i, v});
        }
    }
    if (missing.empty()) return result;

    core::Phase progress(phase, static_cast<int64_t>(missing.size()), "images");
    constexpr int64_t kBatchesAhead = 4;
    data::Loader loader(static_cast<int64_t>(missing.size()), settings_.batch_size, settings_.workers, kBatchesAhead,
                        [&](int64_t request) {
                            const Request& r = missing[static_cast<size_t>(request)];
                            return load_view(samples[static_cast<size_t>(r.sample)], r.view, content_of(r.sample),
                                             views, settings_.preprocessing, settings_.max_pixels);
                        });
    while (const auto batch = loader.next()) {
        for (const auto& [request, problem] : batch->failed) {
            const int64_t sample = missing[static_cast<size_t>(request)].sample;
            if (result.failed.empty() || result.failed.back().first != sample) {
                result.failed.emplace_back(sample, problem);
            }
        }
        const auto made = static_cast<int64_t>(batch->positions.size());
        if (made > 0) {
            const at::Tensor features = pass(batch->images);
            std::vector<ViewKey> keys;
            for (int64_t k = 0; k < made; ++k) {
                const Request& r = missing[static_cast<size_t>(batch->positions[static_cast<size_t>(k)])];
                result.x[r.sample][r.view].copy_(features[k]);
                keys.push_back(view_key(content_of(r.sample), r.view, views));
            }
            if (cache != nullptr) cache->append(keys, features.const_data_ptr<float>());
        }
        progress.advance(made + static_cast<int64_t>(batch->failed.size()));
    }
    return result;
}

}  // namespace kaziranga::training
