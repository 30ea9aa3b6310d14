#pragma once

#include "core/device_work.hpp"
#include "models/backbone.hpp"
#include "training/features/image_input.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// One batch's way from images in host memory through a network to features in host memory. On a GPU the way is taken
/// while the thread goes on; the images travel beside the arithmetic of other lanes.
class FeatureLane {
  public:
    /// What all lanes of a network share; must outlive them.
    struct Shared {
        Shared(models::Backbone& network_, const ImageInput& input_, c10::Device device_)
            : network(network_), input(input_), device(device_), copies(device_) {}
        models::Backbone& network;  ///< made to infer
        const ImageInput& input;
        c10::Device device;
        core::SideStream copies;
    };

    /// @param batch_size  images in every pass, the last ones blank where there are fewer
    /// @param side        pixels
    FeatureLane(const Shared& shared, int64_t batch_size, int64_t side);
    ~FeatureLane();  ///< waits for the device
    FeatureLane(const FeatureLane&) = delete;
    FeatureLane& operator=(const FeatureLane&) = delete;

    int64_t count() const { return count_; }

    /// Puts an image behind those that are here. The lane must not be on its way.
    /// @param image  [3, side, side] uint8
    void add(const at::Tensor& image);

    /// Begins the way of what was added.
    void start();

    bool arrived() const { return done_.query(); }

    /// Waits for the end of the way, and is empty again.
    /// @return  [count, D] float32, until the next start
    at::Tensor take();

  private:
    const Shared& shared_;
    at::Tensor images_;         ///< [batch, 3, side, side] uint8, host, channels-last
    at::Tensor there_;          ///< the same on the device
    at::Tensor features_;       ///< [batch, D] float32, host
    core::DeviceEvent copied_;  ///< images_ is there_
    core::DeviceEvent done_;    ///< features_ are those of images_
    int64_t count_ = 0;
};

}  // namespace kaziranga::training
