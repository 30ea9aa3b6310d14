#include "training/features/lane.hpp"

#include "core/log.hpp"

#include <exception>

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

namespace kaziranga::training {
FeatureLane::FeatureLane(const Shared& shared, int64_t batch_size, int64_t side)
    : shared_(shared),
      images_(at::empty({batch_size, 3, side, side}, core::host_memory(shared.device, at::kByte),
                        at::MemoryFormat::ChannelsLast)),
      there_(shared.device.is_cpu() ? images_ : at::empty_like(images_, images_.options().device(shared.device))),
      features_(at::empty({batch_size, shared.network.feature_dim()}, core::host_memory(shared.device, at::kFloat))),
      copied_(shared.device),
      done_(shared.device) {
    done_.record();  // the first copy must wait for earlier work on this memory
}

FeatureLane::~FeatureLane() {
    try {
        copied_.synchronize();
        done_.synchronize();
    } catch (const std::exception& error) {
        core::log().debug("device: {}", error.what());
    }
}

void FeatureLane::add(const at::Tensor& image) {
    images_[count_].copy_(image);
    ++count_;
}

void FeatureLane::start() {
    images_.narrow(0, count_, images_.size(0) - count_).zero_();
    if (!there_.is_same(images_)) {
        const auto beside = shared_.copies.enter();
        done_.block();
        there_.copy_(images_, /*non_blocking=*/true);
        copied_.record();
    }
    copied_.block();
    features_.copy_(shared_.network.features(shared_.input.make(there_)), /*non_blocking=*/true);
    done_.record();
}

at::Tensor FeatureLane::take() {
    done_.synchronize();
    const at::Tensor features = features_.narrow(0, 0, count_);
    count_ = 0;
    return features;
}

}  // namespace kaziranga::training
