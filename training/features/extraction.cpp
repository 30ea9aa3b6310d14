#include "training/features/extraction.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/read_image.hpp"
#include "models/head_forms.hpp"
#include "models/inference/quantised_conv.hpp"
#include "models/weights/state_dict.hpp"
#include "training/features/lane.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <ATen/ops/zeros.h>
#include <c10/core/DeviceType.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

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

/// Name of the way in which features are computed. Change it if the digits of features change.
constexpr std::string_view kForm = "fused";

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
    copy->give(network.feature_set());
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

FeatureExtractor::Settings FeatureExtractor::settings_of(const FeatureOptions& features, const data::DataOptions& data,
                                                         const core::Preprocessing& preprocessing, c10::Device device) {
    return {.preprocessing = preprocessing,
            .device = device,
            .precision = resolve_precision(features.precision, device),
            .batch_size = resolve_batch_size(features.batch_size, device),
            .workers = data.workers,
            .max_pixels = data.max_pixels};
}

FeatureExtractor::FeatureExtractor(const models::Architecture& architecture, const models::Backbone& network,
                                   Settings settings)
    : architecture_(architecture.name),
      network_(copy_network(architecture, network)),
      backbone_hash_(hash_backbone(network)),
      settings_(settings),
      input_(settings.preprocessing, settings.precision, settings.device) {
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
    if (p.reduced) hasher.add_text("reduced");
    if (p.box != core::BoxCrop{}) {
        hasher.add(&p.box.margin, sizeof p.box.margin);
        hasher.add(&p.box.square, sizeof p.box.square);
    }
    if (settings_.precision == Precision::kInt8) {
        const bool pairs = models::adds_pairs_in_16_bits();
        hasher.add(&pairs, sizeof pairs);
    }
    const int64_t stages = network_->given_stage_dim();
    if (stages > 0) hasher.add(&stages, sizeof stages);
    constexpr size_t kDigits = 8;  // enough to tell backbones apart
    return {.hash = hasher.digest(),
            .description = fmt::format("{} {}{}, {} of {} pixels {}{}, {} on {}", architecture_,
                                       backbone_hash_.hex().substr(0, kDigits), stages > 0 ? " all stages" : "", p.crop,
                                       p.resize, core::config::word_of(p.interpolation), p.reduced ? " reduced" : "",
                                       core::config::word_of(settings_.precision),
                                       c10::DeviceTypeName(settings_.device.type(), /*lower_case=*/true))};
}

/// A batch in flight through the network, and the requests of its images.
struct BatchInFlight {
    BatchInFlight(const FeatureLane::Shared& shared, int64_t batch_size, int64_t side)
        : lane(shared, batch_size, side) {}
    FeatureLane lane;
    std::vector<Request> requests;
    int64_t asked = 0;  ///< requests that were tried, including failed ones
};

/// One call of extract, with the state that its workers share.
class FeatureExtractor::Extraction {
  public:
    Extraction(const FeatureExtractor& extractor, const data::Samples& samples,
               const std::vector<core::Hash128>& contents, const Views& views, FeatureCache* cache)
        : extractor_(extractor),
          samples_(samples),
          contents_(contents),
          views_(views),
          cache_(cache),
          shared_(*extractor.network_, extractor.input_, extractor.settings_.device),
          x_(at::zeros({static_cast<int64_t>(samples.size()), views.size(), extractor.feature_dim()}, at::kFloat)) {}

    /// Reads features from the cache and lists the missing ones.
    void look_up() {
        for (int64_t i = 0; i < x_.size(0); ++i) {
            for (int64_t v = 0; v < views_.size(); ++v) {
                const Request request{.sample = i, .view = v};
                if (cache_ == nullptr || !cache_->find(key(request), row(request))) missing_.push_back(request);
            }
        }
    }

    /// Computes the features that the cache does not have.
    void compute_missing(const std::string& phase) {
        if (missing_.empty()) return;
        const auto missing = static_cast<int64_t>(missing_.size());
        const int64_t size = extractor_.settings_.batch_size;
        progress_.emplace(phase, missing, "images");
        try {
            core::parallel_for((missing + size - 1) / size, workers_, [this](int64_t batch) { compute(batch); });
        } catch (const core::Interrupted&) {
            finish_all();  // what was computed is kept
            throw;
        }
        finish_all();
        progress_.reset();
    }

    Features result() && {
        return {std::move(x_), std::vector<std::pair<int64_t, core::Problem>>(failed_.begin(), failed_.end())};
    }

  private:
    /// Computes a batch; runs on any thread, once per batch. Does not wait for the work that it gives to a GPU.
    void compute(int64_t batch) {
        const c10::NoGradGuard no_grad;
        std::unique_ptr<BatchInFlight> flight = idle();
        const int64_t size = extractor_.settings_.batch_size;
        const auto first = static_cast<size_t>(batch * size);
        const size_t last = std::min(first + static_cast<size_t>(size), missing_.size());
        at::Tensor picture;  // of the sample that was read last; views of a sample follow one another
        int64_t pictured = -1;
        for (size_t i = first; i < last; ++i) {
            core::throw_if_interrupted();
            const Request& request = missing_[i];
            try {
                if (request.sample != pictured) {
                    picture = read(request.sample);
                    pictured = request.sample;
                }
                flight->lane.add(view(picture, request));
                flight->requests.push_back(request);
            } catch (const core::Error& error) {
                fail(request, error.problems().front());
            }
        }
        flight->asked = static_cast<int64_t>(last - first);
        if (!flight->requests.empty()) flight->lane.start();
        if (flight->lane.arrived()) finish(*flight);
        const std::lock_guard lock(guard_);
        in_flight_.push_back(std::move(flight));
    }

    /// Waits for all batches in flight.
    void finish_all() {
        for (const auto& flight : in_flight_) finish(*flight);
    }

    core::Hash128 content(const Request& r) const {
        return contents_.empty() ? core::Hash128{} : contents_[static_cast<size_t>(r.sample)];
    }
    ViewKey key(const Request& r) const { return view_key(content(r), views_, static_cast<size_t>(r.view)); }
    float* row(const Request& r) const {
        return x_.mutable_data_ptr<float>() + (r.sample * views_.size() + r.view) * extractor_.feature_dim();
    }

    at::Tensor read(int64_t sample) const {
        const FeatureExtractor::Settings& settings = extractor_.settings_;
        const auto at = static_cast<size_t>(sample);
        return data::read_image(samples_[at], data::limits_for(settings.preprocessing, settings.max_pixels),
                                contents_.empty() ? nullptr : &contents_[at]);
    }

    at::Tensor view(const at::Tensor& picture, const Request& r) const {
        return load_view(picture, content(r), views_, static_cast<size_t>(r.view), extractor_.settings_.preprocessing);
    }

    /// Returns a batch whose lane is free. There are two per worker, so that one is filled while the other is in
    /// flight.
    std::unique_ptr<BatchInFlight> idle() {
        std::unique_ptr<BatchInFlight> flight;
        {
            const std::lock_guard lock(guard_);
            if (!in_flight_.empty() && (made_ >= 2 * workers_ || in_flight_.front()->lane.arrived())) {
                flight = std::move(in_flight_.front());
                in_flight_.pop_front();
            } else {
                ++made_;
            }
        }
        const FeatureExtractor::Settings& settings = extractor_.settings_;
        if (!flight) return std::make_unique<BatchInFlight>(shared_, settings.batch_size, settings.preprocessing.crop);
        finish(*flight);
        return flight;
    }

    void finish(BatchInFlight& flight) {
        if (!flight.requests.empty()) keep(flight.requests, flight.lane.take());
        progress_->step(flight.asked);
        flight.requests.clear();
        flight.asked = 0;
    }

    void fail(const Request& request, const core::Problem& problem) {
        const std::lock_guard lock(guard_);
        failed_.try_emplace(request.sample, problem);
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
                                   .where = samples_[static_cast<size_t>(requests[k].sample)].path,
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
    FeatureLane::Shared shared_;
    int64_t workers_ = extractor_.settings_.workers > 0 ? extractor_.settings_.workers : core::available_processors();
    at::Tensor x_;  ///< [samples, views, dim]
    std::vector<Request> missing_;
    std::optional<core::SharedPhase> progress_;
    std::mutex guard_;                                      ///< protects the members below, and the cache
    std::deque<std::unique_ptr<BatchInFlight>> in_flight_;  ///< that no worker holds, the oldest first
    int64_t made_ = 0;                                      ///< number of batches made
    std::map<int64_t, core::Problem> failed_;
};

Features FeatureExtractor::extract(const std::string& phase, const data::Samples& samples,
                                   const std::vector<core::Hash128>& contents, const Views& views,
                                   FeatureCache* cache) const {
    Extraction extraction(*this, samples, contents, views, cache);
    extraction.look_up();
    extraction.compute_missing(phase);
    return std::move(extraction).result();
}

}  // namespace kaziranga::training
