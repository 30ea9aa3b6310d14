#pragma once

#include "evaluation/intervals.hpp"

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// How a series is drawn.
enum class Mark { kLine, kDashes, kPoints };

/// One curve. Values that are not finite, and those not positive on a logarithmic axis, leave a gap.
struct Series {
    std::string name;
    std::vector<double> x, y;
    std::vector<double> low = {}, high = {};  ///< an interval about each y: a band, or a bar where points are drawn
    Mark mark = Mark::kLine;
    int colour = -1;     ///< number of its colour; -1: that of its place
    bool listed = true;  ///< in the legend

    void add(double at, double value) {
        x.push_back(at);
        y.push_back(value);
    }
    void add(double at, const Interval& value) {
        add(at, value.mean);
        low.push_back(value.low());
        high.push_back(value.high());
    }
};

struct Chart {
    std::string title;
    std::string x_label, y_label;  ///< with the unit
    bool log_x = false, log_y = false;
    std::vector<Series> series;
};

/// A matrix as colours.
struct HeatMap {
    std::string title;
    std::string value_label;
    at::Tensor values;  ///< [H, W]; the first row on top
    int64_t first = 0;  ///< what the first row and column are called
};

/// @throws core::Error when gnuplot is not installed: before hours of work whose end is a picture
void require_gnuplot();

/// The picture as SVG, drawn by gnuplot.
/// @throws core::Error when gnuplot is not installed
std::string svg(const Chart& chart);
std::string svg(const HeatMap& map);

}  // namespace kaziranga::evaluation
