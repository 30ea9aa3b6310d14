#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "core/preprocessing.hpp"
#include "data/dataset.hpp"
#include "models/registry.hpp"
#include "training/features/cache.hpp"
#include "training/features/image_input.hpp"
#include "training/features/views.hpp"

#include <memory>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace kaziranga::training {

/// Hash of a network's parameters and buffers without the output layer.
core::Hash128 hash_backbone(const models::Backbone& network);

/// Hash of the parameters and buffers of the output layer.
core::Hash128 hash_head(const models::Backbone& network);

/// Copies a network with its parameters and buffers.
std::shared_ptr<models::Backbone> copy_network(const models::Architecture& architecture,
                                               const models::Backbone& network);

/// Converts weights to channels-last memory. Convolutions run fastest on the CPU and on recent GPUs if weights and
/// images are channels-last.
void use_channels_last(torch::nn::Module& module);

/// Features of a list of images.
struct Features {
    at::Tensor x;  ///< [N, V, D] float32 on the CPU; rows of failed images are zero
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< position among the samples, and what failed
};

/// Computes the pooled features of images with a network: reads, decodes, transforms and normalises the images, then
/// runs the forward pass. The network is copied and prepared for inference; later changes of the original have no
/// effect. Each worker takes a batch from files to features, so that decoding and forward passes share the processors
/// without waiting for each other, also on a GPU.
class FeatureExtractor {
  public:
    struct Settings {
        core::Preprocessing preprocessing;
        c10::Device device = c10::kCPU;
        Precision precision = Precision::kFloat32;
        int64_t batch_size = 16;
        int64_t workers = 1;  ///< 0: one per processor
        int64_t max_pixels = 0;
    };

    /// The settings that the options ask for on a device.
    static Settings settings_of(const FeatureOptions& features, const data::DataOptions& data,
                                const core::Preprocessing& preprocessing, c10::Device device);

    FeatureExtractor(const models::Architecture& architecture, const models::Backbone& network, Settings settings);

    /// Everything that determines a feature, except the image and the view.
    FeatureKind kind() const;
    int64_t feature_dim() const { return network_->feature_dim(); }

    /// Without a cache all features are computed, and `contents` may be empty unless there are random views. Progress
    /// is shown as `phase`. Every batch has the same size inside and the last one is padded, so that a feature does not
    /// depend on the other images of its batch. An image whose features are not finite counts as failed.
    /// @param contents  content hash of each sample
    Features extract(const std::string& phase, const data::Samples& samples, const std::vector<core::Hash128>& contents,
                     const Views& views, FeatureCache* cache) const;

  private:
    class Extraction;

    std::string architecture_;
    std::shared_ptr<models::Backbone> network_;
    core::Hash128 backbone_hash_;
    Settings settings_;
    ImageInput input_;
};

}  // namespace kaziranga::training
