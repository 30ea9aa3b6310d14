#include "core/config/problem_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kaziranga::core::config {
namespace {

bool is_inside(const std::string& key, const std::string& outer) {
    return outer.empty() || key == outer || key.starts_with(outer + ".");
}

int rank_of(const std::string& source, Position position) {
    if (!source.empty()) return 2;
    return position.line == 0 ? 1 : 0;
}

}  // namespace

void ProblemList::add(PlacedProblem placed, const std::string& source) {
    tainted_.insert(placed.key);
    if (is_full()) {
        more_ = true;
        return;
    }
    placed.problem.where = source.empty() ? where(placed.position) : source;
    ranked_.push_back({rank_of(source, placed.position), std::move(placed)});
}

bool ProblemList::is_clean(const std::string& key) const {
    return std::none_of(tainted_.begin(), tainted_.end(),
                        [&](const std::string& tainted) { return is_inside(tainted, key); });
}

void ProblemList::throw_if_any() {
    if (ranked_.empty()) return;
    std::stable_sort(ranked_.begin(), ranked_.end(), [](const Ranked& a, const Ranked& b) {
        return std::tie(a.rank, a.placed.position) < std::tie(b.rank, b.placed.position);
    });
    std::vector<Problem> problems;
    for (Ranked& ranked : ranked_) problems.push_back(std::move(ranked.placed.problem));
    if (more_) problems.push_back({.what = "more problems than these", .where = name_, .remedy = "mend these first"});
    throw Error(std::move(problems));
}

std::string ProblemList::where(Position position) const {
    if (position.line == 0) return name_;
    return name_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace kaziranga::core::config
