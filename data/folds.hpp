#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace kaziranga::data {

/// The fold of units that are always trained on.
inline constexpr int64_t kNeverHeldOut = -1;

/// Deals units to folds 0 … folds-1, class by class; each class continues with the next fold, so that folds have equal
/// sizes. A unit has one fold, also in several classes: it goes where the first class puts it. No class is without
/// training images in any fold: a unit that is the only one of a class is never held out, nor is one of a class's units
/// that would all be held out together.
/// @param classes  the units of each class, in the order in which they are dealt
/// @param folds    at least 2
template <class Unit>
std::map<Unit, int64_t> deal_to_folds(const std::vector<std::vector<Unit>>& classes, int64_t folds) {
    std::map<Unit, int64_t> fold_of;
    for (const std::vector<Unit>& units : classes) {
        if (units.size() == 1) fold_of.emplace(units.front(), kNeverHeldOut);
    }
    int64_t next = 0;
    for (const std::vector<Unit>& units : classes) {
        if (units.size() < 2) continue;
        for (const Unit& unit : units) {
            if (fold_of.try_emplace(unit, next % folds).second) ++next;
        }
        const int64_t first = fold_of.at(units.front());
        const bool alike = std::ranges::all_of(units, [&](const Unit& unit) { return fold_of.at(unit) == first; });
        if (alike) fold_of[units.back()] = kNeverHeldOut;
    }
    return fold_of;
}

}  // namespace kaziranga::data
