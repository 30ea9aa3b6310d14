#pragma once

#include "core/config/description.hpp"

#include <map>
#include <string>

namespace kaziranga::core::config {

/// Where a key of a description lives in the options at hand: a field of `owner`, or a section that is `owner`.
struct Target {
    const Field* field = nullptr;
    const Group* section = nullptr;
    void* owner = nullptr;
};

/// Every dotted key of a description, and what a key that is none of them may have meant.
class KeyIndex {
  public:
    KeyIndex(const Group& group, void* options) { collect(group, options, ""); }

    /// Nothing where there is no such key. The empty key is the root.
    const Target* find(const std::string& key) const;

    const std::map<std::string, Target>& targets() const { return targets_; }

    /// The keys below a section, without its name.
    Strings keys_of(const std::string& section) const;

    /// What to write instead of an unknown key of a text, found below `section`.
    std::string remedy_in_text(const std::string& section, const std::string& key) const;

    /// What to write instead of an unknown dotted key of an override.
    std::string remedy_in_override(const std::string& key) const;

  private:
    void collect(const Group& group, void* options, const std::string& prefix);
    std::string elsewhere(const std::string& name) const;
    std::string by_peer_name(const std::string& section, const std::string& name) const;

    std::map<std::string, Target> targets_;
};

}  // namespace kaziranga::core::config
