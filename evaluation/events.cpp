#include "evaluation/events.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kaziranga::evaluation {

void EventAnswers::add(const Prediction& p) {
    if (p.classes.empty()) return;
    const auto [place, is_new] = index_.try_emplace(p.event, events_.size());
    if (is_new) {
        events_.push_back({.prediction = {.name = {},
                                          .label = {},
                                          .classes = {},
                                          .confidence = {},
                                          .time = p.time,
                                          .last_time = p.time,
                                          .facts = p.facts,
                                          .event = p.event},
                           .log_sum = std::vector<double>(classes_)});
    }
    Event& event = events_[place->second];
    if (p.time) {
        event.prediction.time = std::min(event.prediction.time.value_or(*p.time), *p.time);
        event.prediction.last_time = std::max(event.prediction.last_time.value_or(*p.time), *p.time);
    }
    constexpr double kLeast = 1e-300;  // a probability that was rounded to zero
    for (size_t k = 0; k < p.classes.size(); ++k) {
        event.log_sum.at(static_cast<size_t>(p.classes[k])) += std::log(std::max(p.confidence[k], kLeast));
    }
    ++event.images;
}

std::vector<Prediction> EventAnswers::answers(int64_t shown) const {
    std::vector<Prediction> all;
    for (const Event& event : events_) {
        Prediction& p = all.emplace_back(event.prediction);
        p.classes.resize(classes_);
        std::iota(p.classes.begin(), p.classes.end(), 0);
        const double most = std::ranges::max(event.log_sum);
        double total = 0;
        for (const double sum : event.log_sum) {
            p.confidence.push_back(std::exp((sum - most) / event.images));
            total += p.confidence.back();
        }
        for (double& share : p.confidence) share /= total;
        const auto by_class = p.confidence;
        std::ranges::stable_sort(p.classes, std::greater{},
                                 [&](int64_t k) { return by_class[static_cast<size_t>(k)]; });
        for (size_t k = 0; k < classes_; ++k) p.confidence[k] = by_class[static_cast<size_t>(p.classes[k])];
        shorten(p, shown);
    }
    return all;
}

void shorten(Prediction& prediction, int64_t shown) {
    const size_t kept = std::min(prediction.classes.size(), static_cast<size_t>(shown));
    prediction.classes.resize(kept);
    prediction.confidence.resize(kept);
}

}  // namespace kaziranga::evaluation
