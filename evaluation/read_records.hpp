#pragma once

#include "evaluation/metrics.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kaziranga::evaluation {

/// The content of a run's metrics.json.
struct RunRecord {
    std::map<std::string, Metrics> splits;  ///< "train", "val", "test"; those that were measured
    double seconds = 0;                     ///< total; of a resumed run, since it was resumed
    std::map<std::string, double> phases;   ///< seconds of each
};

/// @param name  the name of the file in messages
/// @throws core::Error when the text is not what metrics_json writes
RunRecord parse_metrics(std::string_view json, const std::string& name);

/// The result of a run for one image.
struct Judgement {
    std::string label;  ///< its class
    bool hit = false;   ///< true if its prediction is its label
    bool operator==(const Judgement&) const = default;
};

/// The result of each image, by the image's name; of each box, by the name and the box's sides.
/// @param name  the name of the file in messages
/// @throws core::Error when the text is not what predictions_csv writes, or an image has no label
std::map<std::string, Judgement> parse_judgements(std::string_view csv, const std::string& name);

}  // namespace kaziranga::evaluation
