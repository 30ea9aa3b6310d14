#pragma once

#include "core/config/document.hpp"

#include <set>
#include <string>
#include <vector>

namespace kaziranga::core::config {

/// The faults of a text and of the overrides, told together and in order.
class FaultList {
  public:
    /// @param name  how the text is called in messages
    explicit FaultList(std::string name) : name_(std::move(name)) {}

    /// Names the place of the fault and keeps it. Past kMostFaults only its key is remembered.
    /// @param source  of the override that is at fault; empty: the text is
    void add(Fault fault, const std::string& source = {});

    bool is_full() const { return placed_.size() >= kMostFaults; }

    /// Whether no fault concerns the key or one below it.
    bool is_clean(const std::string& key) const;

    /// @throws core::Error with every fault: those of the text by position, then those of overrides
    void throw_if_any();

  private:
    /// A fault and where it stands among the others.
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
