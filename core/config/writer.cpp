#include "core/config/config.hpp"
#include "core/config/wording.hpp"

#include <algorithm>

namespace kaziranga::core::config {
namespace {

bool leads_into_a_folder(const Slot& slot) {
    const auto has_slash = [](const std::string& text) { return text.find('/') != std::string::npos; };
    if (const auto* text = std::get_if<std::string*>(&slot)) return has_slash(**text);
    const auto* table = std::get_if<Table*>(&slot);
    return table != nullptr && std::ranges::any_of(**table, [&](const auto& entry) {
               return has_slash(entry.first) || std::ranges::any_of(entry.second, has_slash);
           });
}

std::string write_group(const Group& group, void* options, Include include, const std::string& indent) {
    std::string text;
    for (const Group::Entry& entry : group.entries) {
        if (const auto* field = std::get_if<std::shared_ptr<Field>>(&entry.value)) {
            const Slot slot = (*field)->slot(options);
            if ((*field)->transient && include != Include::kAll) continue;
            if ((*field)->path && include == Include::kPortable && leads_into_a_folder(slot)) continue;
            text += indent + (*field)->key + ": " + yaml_value(slot) + "\n";
        } else {
            const Group& section = *std::get<std::shared_ptr<Group>>(entry.value);
            const std::string body = write_group(section, section.inner(options), include, indent + "  ");
            if (!body.empty()) text += indent + section.key + ":\n" + body;
        }
    }
    return text;
}

}  // namespace

std::string write(const Group& group, const void* options, Include include) {
    // The slots of a description are mutable, because the reader writes to them. Here they are only read.
    return write_group(group, const_cast<void*>(options), include, "");
}

}  // namespace kaziranga::core::config
