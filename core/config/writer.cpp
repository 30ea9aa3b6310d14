#include "core/config/config.hpp"
#include "core/config/wording.hpp"

namespace kaziranga::core::config {
namespace {

bool leads_into_a_folder(const Slot& slot) {
    const auto* text = std::get_if<std::string*>(&slot);
    return text != nullptr && (*text)->find('/') != std::string::npos;
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
