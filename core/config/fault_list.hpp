#pragma once

#include "core/config/document.hpp"

#include <set>
#include <string>
#include <vector>

namespace kaziranga::core::config {

/// Collects the faults of a text and of the overrides, and throws all of them together in order.
class FaultList {
  public:
    /// @param name  name of the text in messages
    explicit FaultList(std::string name) : name_(std::move(name)) {}

    /// Stores a fault and sets its `where`. After kMostFaults faults, only the keys of further faults are stored.
    /// @param source  source of the override that has the fault; empty: the fault is in the text
    void add(Fault fault, const std::string& source = {});

    bool is_full() const { return placed_.size() >= kMostFaults; }

    /// True if no fault belongs to the key or to a key below it.
    bool is_clean(const std::string& key) const;

    /// @throws core::Error with every fault: those of the text by position, then those of overrides
    void throw_if_any();

  private:
    /// A fault and its rank in the order of the message.
    struct Placed {
        int rank;
        Fault fault;
    };

    std::string where(Position position) const;

    std::string name_;
    std::vector<Placed> placed_;
    std::set<std::string> tainted_;
    bool untold_ = false;
};

}  // namespace kaziranga::core::config
