#include "training/features.hpp"

#include <ATen/ops/quantize_per_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/DeviceType.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/read_image.hpp"
#include "models/quantised_conv.hpp"
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

/// Of how features are computed; another one when it changes their digits.
constexpr std::string_view kForm = "fused";

/// Whether bfloat16 is faster than float32 here. Intel's processors without AMX have the instructions too, but they
/// multiply no more numbers a second than the float32 ones.
bool bf16_pays() {
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_is("amd");
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

std::string_view precision_name(Precision precision) {
    switch (precision) {
        case Precision::kBfloat16:
            return "bf16";
        case Precision::kInt8:
            return "int8";
        case Precision::kFloat32:
            break;
    }
    return "fp32";
}

Precision resolve_precision(const std::string& name, c10::Device device) {
    if (name == "fp32") return Precision::kFloat32;
    if (name == "bf16") return Precision::kBfloat16;
    if (name == "int8") {
        if (device.is_cpu()) return Precision::kInt8;
        throw core::Error({.what = "8-bit passes run on the processor only",
                           .where = "features.precision",
                           .expected = "fp32, bf16 or auto on " + device.str(),
                           .remedy = "give features.precision=auto, or device=cpu"});
    }
    return device.is_cuda() || bf16_pays() ? Precision::kBfloat16 : Precision::kFloat32;
}

void prepare_inference(models::Backbone& network, Precision precision) {
    switch (precision) {
        case Precision::kFloat32:
            return network.fuse(at::kFloat);
        case Precision::kBfloat16:
            return network.fuse(at::kBFloat16);
        case Precision::kInt8:
            return network.quantise();
    }
}

at::Tensor to_precision(const at::Tensor& x, Precision precision, const core::Preprocessing& preprocessing) {
    switch (precision) {
        case Precision::kFloat32:
            break;
        case Precision::kBfloat16:
            return x.to(at::kBFloat16);
        case Precision::kInt8: {
            double low = 0, high = 0;
            for (size_t c = 0; c < preprocessing.mean.size(); ++c) {
                low = std::min(low, (0 - preprocessing.mean[c]) / preprocessing.std[c]);
                high = std::max(high, (1 - preprocessing.mean[c]) / preprocessing.std[c]);
            }
            const models::ByteScale bytes = models::byte_scale(low, high);
            return at::quantize_per_tensor(x, bytes.scale, bytes.zero, at::kQUInt8);
        }
    }
    return x;
}

FeatureExtractor::FeatureExtractor(const models::Architecture& architecture, const models::Backbone& network,
                                   Settings settings)
    : architecture_(architecture.name),
      network_(copy_network(architecture, network)),
      backbone_hash_(hash_backbone(network)),
      settings_(settings) {
    network_->to(settings_.device);
    prepare_inference(*network_, settings_.precision);
}

FeatureKind FeatureExtractor::kind() const {
    core::Hasher hasher;
    hasher.add_text(kForm);
    hasher.add(&backbone_hash_, sizeof backbone_hash_);
    const core::Preprocessing& p = settings_.preprocessing;
    const std::array<int64_t, 5> shape = {p.resize, p.crop, static_cast<int64_t>(p.interpolation),
                                          static_cast<int64_t>(settings_.precision),
                                          static_cast<int64_t>(settings_.device.type())};
    hasher.add(shape.data(), sizeof shape);
    hasher.add(p.mean.data(), sizeof p.mean);
    hasher.add(p.std.data(), sizeof p.std);
    hasher.add(&settings_.batch_size, sizeof settings_.batch_size);
    if (settings_.precision == Precision::kInt8) {
        const bool pairs = models::adds_pairs_in_16_bits();
        hasher.add(&pairs, sizeof pairs);
    }
    const int64_t stages = network_->head()->spec().stage_features;
    if (stages > 0) hasher.add(&stages, sizeof stages);
    constexpr size_t kDigits = 8;  // enough to tell backbones apart
    return {
        .hash = hasher.digest(),
        .description = fmt::format("{} {}{}, {} of {} pixels {}, {} on {}", architecture_,
                                   backbone_hash_.hex().substr(0, kDigits), stages > 0 ? " all stages" : "", p.crop,
                                   p.resize, p.interpolation == core::Interpolation::kBicubic ? "bicubic" : "bilinear",
                                   precision_name(settings_.precision),
                                   c10::DeviceTypeName(settings_.device.type(), /*lower_case=*/true))};
}

at::Tensor FeatureExtractor::pass(const at::Tensor& images) const {
    const int64_t count = images.size(0);
    at::Tensor full = images;
    if (count < settings_.batch_size) {
        full = at::zeros({settings_.batch_size, images.size(1), images.size(2), images.size(3)}, images.options())
                   .contiguous(at::MemoryFormat::ChannelsLast);
        full.narrow(0, 0, count).copy_(images);
    }
    const at::Tensor x = normalise(full.to(settings_.device), settings_.preprocessing);
    return network_->features(to_precision(x, settings_.precision, settings_.preprocessing))
        .narrow(0, 0, count)
        .cpu()
        .contiguous();
}

/// One call of extract: what its workers share.
class FeatureExtractor::Extraction {
  public:
    Extraction(const FeatureExtractor& extractor, const data::Samples& samples,
               const std::vector<core::Hash128>& contents, const Views& views, FeatureCache* cache)
        : extractor_(extractor),
          samples_(samples),
          contents_(contents),
          views_(views),
          cache_(cache),
          x_(at::zeros({static_cast<int64_t>(samples.size()), views.size(), extractor.feature_dim()}, at::kFloat)) {}

    /// Takes what the cache has.
    /// @return how many are left
    int64_t look_up() {
        for (int64_t i = 0; i < x_.size(0); ++i) {
            for (int64_t v = 0; v < views_.size(); ++v) {
                const Request request{.sample = i, .view = v};
                if (cache_ == nullptr || !cache_->find(key(request), row(request))) missing_.push_back(request);
            }
        }
        return static_cast<int64_t>(missing_.size());
    }

    /// From any thread, each batch once.
    void compute(int64_t batch, core::SharedPhase& progress) {
        const c10::NoGradGuard no_grad;
        const int64_t size = extractor_.settings_.batch_size;
        const auto first = static_cast<size_t>(batch * size);
        const size_t last = std::min(first + static_cast<size_t>(size), missing_.size());
        std::vector<Request> loaded;
        std::vector<at::Tensor> images;
        at::Tensor picture;  // of the sample that was read last: its views follow one another
        int64_t pictured = -1;
        for (size_t i = first; i < last; ++i) {
            core::throw_if_interrupted();
            const Request& request = missing_[i];
            try {
                if (request.sample != pictured) {
                    pictured = -1;
                    picture = read(request.sample);
                    pictured = request.sample;
                }
                images.push_back(view(picture, request));
                loaded.push_back(request);
            } catch (const core::Error& error) {
                fail(request, error.problems().front());
            }
        }
        if (!images.empty()) keep(loaded, extractor_.pass(stack(images)));
        progress.step(static_cast<int64_t>(last - first));
    }

    Features result() && {
        return {std::move(x_), std::vector<std::pair<int64_t, core::Problem>>(failed_.begin(), failed_.end())};
    }

  private:
    core::Hash128 content(const Request& r) const {
        return contents_.empty() ? core::Hash128{} : contents_[static_cast<size_t>(r.sample)];
    }
    ViewKey key(const Request& r) const { return view_key(content(r), views_, static_cast<size_t>(r.view)); }
    float* row(const Request& r) const {
        return x_.mutable_data_ptr<float>() + (r.sample * views_.size() + r.view) * extractor_.feature_dim();
    }

    at::Tensor read(int64_t sample) const {
        return data::read_image(samples_[static_cast<size_t>(sample)], extractor_.settings_.max_pixels);
    }

    at::Tensor view(const at::Tensor& picture, const Request& r) const {
        return load_view(picture, content(r), views_, static_cast<size_t>(r.view), extractor_.settings_.preprocessing);
    }

    static at::Tensor stack(const std::vector<at::Tensor>& images) {
        return at::stack(images).contiguous(at::MemoryFormat::ChannelsLast);
    }

    void fail(const Request& request, core::Problem problem) {
        const std::lock_guard lock(guard_);
        failed_.try_emplace(request.sample, std::move(problem));
    }

    /// @param features  [requests.size(), dim] float32, contiguous
    void keep(const std::vector<Request>& requests, const at::Tensor& features) {
        const auto dim = static_cast<size_t>(features.size(1));
        const at::Tensor finite = features.isfinite().all(1).contiguous();
        std::vector<ViewKey> keys;
        std::vector<float> sound;
        for (size_t k = 0; k < requests.size(); ++k) {
            if (!finite.const_data_ptr<bool>()[k]) {
                fail(requests[k], {.what = "its features are not finite numbers",
                                   .where = samples_[static_cast<size_t>(requests[k].sample)].path.string(),
                                   .remedy = "try features.precision=fp32, and check model.weights"});
                continue;
            }
            const float* values = features.const_data_ptr<float>() + k * dim;
            std::copy_n(values, dim, row(requests[k]));
            sound.insert(sound.end(), values, values + dim);
            keys.push_back(key(requests[k]));
        }
        const std::lock_guard lock(guard_);
        if (cache_ != nullptr) cache_->append(keys, sound.data());
    }

    const FeatureExtractor& extractor_;
    const data::Samples& samples_;
    const std::vector<core::Hash128>& contents_;
    const Views& views_;
    FeatureCache* cache_;
    at::Tensor x_;  ///< [samples, views, dim]
    std::vector<Request> missing_;
    std::mutex guard_;  ///< of what follows, and of the cache
    std::map<int64_t, core::Problem> failed_;
};

Features FeatureExtractor::extract(const std::string& phase, const data::Samples& samples,
                                   const std::vector<core::Hash128>& contents, const Views& views,
                                   FeatureCache* cache) const {
    Extraction extraction(*this, samples, contents, views, cache);
    if (const int64_t missing = extraction.look_up(); missing > 0) {
        const int64_t batches = (missing + settings_.batch_size - 1) / settings_.batch_size;
        const int64_t workers = settings_.workers > 0 ? settings_.workers : core::available_processors();
        core::SharedPhase progress(phase, missing, "images");
        core::parallel_for(batches, workers, [&](int64_t batch) { extraction.compute(batch, progress); });
    }
    return std::move(extraction).result();
}

}  // namespace kaziranga::training
