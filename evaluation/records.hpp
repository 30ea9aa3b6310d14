#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "evaluation/metrics.hpp"

namespace kaziranga::evaluation {

/// What a classifier says of one image.
struct Prediction {
    std::string name;                ///< the image's name in its data set
    std::string label;               ///< its class, empty where unknown
    std::vector<int64_t> classes;    ///< best first
    std::vector<double> confidence;  ///< probability of each, in the same order
};

/// [N] int64, the labels of samples.
at::Tensor labels_of(const data::Samples& samples);

/// @param logits  [N, K], row i for samples[i]
/// @param topk    how many classes an image; at most K are given
std::vector<Prediction> rank(const at::Tensor& logits, const data::Samples& samples,
                             const std::vector<std::string>& classes, int64_t topk);

/// `path,label,top1,top1_index,confidence,top2,top2_confidence,…`, a line an image.
std::string predictions_csv(const std::vector<Prediction>& predictions, const std::vector<std::string>& classes);

/// `path,label`, a line an image.
std::string images_csv(const data::Samples& samples, const std::vector<std::string>& classes);

/// An array of {"path", "label" (where known), "predictions": [{"class", "index", "confidence"}]}.
std::string predictions_json(const std::vector<Prediction>& predictions, const std::vector<std::string>& classes);

/// `class,n,predicted,precision,recall,f1,most_confused_with,confusions`, a line a class.
std::string per_class_csv(const std::vector<ClassMetrics>& metrics, const std::vector<std::string>& classes);

/// metrics.json: {"train": {…}, "val": {…}, "test": {…}, "seconds": {…}}; a split that was not measured is left out.
std::string metrics_json(const std::map<std::string, Metrics>& splits,
                         const std::vector<std::pair<std::string, double>>& seconds,
                         const std::map<std::string, std::string>& facts);

}  // namespace kaziranga::evaluation
