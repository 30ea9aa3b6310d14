#include "studies/quadratic_error/quadratic_error.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "studies/common/compare.hpp"
#include "studies/common/draws.hpp"
#include "studies/quadratic_error/sections.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include <ATen/ops/full.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kaziranga::studies {
namespace {

using at::Tensor;
using core::config::Numbers;

int64_t parameters_of(const Numbers& units) {
    int64_t count = 0;
    for (size_t i = 0; i + 1 < units.size(); ++i) count += (units[i] + 1) * units[i + 1];
    return count;
}

/// A network with tanh units and a linear output, with all its parameters in one vector; or several networks at once.
/// @param w  [P] or [K, P]     @param x  [N, inputs]     @return  [N, outputs] or [K, N, outputs]
Tensor output(const Numbers& units, const Tensor& w, const Tensor& x) {
    Tensor h = x;
    int64_t at = 0;
    for (size_t i = 0; i + 1 < units.size(); ++i) {
        const Tensor weight = w.narrow(-1, at, units[i] * units[i + 1]).unflatten(-1, {units[i + 1], units[i]});
        at += units[i] * units[i + 1];
        h = h.matmul(weight.transpose(-1, -2)) + w.narrow(-1, at, units[i + 1]).unsqueeze(-2);
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
    return [units, x, t](const Tensor& w) { return (output(units, w, x) - t).square().mean({-2, -1}) / 2; };
}

constexpr double kFlat = 1e-8;  // relative to the largest eigenvalue: a direction that does not change the error

/// The lowest minimum from several starts; a flat one only if there is no other.
Surface find_minimum(const QuadraticErrorOptions& o) {
    constexpr double kTolerance = 1e-10;
    constexpr int64_t kIterations = 400;
    constexpr int64_t kNumbersAtOnce = 4'000'000;
    const Objective error = regression(o.units, o.points, o.noise, o.seed);
    const int64_t widest = std::ranges::max(o.units);
    std::optional<Surface> best;
    const auto rank = [](const Surface& s) {
        return std::tuple(s.minimum.gradient_norm > kTolerance, s.eigen.values[-1].item<double>() <= s.flat,
                          s.minimum.value);
    };
    core::Phase phase("minima", o.starts, "starts");
    for (int64_t i = 0; i < o.starts; ++i) {
        const at::Generator from = generator(o.seed, {41, static_cast<uint64_t>(i)});
        Surface found{.error = error,
                      .minimum = minimise(error, start_of(o.units, from), kTolerance, kIterations),
                      .rays_at_once = std::max<int64_t>(1, kNumbersAtOnce / (o.points * widest))};
        found.eigen = eigen_of(hessian(error, found.minimum.w));
        found.flat = kFlat * found.eigen.values[0].item<double>();
        if (!best || rank(found) < rank(*best)) best = std::move(found);
        phase.advance();
    }
    return *best;
}

void check_minimum(Findings& findings, const Surface& s, double lowest) {
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
    const double b = 2 * lowest * s.minimum.value;
    for (int64_t i = 0; i < s.curved(); ++i) {
        const Tensor end = *s.axis(i, b) * s.eigen.vectors.select(1, i);
        for (const double sign : {-1.0, 1.0}) {
            const double rise = value(s.error, w + sign * end) - s.minimum.value;
            worst = worse(worst, std::abs(rise / (b / 2) - 1));
        }
    }
    findings.checks.push_back(
        {fmt::format("error at both ends of every axis of the ellipsoid of (C - E*) / E* = {:.2g}, against C", lowest),
         worst, 1e-2, "relative to C - E*"});
}

void tell_minimum(Findings& findings, const QuadraticErrorOptions& o, const Surface& s, double lowest) {
    const int64_t count = s.eigen.values.numel();
    const double largest = s.eigen.values[0].item<double>(), smallest = s.eigen.values[-1].item<double>();
    findings.parts.push_back(Heading{"The minimum"});
    findings.parts.push_back(Text{fmt::format(
        "A network of {} parameters (tanh units, linear output) on {} noisy points of a sine; half the mean squared "
        "error, minimised by Newton's method with the full Hessian from {} starts. The lowest minimum, of those "
        "without a flat direction where there is one: E* = {:.6g} after {} iterations, gradient {:.1e}. Eigenvalues of "
        "the Hessian from {:.3g} to {:.3g}.",
        count, o.points, o.starts, s.minimum.value, s.minimum.iterations, s.minimum.gradient_norm, largest, smallest)});
    evaluation::Series spectrum{.name = "eigenvalues", .mark = evaluation::Mark::kPoints, .listed = false};
    for (int64_t i = 0; i < count; ++i) {
        spectrum.add(static_cast<double>(i + 1), s.eigen.values[i].item<double>());
    }
    findings.parts.push_back(Picture{
        "spectrum", "Eigenvalues of the Hessian at the minimum.",
        evaluation::Chart{
            .title = "Spectrum", .x_label = "rank", .y_label = "eigenvalue", .log_y = true, .series = {spectrum}}});
    const int64_t curved = s.curved();
    findings.figures.push_back({"largest eigenvalue over the smallest that is not flat",
                                largest / s.eigen.values[curved - 1].item<double>(), ""});
    check_minimum(findings, s, lowest);
    const double longest = *s.axis(curved - 1, 1), shortest = *s.axis(0, 1);
    findings.claims.push_back(
        {"The ellipsoid is long where the curvature is small and short where it is large, as √(B/λ)",
         fmt::format("axes of B = 1: {:.3g} along the smallest eigenvalue, {:.3g} along the largest; close to the "
                     "minimum C - E* at each end of each axis is right within {:.1e}",
                     longest, shortest, findings.checks.back().measured) +
             (curved < count ? fmt::format("; {} flat directions have no axis", count - curved) : ""),
         holds(longest > shortest && findings.checks.back().passed())});
}

std::string level_text(double level) {
    return std::isfinite(level) ? fmt::format("{:.2g}", level) : fmt::format("not within {:.2g}", highest_level());
}

std::string to_text(const Range& range) {
    if (range.count == 0) return "none";
    return range.low == range.high ? level_text(range.low) : level_text(range.low) + " to " + level_text(range.high);
}

std::string name_of(const Section& plane) {
    return fmt::format("eigenvectors {} and {}", plane.i + 1, plane.j + 1);
}

/// Four planes to draw, which combine steep and flat eigenvectors.
std::vector<std::pair<int64_t, int64_t>> drawn_planes(const Surface& s) {
    const std::vector<int64_t> ranks = ranks_looked_at(s.curved());
    const size_t count = ranks.size();
    if (count < 2) return {};
    const int64_t last = ranks[count - 1], before = ranks[count - 2], middle = ranks[count / 2];
    std::vector<std::pair<int64_t, int64_t>> planes;
    for (const auto& plane :
         {std::pair(ranks[0], ranks[1]), std::pair(ranks[0], last), std::pair(middle, last), std::pair(before, last)}) {
        if (plane.first < plane.second && std::ranges::count(planes, plane) == 0) planes.push_back(plane);
    }
    return planes;
}

void draw_plane(Findings& findings, const QuadraticErrorOptions& o, const Surface& s, const Section& plane) {
    evaluation::Chart chart{.title = "Contours in the plane of " + name_of(plane),
                            .x_label = fmt::format("along eigenvector {}", plane.i + 1),
                            .y_label = fmt::format("along eigenvector {}", plane.j + 1)};
    int colour = 0;
    for (const double factor : {0.1, 1.0, 4.0}) {
        const double level = plane.fails.value_or(1) * factor, b = 2 * level * s.minimum.value;
        const Radii radii = *radii_in_plane(s, plane.i, plane.j, b, o.angles);
        const std::string name = fmt::format("C = E* (1 + {:.2g})", level);
        evaluation::Series truth{.name = name, .colour = colour};
        evaluation::Series ellipse{
            .name = name + ", ellipse", .mark = evaluation::Mark::kDashes, .colour = colour++, .listed = false};
        for (size_t k = 0; k <= radii.size(); ++k) {  // the first ray is repeated to close the curve
            const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(radii.size());
            const double x = std::cos(angle) * *s.axis(plane.i, b), y = std::sin(angle) * *s.axis(plane.j, b);
            const double radius = radii[k % radii.size()];
            ellipse.add(x, y);
            truth.add(x * radius, y * radius);
        }
        chart.series.push_back(std::move(ellipse));
        chart.series.push_back(std::move(truth));
    }
    findings.parts.push_back(Picture{fmt::format("contours_{}_{}", plane.i + 1, plane.j + 1),
                                     fmt::format("Dashed: the ellipse of √(B/λ); full: where the error truly is C. {} "
                                                 "A gap: the error stays below C for four axes.",
                                                 plane.fails ? "The middle level is the one at which the plane fails."
                                                             : "No level looked at makes this plane fail."),
                                     chart});
}

void draw_growth(Findings& findings, const Surface& s, const Sections& sections) {
    evaluation::Chart chart{.title = "Departure from the ellipse",
                            .x_label = "(C - E*) / E*",
                            .y_label = "mean departure",
                            .log_x = true,
                            .log_y = true};
    for (const auto& [i, j] : drawn_planes(s)) {
        const Section& plane = sections.plane(i, j);
        chart.series.push_back({.name = name_of(plane), .x = plane.growth.levels, .y = plane.growth.departures});
    }
    findings.parts.push_back(Picture{
        "departure", "Departure of the true contour from the ellipse as C grows, in four of the planes.", chart});
}

/// Draws the level at which every plane fails and, on the diagonal, every eigenvector alone.
void draw_levels(Findings& findings, const Sections& sections) {
    const auto count = static_cast<int64_t>(sections.alone.size());
    Tensor map = at::full({count, count}, std::numeric_limits<double>::quiet_NaN(), at::kDouble);
    const auto place = [&](int64_t rank) {
        return std::ranges::find(sections.alone, rank, &Section::i) - sections.alone.begin();
    };
    for (const std::vector<Section>* list : {&sections.alone, &sections.planes}) {
        for (const Section& section : *list) {
            if (!section.fails) continue;
            const int64_t i = place(section.i), j = place(section.j);
            map[i][j] = map[j][i] = std::log10(*section.fails);
        }
    }
    findings.parts.push_back(
        Picture{"failing_levels",
                "Where the picture fails, for every plane of two eigenvectors, numbered by falling eigenvalue; on the "
                "diagonal along one alone. White: not within the levels looked at.",
                evaluation::HeatMap{"The level at which the ellipse is 10 % wrong", "log10 of (C - E*) / E*", map,
                                    /*first=*/1}});
}

void list_eigenvectors(Findings& findings, const Surface& s, const Sections& sections) {
    std::vector<std::vector<std::string>> rows = {{"eigenvector", "eigenvalue", "alone it fails at (C - E*) / E*",
                                                   "by its third derivative at", "planes with it"}};
    for (const Section& one : sections.alone) {
        rows.push_back({std::to_string(one.i + 1), fmt::format("{:.3g}", s.eigen.values[one.i].item<double>()),
                        level_text(one.level()), fmt::format("{:.2g}", level_by_third_derivative(s, one.i)),
                        to_text(range_of(sections.planes, [&](const Section& p) { return p.contains(one.i); }))});
    }
    findings.parts.push_back(Grid{rows});
}

/// "13 (eigenvalue 6e-07)", or "12, 13 (…)" with the largest of their eigenvalues.
std::string told(const Surface& s, const std::vector<int64_t>& ranks) {
    std::vector<int64_t> numbers;
    for (const int64_t rank : ranks) numbers.push_back(rank + 1);
    return fmt::format("{} (eigenvalue {:.2g}{})", fmt::join(numbers, ", "),
                       s.eigen.values[ranks.front()].item<double>(), ranks.size() > 1 ? " at most" : "");
}

void claim_range(Findings& findings, const Surface& s, const Sections& sections) {
    constexpr double kTwiceAsHigh = 1;  // (C - E*) / E*
    const auto never = std::ranges::count_if(sections.planes, [](const Section& p) { return std::isinf(p.level()); });
    const Blame blame = blame_by(sections, kTwiceAsHigh);
    const Cause cause = cause_of(sections);
    std::string measured = fmt::format(
        "of {} planes {} are 10 % wrong at (C - E*) / E* = {:g} or before, and {} are not even at {:.2g}. Planes with "
        "eigenvector {}, the first to fail alone, fail at {}, all others at {}",
        sections.planes.size(), blame.failing, kTwiceAsHigh, never, highest_level(), told(s, {cause.weakest}),
        to_text(cause.with), to_text(cause.without));
    if (!blame.weak.empty()) {
        measured += fmt::format(". {} of the {} hold one of the eigenvectors that fail alone by then, {}",
                                blame.explained, blame.failing, told(s, blame.weak));
        measured += blame.spared == 0 ? ", and every plane with one of them fails"
                                      : fmt::format("; {} planes with one of them do not fail", blame.spared);
    }
    findings.claims.push_back({"Contours are ellipses as far as levels twice as high as the minimum", measured,
                               holds(!sections.planes.empty() && blame.failing == 0)});
    const std::string all = fmt::format("of {}", sections.planes.size());
    findings.figures.push_back(
        {"planes that fail where C is twice as high as the minimum", static_cast<double>(blame.failing), all});
    findings.figures.push_back({fmt::format("planes that do not fail up to {:.2g} times E* above it", highest_level()),
                                static_cast<double>(never), all});
    findings.figures.push_back(
        {"a plane's level over that of the weaker of its eigenvectors alone, the farthest", cause.farthest, "times"});
    findings.figures.push_back(
        {"planes that fail though neither of their eigenvectors does alone", static_cast<double>(cause.together), all});
}

void tell_contours(Findings& findings, const QuadraticErrorOptions& o, const Surface& s, double lowest) {
    const Sections sections = look_everywhere(s, o.angles, lowest);
    findings.parts.push_back(Heading{"The ellipse and the true contour"});
    findings.parts.push_back(Text{fmt::format(
        "In the plane of two eigenvectors the contour E = C is looked for along {} rays, in all {} planes of {} of the "
        "{} eigenvectors. The departure is the mean distance of contour and ellipse along a ray, on the scale of the "
        "ellipse; the quadratic picture fails where it reaches {:g} %. Levels looked at lie a factor of {:.2g} apart; "
        "between two of them a straight line of logarithms is taken.",
        o.angles, sections.planes.size(), sections.alone.size(), s.dimensions(), 100 * kFails, level_ratio())});
    if (s.curved() < s.dimensions()) {
        findings.parts.push_back(Text{fmt::format(
            "{} of the eigenvectors are flat: their eigenvalues are less than {:g} of the largest. Along them the "
            "error does not reach any C that is looked at, and the ellipsoid has no end; they are left out below.",
            s.dimensions() - s.curved(), kFlat)});
    }
    draw_growth(findings, s, sections);
    draw_levels(findings, sections);
    findings.parts.push_back(
        Text{"Along one eigenvector the contour is two points, and if the error had three derivatives and no more, "
             "they would be wrong by |c| √B / (6 λ^1.5), c the third: a level in proportion to λ³ / c², so that flat "
             "directions fail first. Where the columns differ, higher derivatives act."});
    list_eigenvectors(findings, s, sections);
    double closest = 0;
    for (const Section& plane : sections.planes) closest = worse(closest, plane.growth.departures.front());
    findings.checks.push_back({fmt::format("departure at (C - E*) / E* = {:.2g}, worst plane", lowest), closest, 2e-2,
                               "of the ellipse's radius"});
    findings.claims.push_back({"The contour of a level is an ellipse close to the minimum",
                               fmt::format("mean departure {:.1e} at most at (C - E*) / E* = {:.2g}", closest, lowest),
                               holds(!sections.planes.empty() && findings.checks.back().passed())});
    claim_range(findings, s, sections);
    for (const auto& [i, j] : drawn_planes(s)) {
        const Section& plane = sections.plane(i, j);
        if (plane.fails) {
            findings.figures.push_back(
                {"level where the picture fails, plane of " + name_of(plane), *plane.fails, "(C - E*) / E*"});
        }
        draw_plane(findings, o, s, plane);
    }
}

/// The number of directions of each kind in a Hessian.
struct Kinds {
    int64_t up = 0, flat = 0, down = 0;  ///< curved upwards, not curved, curved downwards
};

Kinds kinds_of(const Tensor& eigenvalues) {
    const double flat = kFlat * eigenvalues.abs().max().item<double>();
    Kinds kinds;
    for (int64_t i = 0; i < eigenvalues.numel(); ++i) {
        const double lambda = eigenvalues[i].item<double>();
        ++(lambda > flat ? kinds.up : lambda < -flat ? kinds.down : kinds.flat);
    }
    return kinds;
}

/// The parameters of a larger network before its minimum: after a few steps of gradient descent.
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
                        : lambda < -flat ? "none: curved downwards"
                                         : "none: flat"});
    };
    for (int64_t i = 0; i < std::min(o.leading, ritz.numel()); ++i)
        add_row(std::to_string(i + 1), ritz[i].item<double>());
    add_row("smallest", ritz[-1].item<double>());
    findings.parts.push_back(Text{fmt::format(
        "{} parameters after 200 steps of gradient descent: {} products with the Hessian give its leading eigenvalues "
        "and the smallest, which is below zero where the error is curved downwards in some direction. Such a direction "
        "has no axis. Whether the error itself rises or falls there, the gradient decides.",
        count, steps)});
    findings.parts.push_back(Grid{rows});
    constexpr int64_t kAffordable = 3000;
    if (count > kAffordable) return;
    const Tensor full = eigen_of(hessian(error, w)).values;
    const Kinds kinds = kinds_of(full);
    findings.parts.push_back(
        Text{fmt::format("In {} directions of the full Hessian's eigenvectors the error is curved upwards, in {} it is "
                         "flat (within {:g} of the largest eigenvalue), in {} it is curved downwards.",
                         kinds.up, kinds.flat, kFlat, kinds.down)});
    findings.checks.push_back({"leading eigenvalue of the larger network by Lanczos against its full Hessian",
                               std::abs(ritz[0].item<double>() / full[0].item<double>() - 1), 1e-8, "relative"});
    findings.figures.push_back(
        {"directions in which the larger network's error is curved downwards", static_cast<double>(kinds.down), ""});
    findings.figures.push_back({"directions in which it is flat", static_cast<double>(kinds.flat), ""});
    findings.claims.push_back({"Away from a minimum the quadratic form is an ellipsoid too",
                               fmt::format("of {1} directions {0} are curved upwards, {2} flat, {3} downwards",
                                           kinds.up, count, kinds.flat, kinds.down),
                               holds(kinds.flat + kinds.down == 0)});
}

bool is_network(const Numbers& units) {
    return units.size() >= 2;
}

}  // namespace

void QuadraticErrorOptions::describe(core::config::Description<QuadraticErrorOptions>& d) {
    describe_common(d);
    d.field("units", &QuadraticErrorOptions::units,
            "Units per layer of the network at its minimum: inputs, hidden layers, outputs")
        .at_least(1)
        .at_most(32);
    d.field("points", &QuadraticErrorOptions::points, "Number of points that the network is fitted to")
        .at_least(2)
        .at_most(100'000);
    d.field("noise", &QuadraticErrorOptions::noise,
            "Standard deviation of the noise on the points. Without noise, E* may be zero")
        .greater_than(0)
        .at_most(100);
    d.field("starts", &QuadraticErrorOptions::starts,
            "Number of starting points from which a minimum is searched. The lowest minimum counts")
        .at_least(1)
        .at_most(10'000);
    d.field("angles", &QuadraticErrorOptions::angles, "Number of rays along which a contour is searched")
        .at_least(8)
        .at_most(10'000);
    d.field("large_units", &QuadraticErrorOptions::large_units,
            "Units per layer of the larger network: inputs, hidden layers, outputs")
        .at_least(1)
        .at_most(512);
    d.field("leading", &QuadraticErrorOptions::leading,
            "Number of the larger network's eigenvalues that are shown, largest first")
        .at_least(1)
        .at_most(100);
    d.check([](const QuadraticErrorOptions& o, core::config::Problems& problems) {
        const std::string remedy = "give inputs, hidden layers and outputs, such as [1, 4, 1]";
        if (!is_network(o.units)) problems.add("units", "no network", remedy);
        if (!is_network(o.large_units)) problems.add("large_units", "no network", remedy);
        constexpr int64_t kMost = 500;
        if (is_network(o.units) && parameters_of(o.units) > kMost) {
            problems.add("units",
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
    const double lowest = lowest_level(surface);
    tell_minimum(findings, options, surface, lowest);
    tell_contours(findings, options, surface, lowest);
    tell_large(findings, options);
    return findings;
}

}  // namespace kaziranga::studies
