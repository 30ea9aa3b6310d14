#include "evaluation/variance_components.hpp"

#include <cmath>
#include <iostream>

/// dump_spread: reads tables from standard input, each `draws judged_per_trained confidence`, then for each draw the
/// number of its images and `name class value` for each. A line each comes back, nan for what is none.
int main() {
    using namespace kaziranga::evaluation;
    std::ios::sync_with_stdio(false);
    std::cout.precision(17);
    size_t count = 0;
    double ratio = 0, confidence = 0;
    while (std::cin >> count >> ratio >> confidence) {
        std::vector<Draw> draws;
        for (size_t j = 0; j < count; ++j) {
            size_t images = 0;
            std::cin >> images;
            JudgedImages judged;
            Draw draw;
            for (size_t i = 0; i < images; ++i) {
                uint64_t name = 0, label = 0;
                double value = 0;
                std::cin >> name >> label >> value;
                judged.names.push_back(name);
                judged.classes.push_back(label);
                draw.values.push_back(value);
            }
            draw.images = std::make_shared<const JudgedImages>(std::move(judged));
            draws.push_back(std::move(draw));
        }
        const Spread s = spread_of(draws, ratio, confidence);
        std::cout << s.mean;
        for (const auto& part : {s.sd_draws, s.se_images, s.se_classes, s.se_same_classes, s.se_other_classes}) {
            std::cout << ' ' << part.value_or(NAN);
        }
        for (const auto& interval : {s.same_classes, s.other_classes}) {
            std::cout << ' ' << (interval ? interval->half_width : NAN);
        }
        std::cout << '\n';
    }
    return std::cin.eof() ? 0 : 2;
}
