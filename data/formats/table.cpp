#include "data/formats/table.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace kaziranga::data::formats {

std::string format_names() {
    std::string names;
    for (const ImageFormat* format : kImageFormats) {
        if (!names.empty()) names += format == *std::rbegin(kImageFormats) ? " or " : ", ";
        names += format->name;
    }
    return names;
}

std::string extension_list() {
    std::vector<std::string> all;
    for (const ImageFormat* format : kImageFormats)
        all.insert(all.end(), format->extensions.begin(), format->extensions.end());
    return core::join(all, " ");
}

bool is_image_name(std::string_view name) {
    const size_t point = name.rfind('.');
    if (point == std::string_view::npos) return false;
    const std::string extension = core::lower(std::string(name.substr(point)));
    return std::ranges::any_of(kImageFormats, [&](const ImageFormat* format) {
        return std::ranges::count(format->extensions, extension) > 0;
    });
}

}  // namespace kaziranga::data::formats
