#include "data/dataset.hpp"

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

std::string fragment_of(const RelativeBox& box) {
    constexpr float kPercent = 100;
    return fmt::format("#xywh=percent:{:.4g},{:.4g},{:.4g},{:.4g}", kPercent * box.x, kPercent * box.y,
                       kPercent * box.width, kPercent * box.height);
}

}  // namespace

std::string name_of_box(const std::string& image, const RelativeBox& box) {
    return image + fragment_of(box);
}

const ImageFacts& facts_of(const Sample& sample) {
    static const ImageFacts kNone;
    return sample.facts ? *sample.facts : kNone;
}

std::string image_name(const Sample& sample) {
    return sample.box ? sample.name.substr(0, sample.name.size() - fragment_of(*sample.box).size()) : sample.name;
}

std::string unit_name(const Sample& sample) {
    return sample.group.empty() ? image_name(sample) : sample.group;
}

}  // namespace kaziranga::data
