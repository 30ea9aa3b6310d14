#include "data/manifests/spelling.hpp"

#include "core/utf8.hpp"

#include <cctype>

namespace kaziranga::data {

std::string spelling_key(std::string_view name) {
    std::string key;
    for (const char c : core::folded(name)) {
        const bool gap = c == '_' || c == '-' || std::isspace(static_cast<unsigned char>(c));
        if (!gap) {
            key += c;
        } else if (!key.empty() && key.back() != ' ') {
            key += ' ';
        }
    }
    if (key.ends_with(' ')) key.pop_back();
    return key;
}

}  // namespace kaziranga::data
