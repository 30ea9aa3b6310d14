#include "core/config/fault_list.hpp"

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

void FaultList::add(Fault fault, const std::string& source) {
    tainted_.insert(fault.key);
    if (is_full()) {
        untold_ = true;
        return;
    }
    fault.problem.where = source.empty() ? where(fault.position) : source;
    placed_.push_back({rank_of(source, fault.position), std::move(fault)});
}

bool FaultList::is_clean(const std::string& key) const {
    return std::none_of(tainted_.begin(), tainted_.end(),
                        [&](const std::string& tainted) { return is_inside(tainted, key); });
}

void FaultList::throw_if_any() {
    if (placed_.empty()) return;
    std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
        return std::tie(a.rank, a.fault.position) < std::tie(b.rank, b.fault.position);
    });
    std::vector<Problem> problems;
    for (Placed& placed : placed_) problems.push_back(std::move(placed.fault.problem));
    if (untold_) problems.push_back({.what = "more faults than these", .where = name_, .remedy = "mend these first"});
    throw Error(std::move(problems));
}

std::string FaultList::where(Position position) const {
    if (position.line == 0) return name_;
    return name_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace kaziranga::core::config
