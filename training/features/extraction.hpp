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

/// Hash of a network's parameters and buffers, the output layer left out.
core::Hash128 hash_backbone(const models::Backbone& network);

/// Hash of the parameters and buffers of its output layer.
core::Hash128 hash_head(const models::Backbone& network);

/// The same network with parameters and buffers of its own.
std::shared_ptr<models::Backbone> copy_network(const models::Architecture& architecture,
                                               const models::Backbone& network);

/// Convolutions run fastest on the CPU and on recent GPUs when weights and images lie in channels-last memory.
void use_channels_last(torch::nn::Module& module);

/// Features of a list of images.
struct Features {
    at::Tensor x;  ///< [N, V, D] float32 on the CPU; rows of failed images are zero
    std::vector<std::pair<int64_t, core::Problem>> failed;  ///< position among the samples
};

/// Runs images through a network up to its pooled features: reads, decodes, transforms, normalises, passes. The
/// network is copied and made to infer; later changes of the original do not show. Each worker takes a batch from its
/// files to its features, so that decoding and passing share the processors without waiting for one another, on a GPU
/// too.
class FeatureExtractor {
  public:
    struct Settings {
        core::Preprocessing preprocessing;
        c10::Device device = c10::kCPU;
        Precision precision = Precision::kFloat32;
        int64_t batch_size = 16;
        int64_t workers = 1;  ///< 0: one a processor
        int64_t max_pixels = 0;
    };

    /// What the options ask for on a device.
    static Settings settings_of(const FeatureOptions& features, const data::DataOptions& data,
                                const core::Preprocessing& preprocessing, c10::Device device);

    FeatureExtractor(const models::Architecture& architecture, const models::Backbone& network, Settings settings);

    /// What besides the image and the view decides a feature.
    FeatureKind kind() const;
    int64_t feature_dim() const { return network_->feature_dim(); }

    /// Without a cache everything is computed, and `contents` may be empty unless there are random views.
    /// Progress shows as `phase`. Every batch has the same size inside, the last one padded, so that a feature does
    /// not depend on which images came with it.
    /// An image whose features are not finite counts as failed.
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
