#pragma once

#include "evaluation/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace kaziranga::evaluation {

/// The answers for events, each the softmax of the mean logits of its images and boxes. Log-probabilities take the
/// place of logits: they differ by a number that is the same for all classes.
class EventAnswers {
  public:
    /// @param classes  number of classes
    explicit EventAnswers(int64_t classes) : classes_(static_cast<size_t>(classes)) {}

    /// Adds an answer with all classes to the event that it names. One without an answer changes nothing.
    void add(const Prediction& prediction);

    /// Calls `visit` with the answer for each event, in the order of their first images.
    /// @param shown  classes an answer
    void each(int64_t shown, const std::function<void(const Prediction&)>& visit) const;

  private:
    struct Event {
        Prediction prediction;
        std::vector<double> log_sum;  // by class
        double images = 0;
    };

    Prediction answer_of(const Event& event, int64_t shown) const;

    size_t classes_;
    std::vector<Event> events_;
    std::unordered_map<std::string, size_t> index_;
};

/// Keeps the first classes of an answer, and of these the ones that are possible at all.
void shorten(Prediction& prediction, int64_t shown);

}  // namespace kaziranga::evaluation
