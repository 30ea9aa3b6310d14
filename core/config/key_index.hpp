#pragma once

#include "core/config/description.hpp"

#include <map>
#include <string>

namespace kaziranga::core::config {

/// The field or section that a key refers to. `owner` is the struct that has the field, or the section's own struct.
struct Target {
    const Field* field = nullptr;
    const Group* section = nullptr;
    void* owner = nullptr;
};

/// All dotted keys of a description. Suggests a known key for an unknown one.
class KeyIndex {
  public:
    KeyIndex(const Group& group, void* options) { collect(group, options, ""); }

    /// Returns null if there is no such key. The empty key is the root.
    const Target* find(const std::string& key) const;

    const std::map<std::string, Target>& targets() const { return targets_; }

    /// Returns the keys of a section, without the section's name.
    Strings keys_of(const std::string& section) const;

    /// Suggests a replacement for an unknown key in `section` of a text.
    std::string remedy_in_text(const std::string& section, const std::string& key) const;

    /// Suggests a replacement for an unknown dotted key of an override.
    std::string remedy_in_override(const std::string& key) const;

  private:
    void collect(const Group& group, void* options, const std::string& prefix);
    std::string elsewhere(const std::string& name) const;
    std::string by_peer_name(const std::string& section, const std::string& name) const;

    std::map<std::string, Target> targets_;
};

}  // namespace kaziranga::core::config
