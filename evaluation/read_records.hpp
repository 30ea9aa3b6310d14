#pragma once

#include "evaluation/metrics.hpp"

#include <map>
#include <string>
#include <string_view>

namespace kaziranga::evaluation {

/// What a run's metrics.json says.
struct RunRecord {
    std::map<std::string, Metrics> splits;  ///< "train", "val", "test"; those that were measured
    double seconds = 0;                     ///< in all; of a resumed run, since it was resumed
    std::map<std::string, double> phases;   ///< seconds of each
};

/// @param name  how the file is called in messages
/// @throws core::Error when the text is not what metrics_json writes
RunRecord parse_metrics(std::string_view json, const std::string& name);

/// An image that a run was judged on.
struct Judgement {
    std::string label;  ///< its class
    bool hit = false;   ///< whether it got its label
    bool operator==(const Judgement&) const = default;
};

/// What each image got, by the image's name.
/// @param name  how the file is called in messages
/// @throws core::Error when the text is not what predictions_csv writes, or an image has no label
std::map<std::string, Judgement> parse_judgements(std::string_view csv, const std::string& name);

}  // namespace kaziranga::evaluation
