#pragma once

#include "data/dataset.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// The prediction of a classifier for an image, for a box in an image, or for an event.
struct Prediction {
    std::string name;                ///< the image's name in its data set; empty for an event
    std::string label;               ///< its class, empty where unknown
    std::vector<int64_t> classes;    ///< best first
    std::vector<double> confidence;  ///< probability of each, in the same order
    std::string problem = {};        ///< reason why it could not be read; it has no classes then
    std::optional<data::RelativeBox> box = {};
    std::optional<int64_t> time = {};                    ///< as data::Sample::time; of an event: of its first image
    std::optional<int64_t> last_time = {};               ///< of an event: of its last image
    std::shared_ptr<const data::ImageFacts> facts = {};  ///< null: nothing is known
    std::string event = {};                              ///< that the image belongs to; empty: none was asked for
    std::string first_image = {};                        ///< of an event: name of its first image
};

/// "2026-11-30T14:05:09", for a time as data::Sample::time.
/// @param between  stands between date and clock
std::string time_text(int64_t seconds, char between);

/// What is known of a sample before it is classified: all but its classes.
Prediction unanswered(const data::Sample& sample);

}  // namespace kaziranga::evaluation
