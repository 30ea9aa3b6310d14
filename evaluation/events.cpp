#include "evaluation/events.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kaziranga::evaluation {
namespace {

/// Takes the place of the logarithm of a probability of zero: of a class that cannot occur.
constexpr double kLogOfZero = -700;
/// A mean below this is that of a class that cannot occur in one of the images.
constexpr double kImpossible = -300;

}  // namespace

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
                                          .event = p.event,
                                          .first_image = p.name},
                           .log_sum = std::vector<double>(classes_)});
    }
    Event& event = events_[place->second];
    if (p.time) {
        event.prediction.time = std::min(event.prediction.time.value_or(*p.time), *p.time);
        event.prediction.last_time = std::max(event.prediction.last_time.value_or(*p.time), *p.time);
    }
    for (size_t k = 0; k < p.classes.size(); ++k) {
        event.log_sum.at(static_cast<size_t>(p.classes[k])) +=
            p.confidence[k] > 0 ? std::log(p.confidence[k]) : kLogOfZero;
    }
    ++event.images;
}

void EventAnswers::each(int64_t shown, const std::function<void(const Prediction&)>& visit) const {
    for (const Event& event : events_) visit(answer_of(event, shown));
}

Prediction EventAnswers::answer_of(const Event& event, int64_t shown) const {
    Prediction p = event.prediction;
    const double most = std::ranges::max(event.log_sum);
    std::vector<double> shares;
    double total = 0;
    for (const double sum : event.log_sum) {
        const double mean = (sum - most) / event.images;
        shares.push_back(mean < kImpossible ? 0 : std::exp(mean));
        total += shares.back();
    }
    p.classes.resize(classes_);
    std::iota(p.classes.begin(), p.classes.end(), 0);
    std::ranges::stable_sort(p.classes, std::greater{}, [&](int64_t k) { return shares[static_cast<size_t>(k)]; });
    for (const int64_t k : p.classes) p.confidence.push_back(shares[static_cast<size_t>(k)] / total);
    shorten(p, shown);
    return p;
}

void shorten(Prediction& prediction, int64_t shown) {
    size_t kept = std::min(prediction.classes.size(), static_cast<size_t>(shown));
    while (kept > 1 && prediction.confidence[kept - 1] == 0) --kept;
    prediction.classes.resize(kept);
    prediction.confidence.resize(kept);
}

}  // namespace kaziranga::evaluation
