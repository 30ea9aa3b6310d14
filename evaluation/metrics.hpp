#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The quality of a classifier on one split.
struct Metrics {
    double top1 = 0;      ///< percent
    double top5 = 0;      ///< percent; with K < 5 classes, top-K
    double loss = 0;      ///< mean cross-entropy, nats
    double macro_f1 = 0;  ///< 0 … 1, mean over the classes that have images (scikit-learn's macro; `labels` are these)
    double ece = 0;       ///< 0 … 1, expected calibration error, 15 equal bins (Guo et al. 2017, arXiv:1706.04599)
    int64_t n = 0;        ///< images
};

/// The quality for one class on one split.
struct ClassMetrics {
    int64_t n = 0;               ///< images with this label
    int64_t predicted = 0;       ///< images predicted as this class
    double precision = 0;        ///< 0 … 1; 0 without predictions
    double recall = 0;           ///< 0 … 1; 0 without images
    double f1 = 0;               ///< 0 … 1
    int64_t most_confused = -1;  ///< most frequent wrong prediction for its images, lowest index on a tie; -1: none
    int64_t confusions = 0;      ///< number of those predictions
};

/// @param logits  [N, K] floating point, N >= 1     @param labels  [N] int64 in [0, K)
Metrics measure(const at::Tensor& logits, const at::Tensor& labels);

/// @param logits  [N, K] floating point             @param labels  [N] int64 in [0, K)
/// @return        [K]
std::vector<ClassMetrics> measure_classes(const at::Tensor& logits, const at::Tensor& labels);

}  // namespace kaziranga::evaluation
