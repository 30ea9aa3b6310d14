#include "training/features/lane.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <exception>

#include "core/log.hpp"

namespace kaziranga::training {
FeatureLane::FeatureLane(const Line& line, int64_t batch_size, int64_t side)
    : line_(line),
      images_(at::empty({batch_size, 3, side, side}, core::host_memory(line.device, at::kByte),
                        at::MemoryFormat::ChannelsLast)),
      there_(line.device.is_cpu() ? images_ : at::empty_like(images_, images_.options().device(line.device))),
      features_(at::empty({batch_size, line.network.feature_dim()}, core::host_memory(line.device, at::kFloat))),
      copied_(line.device),
      done_(line.device) {
    done_.set();  // what had this memory before
}

FeatureLane::~FeatureLane() {
    try {
        copied_.wait();
        done_.wait();
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
        const auto beside = line_.copies.enter();
        done_.hold_back();
        there_.copy_(images_, /*non_blocking=*/true);
        copied_.set();
    }
    copied_.hold_back();
    features_.copy_(line_.network.features(line_.input.make(there_)), /*non_blocking=*/true);
    done_.set();
}

at::Tensor FeatureLane::take() {
    done_.wait();
    const at::Tensor features = features_.narrow(0, 0, count_);
    count_ = 0;
    return features;
}

}  // namespace kaziranga::training
