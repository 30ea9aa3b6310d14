#pragma once

#include "core/device_work.hpp"
#include "models/backbone.hpp"
#include "training/features/image_input.hpp"

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace kaziranga::training {

/// Takes one batch from images in host memory through a network to features in host memory. On a GPU this is
/// asynchronous: the thread goes on, and the images are copied while other lanes compute.
class FeatureLane {
  public:
    /// The state that all lanes of a network share; must outlive them.
    struct Shared {
        Shared(models::Backbone& network_, const ImageInput& input_, c10::Device device_)
            : network(network_), input(input_), device(device_), copies(device_) {}
        models::Backbone& network;  ///< prepared for inference
        const ImageInput& input;
        c10::Device device;
        core::SideStream copies;
    };

    /// @param batch_size  images in every pass; blank images fill the end of a smaller batch
    /// @param side        pixels
    FeatureLane(const Shared& shared, int64_t batch_size, int64_t side);
    ~FeatureLane();  ///< waits for the device
    FeatureLane(const FeatureLane&) = delete;
    FeatureLane& operator=(const FeatureLane&) = delete;

    int64_t count() const { return count_; }

    /// Adds an image after those already in the batch. The lane must not be running.
    /// @param image  [3, side, side] uint8
    void add(const at::Tensor& image);

    /// Starts the pass of the added images.
    void start();

    bool arrived() const { return done_.query(); }

    /// Waits for the end of the pass; the batch is empty again.
    /// @return  [count, D] float32, valid until the next start
    at::Tensor take();

  private:
    const Shared& shared_;
    at::Tensor images_;         ///< [batch, 3, side, side] uint8, host, channels-last
    at::Tensor there_;          ///< the same on the device
    at::Tensor features_;       ///< [batch, D] float32, host
    core::DeviceEvent copied_;  ///< images_ is copied to there_
    core::DeviceEvent done_;    ///< features_ are those of images_
    int64_t count_ = 0;
};

}  // namespace kaziranga::training
