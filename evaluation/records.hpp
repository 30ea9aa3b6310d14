#pragma once

#include "data/dataset.hpp"
#include "evaluation/metrics.hpp"
#include "evaluation/prediction.hpp"

#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The columns of a table of predictions that depend on what is predicted.
struct PredictionColumns {
    int64_t shown = 1;   ///< classes per image
    bool boxes = false;  ///< box_x, box_y, box_width, box_height and box_confidence; empty for a whole image
    bool sites = false, sequences = false, times = false;  ///< site, sequence and time, as far as they are known
    bool events = false;    ///< event: the event of an image; a row without a path is the answer for an event
    bool problems = false;  ///< problem: why an image could not be read
};

/// The columns for what is known of the samples.
/// @param shown  classes per image
PredictionColumns columns_of(const data::Samples& samples, int64_t shown);

/// [N] int64, the labels of samples.
at::Tensor labels_of(const data::Samples& samples);

/// @param logits  [N, K], row i for samples[i]
/// @param topk    classes per image; at most K are returned
std::vector<Prediction> rank(const at::Tensor& logits, const data::Samples& samples,
                             const std::vector<std::string>& classes, int64_t topk);

/// `path,label,top1,top1_index,confidence,top2,top2_confidence,…`, then the other columns that are asked for.
std::string predictions_csv_header(const PredictionColumns& columns);
std::string predictions_csv_line(const Prediction& p, const std::vector<std::string>& classes,
                                 const PredictionColumns& columns);

/// The table of images that are all readable.
/// @param topk  classes per image
std::string predictions_csv(const at::Tensor& logits, const data::Samples& samples,
                            const std::vector<std::string>& classes, int64_t topk);

/// {"path", or "event" for the answer for an event, "label", "site", "sequence", "time", "event" (if known), "box": [x,
/// y, width, height] and "box_confidence" (of a box), "predictions": [{"class", "index", "confidence"}]}, or "problem"
/// in place of the last.
std::string prediction_json(const Prediction& p, const std::vector<std::string>& classes);

/// `class,n,predicted,precision,recall,f1,most_confused_with,confusions`, one line per class. A class without images
/// has neither recall nor F1.
std::string per_class_csv(const std::vector<ClassMetrics>& metrics, const std::vector<std::string>& classes);

/// metrics.json: {"train": {…}, "val": {…}, "test": {…}, "seconds": {…}}; a split that was not measured is left out.
std::string metrics_json(const std::map<std::string, Metrics>& splits,
                         const std::vector<std::pair<std::string, double>>& seconds,
                         const std::map<std::string, std::string>& facts);

}  // namespace kaziranga::evaluation
