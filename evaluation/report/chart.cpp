#include "evaluation/report/chart.hpp"

#include "core/interrupt.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <set>

#include <c10/util/Exception.h>
#include <fmt/format.h>

namespace kaziranga::evaluation {
namespace {

constexpr size_t kFew = 12;  // most positions along an axis that are marked one by one

/// Colours that colour-blind people can distinguish. Source: Okabe and Ito 2008, "Color Universal Design"
constexpr std::array<const char*, 7> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                 "#56b4e9", "#e69f00", "#000000"};
constexpr const char* kInstall = "install gnuplot (Debian: gnuplot-nox; scripts/setup does)";
constexpr int kWidth = 640, kHeight = 440;

/// A text quoted for gnuplot, which then takes it literally.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : core::printable(text)) {
        if (c == '\'') result += c;
        result += c;
    }
    return result + "'";
}

std::string number(double value) {
    return std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN";
}

std::string header() {
    return fmt::format(
        "set terminal svg size {},{} noenhanced font 'sans-serif,15' background '#ffffff'\n"
        "set datafile missing 'NaN'\n",
        kWidth, kHeight);
}

std::string colour_of(const Chart& chart, size_t i) {
    const int own = chart.series[i].colour;
    return kColours[(own >= 0 ? static_cast<size_t>(own) : i) % kColours.size()];
}

std::string data_block(const Series& s, size_t i) {
    std::string block = fmt::format("$series{} << END_OF_SERIES\n", i);
    for (size_t k = 0; k < s.x.size(); ++k) {
        block += fmt::format("{} {}", number(s.x[k]), number(s.y[k]));
        if (!s.low.empty()) block += fmt::format(" {} {}", number(s.low[k]), number(s.high[k]));
        block += "\n";
    }
    return block + "END_OF_SERIES\n";
}

std::string plots_of(const Chart& chart, size_t i) {
    const Series& s = chart.series[i];
    const std::string colour = colour_of(chart, i),
                      title = s.listed ? fmt::format("title {}", quoted(s.name)) : "notitle";
    if (s.mark == Mark::kPoints) {
        const std::string bars =
            s.low.empty()
                ? ""
                : fmt::format("$series{} using 1:2:3:4 with yerrorbars lc rgb '{}' pt 0 notitle, ", i, colour);
        return bars + fmt::format("$series{} using 1:2 with points pt 7 ps 0.6 lc rgb '{}' {}", i, colour, title);
    }
    const std::string band =
        s.low.empty()
            ? ""
            : fmt::format("$series{} using 1:3:4 with filledcurves fs transparent solid 0.18 lc rgb '{}' notitle, ", i,
                          colour);
    // Every second curve has open circles, so that both of two curves on top of each other are visible.
    const std::string style = s.x.size() <= kFew
                                  ? fmt::format("linespoints pt {} ps {}", i % 2 == 0 ? 7 : 6, i % 2 == 0 ? 0.5 : 1.0)
                                  : "lines";
    return band + fmt::format("$series{} using 1:2 with {} lw 2 dt {} lc rgb '{}' {}", i, style,
                              s.mark == Mark::kDashes ? 2 : 1, colour, title);
}

/// The tics of a logarithmic axis at the measured positions, if these are few and their labels have room: by default,
/// gnuplot labels only powers of ten.
std::string places(const Chart& chart) {
    std::set<double> all;
    for (const Series& s : chart.series) {
        std::ranges::copy_if(s.x, std::inserter(all, all.end()), [](double x) { return std::isfinite(x) && x > 0; });
    }
    if (all.empty() || all.size() > kFew) return "";
    std::vector<std::string> tics;
    size_t characters = 0;
    for (const double x : all) {
        const std::string label = fmt::format("{:g}", x);
        characters += label.size() + 1;
        tics.push_back(fmt::format("'{}' {:.17g}", label, x));
    }
    constexpr size_t kRoom = 60;  // characters along the axis
    if (characters > kRoom) return "";
    constexpr double kMargin = 1.02;  // without it, rounding cuts off the last tic
    return "set xtics (" + core::join(tics, ", ") + ")\n" +
           fmt::format("set xrange [{:.17g}:{:.17g}]\n", *all.begin() / kMargin, *all.rbegin() * kMargin);
}

/// False for a chart without points, which gnuplot refuses to draw.
bool shows_anything(const Chart& chart) {
    const auto shows = [](double value, bool log) { return std::isfinite(value) && (!log || value > 0); };
    for (const Series& s : chart.series) {
        for (size_t i = 0; i < s.x.size(); ++i) {
            if (shows(s.x[i], chart.log_x) && shows(s.y[i], chart.log_y)) return true;
        }
    }
    return false;
}

std::string drawn(const std::string& script) {
    const core::ProcessResult result = core::run_program({"gnuplot", "--default-settings", "-"}, script, kInstall);
    if (result.exit_code != 0) core::throw_if_interrupted();  // Ctrl-C reaches gnuplot too
    TORCH_CHECK(result.exit_code == 0, "gnuplot failed: ", result.errors);
    return result.output;
}

}  // namespace

void require_gnuplot() {
    core::run_program({"gnuplot", "--version"}, "", kInstall);
}

std::string svg(const Chart& chart) {
    std::string script = header();
    script += fmt::format("set title {}\nset xlabel {}\nset ylabel {}\n", quoted(chart.title), quoted(chart.x_label),
                          quoted(chart.y_label));
    script += "set grid lc rgb '#dddddd' lt 1\nset border lc rgb '#555555'\nset autoscale xfix\n";
    script += "set key outside top center horizontal maxcols 2 samplen 2 spacing 0.9 font ',13'\n";
    if (chart.log_x) script += "set logscale x\nset format x '%g'\n" + places(chart);
    if (chart.log_y) script += "set logscale y\nset format y '%.0e'\n";
    if (!shows_anything(chart)) return drawn(script + "plot [1:2] [1:2] NaN title 'nothing to show'\n");
    std::vector<std::string> plots;
    for (size_t i = 0; i < chart.series.size(); ++i) {
        const Series& s = chart.series[i];
        TORCH_CHECK(
            s.x.size() == s.y.size() && s.low.size() == s.high.size() && (s.low.empty() || s.low.size() == s.x.size()),
            "a series needs as many x as y");
        script += data_block(s, i);
        plots.push_back(plots_of(chart, i));
    }
    return drawn(script + "plot " + core::join(plots, ", \\\n  ") + "\n");
}

std::string svg(const HeatMap& map) {
    const at::Tensor values = map.values.to(at::kDouble).contiguous();
    TORCH_CHECK(values.dim() == 2, "a heat map is of a matrix");
    const double* next = values.const_data_ptr<double>();
    std::string script = header() + "$map << END_OF_MAP\n";
    for (int64_t row = 0; row < values.size(0); ++row) {
        for (int64_t column = 0; column < values.size(1); ++column) script += number(*next++) + " ";
        script += "\n";
    }
    script += fmt::format("END_OF_MAP\nset title {}\nset cblabel {}\n", quoted(map.title), quoted(map.value_label));
    // The colours of matplotlib's viridis: perceptually uniform, also in grey.
    script +=
        "set palette defined (0 '#440154', 1 '#3b528b', 2 '#21918c', 3 '#5ec962', 4 '#fde725')\n"
        "set size ratio -1\nset yrange [*:*] reverse\nunset key\nset tics out nomirror\n";
    script += fmt::format("set autoscale fix\nplot $map matrix using ($1+{0}):($2+{0}):3 with image\n", map.first);
    return drawn(script);
}

}  // namespace kaziranga::evaluation
