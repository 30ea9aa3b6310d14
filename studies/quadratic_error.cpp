#include "studies/quadratic_error.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "studies/compare.hpp"
#include "studies/curvature.hpp"
#include "studies/draws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <ATen/ops/linear.h>
#include <fmt/format.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using core::config::Numbers;

int64_t parameters_of(const Numbers& units) {
    int64_t count = 0;
    for (size_t i = 0; i + 1 < units.size(); ++i) count += (units[i] + 1) * units[i + 1];
    return count;
}

/// A network with tanh units and a linear output, all its parameters in one vector.
Tensor output(const Numbers& units, const Tensor& w, const Tensor& x) {
    Tensor h = x;
    int64_t at = 0;
    for (size_t i = 0; i + 1 < units.size(); ++i) {
        const Tensor weight = w.narrow(0, at, units[i] * units[i + 1]).view({units[i + 1], units[i]});
        at += weight.numel();
        h = at::linear(h, weight, w.narrow(0, at, units[i + 1]));
        at += units[i + 1];
        if (i + 2 < units.size()) h = h.tanh();
    }
    return h;
}

Tensor start_of(const Numbers& units, const at::Generator& from) {
    std::vector<Tensor> parts;
    for (size_t i = 0; i + 1 < units.size(); ++i) {
        const double scale = 1 / std::sqrt(static_cast<double>(units[i]));
        parts.push_back(normal({units[i] * units[i + 1]}, from) * scale);
        parts.push_back(normal({units[i + 1]}, from) * scale);
    }
    return at::cat(parts);
}

/// Half the mean squared error on noisy values of a smooth function.
Objective regression(const Numbers& units, int64_t points, double noise, int64_t seed) {
    const at::Generator from = generator(seed, {40, static_cast<uint64_t>(units.front())});
    const Tensor x = uniform({points, units.front()}, -2, 2, from);
    const Tensor t = (2 * x).sin().sum(1, true) + noise * normal({points, units.back()}, from);
    return [units, x, t](const Tensor& w) { return (output(units, w, x) - t).square().mean() / 2; };
}

constexpr double kFlat = 1e-8;  // of the largest eigenvalue: a direction that does not change the error

/// The error around a minimum.
struct Surface {
    Objective error;
    Minimum minimum;
    Eigen eigen;
    double flat = 0;
};

/// The lowest of the minima that several starts lead to; flat ones only where there is no other.
Surface find_minimum(const QuadraticErrorOptions& o) {
    constexpr double kTolerance = 1e-10;
    constexpr int64_t kIterations = 400;
    const Objective error = regression(o.units, o.points, o.noise, o.seed);
    std::optional<Surface> best;
    const auto rank = [](const Surface& s) {
        return std::tuple(s.minimum.gradient_norm > kTolerance, s.eigen.values[-1].item<double>() <= s.flat,
                          s.minimum.value);
    };
    core::Phase phase("minima", o.starts, "starts");
    for (int64_t i = 0; i < o.starts; ++i) {
        const at::Generator from = generator(o.seed, {41, static_cast<uint64_t>(i)});
        Surface found{.error = error, .minimum = minimise(error, start_of(o.units, from), kTolerance, kIterations)};
        found.eigen = eigen_of(hessian(error, found.minimum.w));
        found.flat = kFlat * found.eigen.values[0].item<double>();
        if (!best || rank(found) < rank(*best)) best = std::move(found);
        phase.advance();
    }
    return *best;
}

/// A pair of eigenvectors, by the rank of their eigenvalues from the largest.
struct Plane {
    int64_t i = 0, j = 0;
    std::string name() const { return fmt::format("eigenvectors {} and {}", i + 1, j + 1); }
};

/// A level's contour in a plane, in units of the ellipse's own axes: the ellipse is the unit circle.
struct Contour {
    std::vector<double> angles, radii;

    /// Mean distance from the ellipse, on its own scale; a direction without a contour within kFarthest counts as that.
    double departure() const {
        double sum = 0;
        for (const double radius : radii) sum += std::abs((std::isfinite(radius) ? radius : kFarthest) - 1);
        return sum / static_cast<double>(radii.size());
    }
    static constexpr double kFarthest = 4;
};

/// The axes of the level's ellipse in a plane.
struct Axes {
    Tensor a, b;  ///< [P] each, as long as the semi-axes
    double length_a = 0, length_b = 0;
};

std::optional<Axes> axes_of(const Surface& s, const Plane& plane, double b) {
    const auto first = semi_axis(b, s.eigen.values[plane.i].item<double>(), s.flat);
    const auto second = semi_axis(b, s.eigen.values[plane.j].item<double>(), s.flat);
    if (!first || !second) return std::nullopt;
    return Axes{s.eigen.vectors.select(1, plane.i) * *first, s.eigen.vectors.select(1, plane.j) * *second, *first,
                *second};
}

/// Where the error first reaches the level along a ray from the minimum, in lengths of `direction`; NaN where it does
/// not within Contour::kFarthest.
double reach(const Surface& s, const Tensor& direction, double level) {
    const auto above = [&](double r) { return value(s.error, s.minimum.w + r * direction) >= level; };
    constexpr double kStride = 0.1;
    double low = 0, high = kStride;
    while (!above(high)) {
        low = high;
        high += kStride;
        if (high > Contour::kFarthest) return std::numeric_limits<double>::quiet_NaN();
    }
    constexpr int kHalvings = 30;
    for (int i = 0; i < kHalvings; ++i) (above((low + high) / 2) ? high : low) = (low + high) / 2;
    return (low + high) / 2;
}

Contour contour_of(const Surface& s, const Axes& axes, double b, int64_t angles) {
    Contour contour;
    for (int64_t k = 0; k <= angles; ++k) {  // the first angle again at the end, which closes the curve
        core::throw_if_interrupted();
        const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(angles);
        contour.angles.push_back(angle);
        contour.radii.push_back(
            k == angles ? contour.radii.front()
                        : reach(s, std::cos(angle) * axes.a + std::sin(angle) * axes.b, s.minimum.value + b / 2));
    }
    return contour;
}

std::vector<Plane> planes_of(const Surface& s) {
    const int64_t count = s.eigen.values.numel(), last = count - 1, middle = count / 2;
    std::vector<Plane> planes = {{0, 1}, {0, last}, {middle, last}, {last - 1, last}};
    std::erase_if(planes, [](const Plane& p) { return p.i >= p.j; });
    return planes;
}

void check_minimum(Findings& findings, const Surface& s) {
    const Tensor& w = s.minimum.w;
    findings.checks.push_back({"gradient's norm at the minimum", s.minimum.gradient_norm, 1e-10, ""});
    const Tensor h = hessian(s.error, w);
    constexpr double kStep = 1e-5;
    std::vector<Tensor> rows;
    for (int64_t i = 0; i < w.numel(); ++i) {
        Tensor ahead = w.clone(), behind = w.clone();
        ahead[i] += kStep;
        behind[i] -= kStep;
        rows.push_back((gradient(s.error, ahead) - gradient(s.error, behind)) / (2 * kStep));
    }
    findings.checks.push_back({"Hessian against central differences of the gradient",
                               ((at::stack(rows) - h).abs().max() / h.abs().max()).item<double>(), 1e-6, "relative"});
    const Tensor start = normal({w.numel()}, generator(42, {43}));
    const Tensor ritz = lanczos([&](const Tensor& v) { return hessian_times(s.error, w, v); }, start, w.numel());
    const int64_t several = std::min<int64_t>(3, ritz.numel());
    const Tensor leading = s.eigen.values.narrow(0, 0, several);
    findings.checks.push_back({"leading eigenvalues by Lanczos against the full Hessian",
                               ((ritz.narrow(0, 0, several) - leading).abs() / leading).max().item<double>(), 1e-8,
                               "relative"});
    double worst = 0;
    const double b = 1e-8 * s.minimum.value;
    for (int64_t i = 0; i < w.numel(); ++i) {
        const auto axis = semi_axis(b, s.eigen.values[i].item<double>(), s.flat);
        if (!axis) continue;
        // Both ends, whose mean is free of the third derivative.
        const Tensor step = s.eigen.vectors.select(1, i) * *axis;
        const double rise = (value(s.error, w + step) + value(s.error, w - step)) / 2 - s.minimum.value;
        worst = worse(worst, std::abs(rise / (b / 2) - 1));
    }
    findings.checks.push_back(
        {"error at the ends of the axes of a small ellipsoid against C", worst, 1e-2, "relative to C - E*"});
}

void tell_minimum(Findings& findings, const QuadraticErrorOptions& o, const Surface& s) {
    const int64_t count = s.eigen.values.numel();
    const double largest = s.eigen.values[0].item<double>(), smallest = s.eigen.values[-1].item<double>();
    findings.parts.push_back(Heading{"The minimum"});
    findings.parts.push_back(Text{fmt::format(
        "A network of {} parameters (tanh units, linear output) on {} noisy points of a sine; half the mean squared "
        "error, minimised by Newton's method with the full Hessian from {} starts. The lowest minimum: E* = {:.6g} "
        "after {} iterations, gradient {:.1e}. Eigenvalues of the Hessian from {:.3g} to {:.3g}.",
        count, o.points, o.starts, s.minimum.value, s.minimum.iterations, s.minimum.gradient_norm, largest, smallest)});
    evaluation::Series spectrum{.name = "eigenvalues", .mark = evaluation::Mark::kPoints, .listed = false};
    for (int64_t i = 0; i < count; ++i) {
        spectrum.add(static_cast<double>(i + 1), s.eigen.values[i].item<double>());
    }
    findings.parts.push_back(Picture{
        "spectrum", "Eigenvalues of the Hessian at the minimum.",
        evaluation::Chart{
            .title = "Spectrum", .x_label = "rank", .y_label = "eigenvalue", .log_y = true, .series = {spectrum}}});
    findings.figures.push_back({"largest eigenvalue over the smallest", largest / smallest, ""});
    check_minimum(findings, s);
    const auto longest = semi_axis(1, smallest, s.flat), shortest = semi_axis(1, largest, s.flat);
    findings.claims.push_back(
        {"The ellipsoid is long where the curvature is small and short where it is large, as √(B/λ)",
         longest
             ? fmt::format("axes of B = 1: {:.3g} along the smallest eigenvalue, {:.3g} along the largest, ends of all "
                           "axes on the contour within {:.1e}",
                           *longest, *shortest, findings.checks.back().measured)
             : "a flat direction has no axis",
         holds(longest && *longest > *shortest && findings.checks.back().passed())});
}

/// How the departure grows with the level in one plane.
struct Growth {
    Plane plane;
    std::vector<double> levels, departures;  ///< (C - E*) / E*; mean departure

    /// Level at which the departure reaches `limit`, between two levels by a straight line of logarithms.
    std::optional<double> level_of(double limit) const {
        if (!levels.empty() && departures.front() >= limit) return levels.front();
        for (size_t i = 1; i < levels.size(); ++i) {
            if (departures[i - 1] >= limit || departures[i] < limit) continue;
            const double share = std::log(limit / departures[i - 1]) / std::log(departures[i] / departures[i - 1]);
            return levels[i - 1] * std::pow(levels[i] / levels[i - 1], share);
        }
        return std::nullopt;
    }
};

void draw_plane(Findings& findings, const QuadraticErrorOptions& o, const Surface& s, const Growth& growth,
                double failing) {
    evaluation::Chart chart{.title = "Contours in the plane of " + growth.plane.name(),
                            .x_label = fmt::format("along eigenvector {}", growth.plane.i + 1),
                            .y_label = fmt::format("along eigenvector {}", growth.plane.j + 1)};
    int colour = 0;
    for (const double factor : {0.1, 1.0, 4.0}) {
        const double b = 2 * failing * factor * s.minimum.value;
        const std::optional<Axes> axes = axes_of(s, growth.plane, b);
        if (!axes) return;
        const Contour contour = contour_of(s, *axes, b, o.angles);
        const std::string level = fmt::format("C = E* (1 + {:.2g})", failing * factor);
        evaluation::Series truth{.name = level, .colour = colour};
        evaluation::Series ellipse{
            .name = level + ", ellipse", .mark = evaluation::Mark::kDashes, .colour = colour++, .listed = false};
        for (size_t k = 0; k < contour.angles.size(); ++k) {
            const double x = std::cos(contour.angles[k]) * axes->length_a,
                         y = std::sin(contour.angles[k]) * axes->length_b;
            ellipse.add(x, y);
            truth.add(x * contour.radii[k], y * contour.radii[k]);
        }
        chart.series.push_back(std::move(ellipse));
        chart.series.push_back(std::move(truth));
    }
    findings.parts.push_back(
        Picture{fmt::format("contours_{}_{}", growth.plane.i + 1, growth.plane.j + 1),
                "Dashed: the ellipse of √(B/λ); full: where the error truly is C. A gap: the error stays "
                "below C for four axes.",
                chart});
}

void tell_contours(Findings& findings, const QuadraticErrorOptions& o, const Surface& s) {
    constexpr double kFails = 0.1;
    findings.parts.push_back(Heading{"The ellipse and the true contour"});
    findings.parts.push_back(
        Text{fmt::format("In the plane of two eigenvectors the contour E = C is looked for along {} rays. The "
                         "departure is the mean distance "
                         "of contour and ellipse along a ray, on the scale of the ellipse; the quadratic picture fails "
                         "where it reaches {:g} %.",
                         o.angles, 100 * kFails)});
    evaluation::Chart chart{.title = "Departure from the ellipse",
                            .x_label = "(C - E*) / E*",
                            .y_label = "mean departure",
                            .log_x = true,
                            .log_y = true};
    std::vector<double> failing;
    double closest = 0;
    int measured = 0;  // planes with an ellipse
    const std::vector<Plane> planes = planes_of(s);
    constexpr int kLevels = 11;
    core::Phase phase("contours", static_cast<int64_t>(planes.size()) * kLevels, "contours");
    std::vector<std::vector<std::string>> rows = {{"plane", "fails at (C - E*) / E*"}};
    for (const Plane& plane : planes) {
        Growth growth{.plane = plane};
        evaluation::Series series{.name = plane.name()};
        for (int k = 0; k < kLevels; ++k) {
            const double level = std::pow(10.0, -7 + 0.8 * k), b = 2 * level * s.minimum.value;
            phase.advance();
            const std::optional<Axes> axes = axes_of(s, plane, b);
            if (!axes) continue;
            growth.levels.push_back(level);
            growth.departures.push_back(contour_of(s, *axes, b, o.angles).departure());
        }
        series.x = growth.levels;
        series.y = growth.departures;
        chart.series.push_back(series);
        if (!growth.departures.empty()) {
            closest = worse(closest, growth.departures.front());
            ++measured;
        }
        const std::optional<double> level = growth.level_of(kFails);
        rows.push_back({plane.name(), level                   ? fmt::format("{:.3g}", *level)
                                      : growth.levels.empty() ? "no ellipse: a flat direction"
                                                              : "not within these levels"});
        if (!level) continue;
        failing.push_back(*level);
        findings.figures.push_back(
            {"level where the picture fails, plane of " + plane.name(), *level, "(C - E*) / E*"});
        draw_plane(findings, o, s, growth, *level);
    }
    findings.parts.push_back(Picture{"departure", "Departure of the true contour from the ellipse as C grows.", chart});
    findings.parts.push_back(Grid{rows});
    findings.checks.push_back(
        {"departure at (C - E*) / E* = 1e-7, worst plane", closest, 2e-2, "of the ellipse's radius"});
    const bool found = !failing.empty();
    const auto [low, high] = found ? std::ranges::minmax(failing) : std::ranges::minmax_result<double>{0, 0};
    findings.claims.push_back(
        {"The contour of a level is an ellipse close to the minimum",
         fmt::format("mean departure {:.1e} at most where C exceeds E* by a ten-millionth", closest),
         holds(measured > 0 && findings.checks.back().passed())});
    findings.claims.push_back(
        {"It is one as far as levels twice as high as the minimum",
         found ? fmt::format("by 10 % wrong from (C - E*) / E* = {:.2g} on in the best plane, {:.2g} in the worst",
                             high, low)
         : measured > 0 ? "no plane fails within the levels looked at"
                        : "no plane has an ellipse",
         holds(measured > 0 && (!found || low > 1))});
}

/// How many directions of each kind a Hessian has.
struct Kinds {
    int64_t rising = 0, flat = 0, falling = 0;
};

Kinds kinds_of(const Tensor& eigenvalues) {
    const double flat = kFlat * eigenvalues.abs().max().item<double>();
    Kinds kinds;
    for (int64_t i = 0; i < eigenvalues.numel(); ++i) {
        const double lambda = eigenvalues[i].item<double>();
        ++(lambda > flat ? kinds.rising : lambda < -flat ? kinds.falling : kinds.flat);
    }
    return kinds;
}

/// A larger network on its way: after few steps of gradient descent.
Tensor on_its_way(const Objective& error, Tensor w) {
    constexpr int kSteps = 200;
    constexpr double kRate = 0.05;
    for (int i = 0; i < kSteps; ++i) {
        core::throw_if_interrupted();
        w = w - kRate * gradient(error, w);
    }
    return w;
}

void tell_large(Findings& findings, const QuadraticErrorOptions& o) {
    const Objective error = regression(o.large_units, 200, o.noise, o.seed);
    const Tensor w = on_its_way(error, start_of(o.large_units, generator(o.seed, {44})));
    const int64_t count = parameters_of(o.large_units);
    const auto times = [&](const Tensor& v) { return hessian_times(error, w, v); };
    const int64_t steps = std::min(count, 10 * o.leading);
    const Tensor ritz = lanczos(times, normal({count}, generator(o.seed, {45})), steps);
    findings.parts.push_back(Heading{"A larger network, not at a minimum"});
    std::vector<std::vector<std::string>> rows = {{"rank", "eigenvalue by Lanczos", "semi-axis of B = 1"}};
    const double flat = kFlat * ritz[0].item<double>();
    const auto add_row = [&](const std::string& rank, double lambda) {
        const auto axis = semi_axis(1, lambda, flat);
        rows.push_back({rank, fmt::format("{:.5g}", lambda),
                        axis             ? fmt::format("{:.4g}", *axis)
                        : lambda < -flat ? "none: the error falls"
                                         : "none: flat"});
    };
    for (int64_t i = 0; i < std::min(o.leading, ritz.numel()); ++i)
        add_row(std::to_string(i + 1), ritz[i].item<double>());
    add_row("smallest", ritz[-1].item<double>());
    findings.parts.push_back(Text{fmt::format(
        "{} parameters after 200 steps of gradient descent: {} products with the Hessian give its leading eigenvalues "
        "and the "
        "smallest, which is below zero where the error falls on in some direction. Such a direction has no axis.",
        count, steps)});
    findings.parts.push_back(Grid{rows});
    constexpr int64_t kAffordable = 3000;
    if (count > kAffordable) return;
    const Tensor full = eigen_of(hessian(error, w)).values;
    const Kinds kinds = kinds_of(full);
    findings.parts.push_back(
        Text{fmt::format("The full Hessian has {} directions in which the error rises, {} in which it is flat (within "
                         "{:g} of the largest "
                         "eigenvalue) and {} in which it falls.",
                         kinds.rising, kinds.flat, kFlat, kinds.falling)});
    findings.checks.push_back({"leading eigenvalue of the larger network by Lanczos against its full Hessian",
                               std::abs(ritz[0].item<double>() / full[0].item<double>() - 1), 1e-8, "relative"});
    findings.figures.push_back(
        {"directions in which the larger network's error falls", static_cast<double>(kinds.falling), ""});
    findings.figures.push_back({"directions in which it is flat", static_cast<double>(kinds.flat), ""});
    findings.claims.push_back(
        {"Away from a minimum the quadratic form is an ellipsoid too",
         fmt::format("{} of {} directions rise, {} are flat, {} fall", kinds.rising, count, kinds.flat, kinds.falling),
         holds(kinds.flat + kinds.falling == 0)});
}

bool is_network(const Numbers& units) {
    return units.size() >= 2;
}

}  // namespace

std::optional<double> semi_axis(double b, double eigenvalue, double flat) {
    if (!(eigenvalue > flat) || eigenvalue <= 0) return std::nullopt;
    return std::sqrt(b / eigenvalue);
}

void QuadraticErrorOptions::describe(core::config::Description<QuadraticErrorOptions>& d) {
    describe_common(d);
    d.field("units", &QuadraticErrorOptions::units, "Of the network at its minimum: inputs, hidden layers, outputs")
        .at_least(1)
        .at_most(32);
    d.field("points", &QuadraticErrorOptions::points, "That it is fitted to").at_least(2).at_most(100'000);
    d.field("noise", &QuadraticErrorOptions::noise, "Deviation of the noise on them; without it E* may be zero")
        .greater_than(0)
        .at_most(100);
    d.field("starts", &QuadraticErrorOptions::starts, "From which a minimum is looked for; the lowest counts")
        .at_least(1)
        .at_most(10'000);
    d.field("angles", &QuadraticErrorOptions::angles, "Rays along which a contour is looked for")
        .at_least(8)
        .at_most(10'000);
    d.field("large_units", &QuadraticErrorOptions::large_units, "Of the larger network").at_least(1).at_most(512);
    d.field("leading", &QuadraticErrorOptions::leading, "Eigenvalues of the larger network that are shown")
        .at_least(1)
        .at_most(100);
    d.check([](const QuadraticErrorOptions& o, core::config::Faults& faults) {
        const std::string remedy = "give inputs, hidden layers and outputs, such as [1, 4, 1]";
        if (!is_network(o.units)) faults.add("units", "no network", remedy);
        if (!is_network(o.large_units)) faults.add("large_units", "no network", remedy);
        constexpr int64_t kMost = 500;
        if (is_network(o.units) && parameters_of(o.units) > kMost) {
            faults.add("units",
                       fmt::format("{} parameters, and the full Hessian is needed often", parameters_of(o.units)),
                       fmt::format("at most {}", kMost));
        }
    });
}

Findings study_quadratic_error(const QuadraticErrorOptions& options) {
    Findings findings{.name = "quadratic_error",
                      .title = "The error around a minimum",
                      .question =
                          "E(w) = E* + ½ (w - w*)ᵀ H (w - w*) near a minimum: are the contours ellipsoids with axes "
                          "√(B/λ) along the Hessian's eigenvectors, and how far does that picture carry?"};
    const Surface surface = find_minimum(options);
    tell_minimum(findings, options, surface);
    tell_contours(findings, options, surface);
    tell_large(findings, options);
    return findings;
}

}  // namespace kaziranga::studies
