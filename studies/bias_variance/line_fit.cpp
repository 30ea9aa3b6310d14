#include "studies/bias_variance/line_fit.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <c10/util/Exception.h>

namespace kaziranga::studies {
namespace {

/// (x - c)^a f^b, to be summed over the points.
struct Factor {
    int a = 0, b = 0;
};
constexpr Factor kU{1, 0}, kV{0, 1}, kW{1, 1}, kQ{2, 0};

/// A number times a product of sums.
struct Term {
    double number = 0;
    std::vector<Factor> sums;
};
using Polynomial = std::vector<Term>;

Polynomial operator*(const Polynomial& p, const Polynomial& q) {
    Polynomial product;
    for (const Term& x : p) {
        for (const Term& y : q) {
            Term term{x.number * y.number, x.sums};
            term.sums.insert(term.sums.end(), y.sums.begin(), y.sums.end());
            product.push_back(std::move(term));
        }
    }
    return product;
}

constexpr int kPowersOfX = 5, kPowersOfF = 3;  ///< powers 0 to 4 and 0 to 2 occur

/// Means over x in [0, 1] of (x - c)^a f^b exp(-s (x - c)²); `weight` is the first, and divides all others.
struct Moments {
    double weight = 0;
    std::array<std::array<double, kPowersOfF>, kPowersOfX> of{};

    Moments(const std::vector<double>& f, double s, double c) {
        const auto nodes = static_cast<double>(f.size());
        for (size_t i = 0; i < f.size(); ++i) {
            const double u = (static_cast<double>(i) + 0.5) / nodes - c;
            double power = std::exp(-s * u * u) / nodes;
            weight += power;
            for (auto& row : of) {
                row[0] += power;
                row[1] += power * f[i];
                row[2] += power * f[i] * f[i];
                power *= u;
            }
        }
        for (auto& row : of) {
            for (double& moment : row) moment = weight > 0 ? moment / weight : 0;
        }
    }
};

/// The mean of a product of sums over n independent points. Factors at the same point form a block.
double mean_of(const std::vector<Factor>& sums, size_t next, std::vector<Factor>& blocks, const Moments& moments,
               int64_t n) {
    if (next == sums.size()) {
        double product = 1;
        for (size_t k = 0; k < blocks.size(); ++k) {
            product *= static_cast<double>(n - static_cast<int64_t>(k)) *
                       moments.of[static_cast<size_t>(blocks[k].a)][static_cast<size_t>(blocks[k].b)];
        }
        return product;
    }
    const Factor factor = sums[next];
    double sum = 0;
    for (size_t k = 0; k < blocks.size(); ++k) {  // by index: the list may be reallocated
        const Factor block = blocks[k];
        blocks[k] = {block.a + factor.a, block.b + factor.b};
        sum += mean_of(sums, next + 1, blocks, moments, n);
        blocks[k] = block;
    }
    blocks.push_back(factor);
    sum += mean_of(sums, next + 1, blocks, moments, n);
    blocks.pop_back();
    return sum;
}

double mean_of(const Polynomial& polynomial, const Moments& moments, int64_t n) {
    std::vector<Factor> blocks;
    double sum = 0;
    for (const Term& term : polynomial) sum += term.number * mean_of(term.sums, 0, blocks, moments, n);
    return sum;
}

/// Means over the points, with f the truth, b = A / D the slope and h the mean of x minus 1/2.
struct Means {
    double b = 0, b2 = 0;    ///< b and b² of the truth without noise
    double v_b_h = 0;        ///< (Σ f / n) b h
    double b2_h2 = 0;        ///< b² h²
    double s = 0, s_h2 = 0;  ///< S / D² and S h² / D²
};

Means means_of(const LineProblem& problem, const std::vector<double>& f) {
    const int64_t n = problem.points;
    const auto count = static_cast<double>(n);
    const Polynomial a = {{1, {kW}}, {-1 / count, {kU, kV}}}, v = {{1 / count, {kV}}};
    const Polynomial scatter = {{1, {kQ}}, {-1 / count, {kU, kU}}}, a2 = a * a;
    Means means;
    // The trapezoidal rule is accurate to many digits for smooth functions that vanish at both ends.
    constexpr double kFirst = -18, kLast = 10, kStep = 0.2;  // of the logarithm of s
    constexpr int kCentres = 160;
    for (double log_s = kFirst; log_s <= kLast; log_s += kStep) {
        const double s = std::exp(log_s), width = 1 / std::sqrt(2 * count * s);
        constexpr double kFaded = 7;  // standard deviations
        const double reach = 0.5 + kFaded * width, between = 2 * reach / kCentres;
        const double scale =
            std::sqrt(count * s / std::numbers::pi) * between * std::exp(-s * count * problem.weight_decay) * kStep * s;
        for (int k = 0; k <= kCentres; ++k) {
            const double c = 0.5 - reach + k * between;
            const Moments moments(f, s, c);
            const double weight = scale * std::pow(moments.weight, count);
            if (weight == 0) continue;
            const Polynomial h = {{1 / count, {kU}}, {c - 0.5, {}}}, h2 = h * h;
            means.b += weight * mean_of(a, moments, n);
            means.v_b_h += weight * mean_of(v * a * h, moments, n);
            means.b2 += weight * s * mean_of(a2, moments, n);
            means.b2_h2 += weight * s * mean_of(a2 * h2, moments, n);
            means.s += weight * s * mean_of(scatter, moments, n);
            means.s_h2 += weight * s * mean_of(scatter * h2, moments, n);
        }
    }
    return means;
}

}  // namespace

ExpectedLine expected_line(const LineProblem& problem, int64_t places) {
    TORCH_CHECK(problem.points >= kLeastPoints, "too few points for the quadrature");
    constexpr int kNodes = 400;  // of x
    std::vector<double> f;
    double f2 = 0;
    for (int i = 0; i < kNodes; ++i) {
        f.push_back(problem.truth((i + 0.5) / kNodes));
        f2 += f.back() * f.back() / kNodes;
    }
    const Means means = means_of(problem, f);
    const auto count = static_cast<double>(problem.points);
    const double noise2 = problem.noise * problem.noise;
    ExpectedLine line{.slope = means.b};
    double spread = 0;  // mean of (x - 1/2)² over the places
    for (int64_t i = 0; i < places; ++i) {
        const double x = (static_cast<double>(i) + 0.5) / static_cast<double>(places);
        const double off = line.slope * (x - 0.5) - problem.truth(x);
        line.bias2 += off * off / static_cast<double>(places);
        spread += (x - 0.5) * (x - 0.5) / static_cast<double>(places);
    }
    // The height at 1/2 is the labels' mean minus b h. Height and slope are uncorrelated, by symmetry.
    const double height = f2 / count - 2 * means.v_b_h + means.b2_h2 + noise2 * (1 / count + means.s_h2);
    const double slope = means.b2 - means.b * means.b + noise2 * means.s;
    line.variance = height + slope * spread;
    return line;
}

}  // namespace kaziranga::studies
