#include "training/heads/folds.hpp"

#include "core/random.hpp"
#include "data/folds.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kaziranga::training {

std::vector<int64_t> deal_folds(const at::Tensor& y, int64_t classes, int64_t folds, uint64_t seed,
                                const std::vector<core::Hash128>& units) {
    struct Unit {
        core::Hash128 hash;
        std::vector<size_t> images;  // positions of its images of the class
    };
    std::vector<std::vector<Unit>> by_class(static_cast<size_t>(classes));
    std::map<std::pair<int64_t, core::Hash128>, size_t> seen;  // class and unit: the index in by_class[class]
    const auto* labels = y.const_data_ptr<int64_t>();
    for (size_t i = 0; i < static_cast<size_t>(y.size(0)); ++i) {
        std::vector<Unit>& of_class = by_class[static_cast<size_t>(labels[i])];
        const core::Hash128 hash = units.empty() ? core::Hash128{.low = i} : units[i];
        const auto [place, is_new] = seen.try_emplace({labels[i], hash}, of_class.size());
        if (is_new) of_class.push_back({.hash = hash});
        of_class[place->second].images.push_back(i);
    }
    if (std::ranges::all_of(by_class, [](const auto& of_class) { return of_class.size() <= 2; })) folds = 2;
    std::vector<std::vector<core::Hash128>> drawn(by_class.size());
    for (size_t k = 0; k < by_class.size(); ++k) {
        for (const int64_t position :
             core::permutation(static_cast<int64_t>(by_class[k].size()), {seed, core::Purpose::kFolds, {k}})) {
            drawn[k].push_back(by_class[k][static_cast<size_t>(position)].hash);
        }
    }
    const std::map<core::Hash128, int64_t> dealt = data::deal_to_folds(drawn, folds);
    std::vector<int64_t> fold_of(static_cast<size_t>(y.size(0)));
    for (const auto& of_class : by_class) {
        for (const Unit& unit : of_class) {
            for (const size_t i : unit.images) fold_of[i] = dealt.at(unit.hash);
        }
    }
    return fold_of;
}

}  // namespace kaziranga::training
