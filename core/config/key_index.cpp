#include "core/config/key_index.hpp"

#include "core/config/config.hpp"
#include "core/config/document.hpp"
#include "core/text.hpp"

#include <memory>

namespace kaziranga::core::config {
namespace {

const std::string& key_of(const Group::Entry& entry) {
    return std::visit([](const auto& value) -> const std::string& { return value->key; }, entry.value);
}

std::string leaf_of(const std::string& key) {
    return key.substr(key.rfind('.') + 1);
}

std::string ask(const std::string& key) {
    return key.empty() ? "" : "did you mean '" + key + "'?";
}

}  // namespace

void KeyIndex::collect(const Group& group, void* options, const std::string& prefix) {
    targets_[prefix] = {.section = &group, .owner = options};
    for (const Group::Entry& entry : group.entries) {
        const std::string key = dotted(prefix, key_of(entry));
        if (const auto* section = std::get_if<std::shared_ptr<Group>>(&entry.value)) {
            collect(**section, (*section)->inner(options), key);
        } else {
            targets_[key] = {.field = std::get<std::shared_ptr<Field>>(entry.value).get(), .owner = options};
        }
    }
}

const Target* KeyIndex::find(const std::string& key) const {
    const auto found = targets_.find(key);
    return found == targets_.end() ? nullptr : &found->second;
}

Strings KeyIndex::keys_of(const std::string& section) const {
    return top_keys(*targets_.at(section).section);
}

/// Returns the first dotted key whose last part is exactly this name.
std::string KeyIndex::elsewhere(const std::string& name) const {
    for (const auto& [key, target] : targets_) {
        if (!key.empty() && leaf_of(key) == name) return key;
    }
    return {};
}

/// Returns the dotted key of a field with a similar synonym. Fields of the section have priority.
std::string KeyIndex::by_peer_name(const std::string& section, const std::string& name) const {
    for (const bool inside : {true, false}) {
        for (const auto& [key, target] : targets_) {
            const bool in_section = key == dotted(section, leaf_of(key));
            if (!target.field || in_section != inside) continue;
            if (!nearest_name(name, target.field->synonyms, Near::kSpelling).empty()) return key;
        }
    }
    return {};
}

std::string KeyIndex::remedy_in_text(const std::string& section, const std::string& key) const {
    if (key.empty()) return {};
    if (find(dotted(section, key))) {
        const size_t dot = key.find('.');
        return "write '" + key.substr(dot + 1) + ":' on a line of its own below '" + key.substr(0, dot) + ":'";
    }
    const std::string near = nearest_name(key, keys_of(section));
    if (!near.empty()) return ask(near);
    const std::string same = elsewhere(key);
    if (!same.empty()) return ask(same);
    const std::string peer = by_peer_name(section, key);
    return ask(peer == dotted(section, leaf_of(peer)) ? leaf_of(peer) : peer);
}

std::string KeyIndex::remedy_in_override(const std::string& key) const {
    const std::string leaf = leaf_of(key);
    if (leaf.empty()) return {};
    const std::string section = key.substr(0, key.size() - std::min(key.size(), leaf.size() + 1));
    const Target* target = find(section);
    if (target && target->section) {
        const std::string near = nearest_name(leaf, keys_of(section));
        if (!near.empty()) return ask(dotted(section, near));
    }
    const std::string same = elsewhere(leaf);
    if (!same.empty()) return ask(same);
    const std::string peer = by_peer_name(section, leaf);
    if (!peer.empty()) return ask(peer);
    Strings fields;
    for (const auto& [name, each] : targets_) {
        if (each.field) fields.push_back(name);
    }
    return ask(nearest_name(key, fields));
}

}  // namespace kaziranga::core::config
