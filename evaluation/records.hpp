#pragma once

#include "data/dataset.hpp"
#include "evaluation/metrics.hpp"

#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The prediction of a classifier for one image.
struct Prediction {
    std::string name;                ///< the image's name in its data set
    std::string label;               ///< its class, empty where unknown
    std::vector<int64_t> classes;    ///< best first
    std::vector<double> confidence;  ///< probability of each, in the same order
    std::string problem = {};        ///< reason why it could not be read; it has no classes then
};

/// Says if a table has a column `problem` for images that could not be read.
enum class Problems { kNone, kListed };

/// [N] int64, the labels of samples.
at::Tensor labels_of(const data::Samples& samples);

/// @param logits  [N, K], row i for samples[i]
/// @param topk    classes per image; at most K are returned
std::vector<Prediction> rank(const at::Tensor& logits, const data::Samples& samples,
                             const std::vector<std::string>& classes, int64_t topk);

/// `path,label,top1,top1_index,confidence,top2,top2_confidence,…` and, if problems are listed, `problem`.
/// @param shown  classes per image
std::string predictions_csv_header(int64_t shown, Problems problems);
std::string predictions_csv_line(const Prediction& p, const std::vector<std::string>& classes, int64_t shown,
                                 Problems problems);

/// The table of images that are all readable.
std::string predictions_csv(const std::vector<Prediction>& predictions, const std::vector<std::string>& classes);

/// {"path", "label" (if known), "predictions": [{"class", "index", "confidence"}]}, or "problem" in place of the last.
std::string prediction_json(const Prediction& p, const std::vector<std::string>& classes);

/// `class,n,predicted,precision,recall,f1,most_confused_with,confusions`, one line per class. A class without images
/// has neither recall nor F1.
std::string per_class_csv(const std::vector<ClassMetrics>& metrics, const std::vector<std::string>& classes);

/// metrics.json: {"train": {…}, "val": {…}, "test": {…}, "seconds": {…}}; a split that was not measured is left out.
std::string metrics_json(const std::map<std::string, Metrics>& splits,
                         const std::vector<std::pair<std::string, double>>& seconds,
                         const std::map<std::string, std::string>& facts);

}  // namespace kaziranga::evaluation
