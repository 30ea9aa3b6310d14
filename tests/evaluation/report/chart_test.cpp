#include "evaluation/report/chart.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

/// A curve over those places of a logarithmic axis.
Chart over(const std::vector<double>& places) {
    Series series{.name = "a series"};
    for (const double x : places) series.add(x, 1);
    return {.title = "a title", .x_label = "x", .y_label = "y", .log_x = true, .series = {series}};
}

bool shows(const std::string& svg, const std::string& text) {
    return svg.find(text) != std::string::npos;
}

TEST(Chart, NamesThePlacesOfALogarithmicAxis) {
    const std::string drawn = svg(over({1, 5, 20}));
    for (const char* label : {">1<", ">5<", ">20<"}) EXPECT_TRUE(shows(drawn, label)) << label;
}

TEST(Chart, NamesPowersOfTenWherePlacesHaveNoRoom) {
    std::vector<double> places;
    for (int i = 0; i <= 10; ++i) places.push_back(1e-7 * std::pow(6.3095734448, i));
    const std::string drawn = svg(over(places));
    EXPECT_FALSE(shows(drawn, "6.30957")) << drawn;
    EXPECT_TRUE(shows(drawn, ">0.001<") || shows(drawn, ">0.01<")) << drawn;
}

TEST(Chart, TakesTextWordForWord) {
    Chart chart = over({1, 2});
    chart.title = "it's a `title`' ; system 'true' <b>";
    const std::string drawn = svg(chart);
    EXPECT_TRUE(shows(drawn, "`title`")) << drawn;
    EXPECT_FALSE(shows(drawn, "<b>")) << drawn;
}

TEST(Chart, OfNothingSaysSo) {
    EXPECT_TRUE(shows(svg(over({std::numeric_limits<double>::quiet_NaN(), -1})), "nothing to show"));
}

}  // namespace
}  // namespace kaziranga::evaluation
