#pragma once

#include "evaluation/intervals.hpp"

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace kaziranga::evaluation {

/// The drawing style of a series.
enum class Mark { kLine, kDashes, kPoints };

/// One curve. Values that are not finite leave a gap, and so do values <= 0 on a logarithmic axis.
struct Series {
    std::string name;
    std::vector<double> x, y;
    std::vector<double> low = {}, high = {};  ///< interval around each y: drawn as a band, or as a bar with points
    Mark mark = Mark::kLine;
    int colour = -1;     ///< index of its colour; -1: the index of the series
    bool listed = true;  ///< shown in the legend

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

/// A matrix drawn as colours.
struct HeatMap {
    std::string title;
    std::string value_label;
    at::Tensor values;  ///< [H, W]; the first row is on top
    int64_t first = 0;  ///< number of the first row and column
};

/// @throws core::Error when gnuplot is not installed; to be called before hours of work that end in a picture
void require_gnuplot();

/// The picture as SVG, drawn by gnuplot.
/// @throws core::Error when gnuplot is not installed
std::string svg(const Chart& chart);
std::string svg(const HeatMap& map);

}  // namespace kaziranga::evaluation
