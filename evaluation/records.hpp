#pragma once

#include "data/dataset.hpp"
#include "evaluation/metrics.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The prediction of a classifier for an image, or for a box in an image.
struct Prediction {
    std::string name;                ///< the image's name in its data set
    std::string label;               ///< its class, empty where unknown
    std::vector<int64_t> classes;    ///< best first
    std::vector<double> confidence;  ///< probability of each, in the same order
    std::string problem = {};        ///< reason why it could not be read; it has no classes then
    std::optional<data::RelativeBox> box = {};
};

/// The columns of a table of predictions that depend on what is predicted.
struct PredictionColumns {
    int64_t shown = 1;      ///< classes per image
    bool boxes = false;     ///< box_x, box_y, box_width, box_height and box_confidence; empty for a whole image
    bool problems = false;  ///< problem: why an image could not be read
};

/// True if some samples are boxes.
bool have_boxes(const data::Samples& samples);

/// [N] int64, the labels of samples.
at::Tensor labels_of(const data::Samples& samples);

/// @param logits  [N, K], row i for samples[i]
/// @param topk    classes per image; at most K are returned
std::vector<Prediction> rank(const at::Tensor& logits, const data::Samples& samples,
                             const std::vector<std::string>& classes, int64_t topk);

/// `path,label,top1,top1_index,confidence,top2,top2_confidence,…`, then the boxes and the problem, if asked for.
std::string predictions_csv_header(const PredictionColumns& columns);
std::string predictions_csv_line(const Prediction& p, const std::vector<std::string>& classes,
                                 const PredictionColumns& columns);

/// The table of images that are all readable.
std::string predictions_csv(const std::vector<Prediction>& predictions, const std::vector<std::string>& classes);

/// {"path", "label" (if known), "box": [x, y, width, height] and "box_confidence" (of a box), "predictions": [{"class",
/// "index", "confidence"}]}, or "problem" in place of the last.
std::string prediction_json(const Prediction& p, const std::vector<std::string>& classes);

/// `class,n,predicted,precision,recall,f1,most_confused_with,confusions`, one line per class. A class without images
/// has neither recall nor F1.
std::string per_class_csv(const std::vector<ClassMetrics>& metrics, const std::vector<std::string>& classes);

/// metrics.json: {"train": {…}, "val": {…}, "test": {…}, "seconds": {…}}; a split that was not measured is left out.
std::string metrics_json(const std::map<std::string, Metrics>& splits,
                         const std::vector<std::pair<std::string, double>>& seconds,
                         const std::map<std::string, std::string>& facts);

}  // namespace kaziranga::evaluation
