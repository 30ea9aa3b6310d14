#include "evaluation/variance_components.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <c10/util/Exception.h>

namespace kaziranga::evaluation {
namespace {

/// A part of the variance of the mean, and its degrees of freedom.
struct Part {
    double variance = 0;
    double degrees = 1;  ///< of freedom
};

double square(double value) {
    return value * value;
}

/// @return a + b − shared, but not less than a or b
Part sum(const Part& a, const Part& b, const Part& shared) {
    const Part& larger = a.variance < b.variance ? b : a;
    const double variance = a.variance + b.variance - shared.variance;
    if (variance <= larger.variance) return larger;
    double weighted = 0;
    for (const Part& part : {a, b, shared}) weighted += square(part.variance) / part.degrees;
    return {variance, square(variance) / weighted};
}

Interval interval_of(double mean, const Part& part, double confidence) {
    const auto degrees = std::max<int64_t>(1, static_cast<int64_t>(std::floor(part.degrees)));
    return {mean, std::sqrt(part.variance) * student_t_quantile((1 + confidence) / 2, degrees)};
}

/// The index of `number` among `sorted` ones.
size_t place(const std::vector<uint64_t>& sorted, uint64_t number) {
    return static_cast<size_t>(std::lower_bound(sorted.begin(), sorted.end(), number) - sorted.begin());
}

std::vector<uint64_t> sorted_once(std::vector<uint64_t> numbers) {
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

/// Images of one class.
struct Stratum {
    double images = 0;   ///< number of images
    double share = 0;    ///< weight in the mean
    double squares = 0;  ///< sum of squared deviations from the mean of the class
};

/// Variance of the mean of strata. The squares of a stratum have `times` (images − 1) degrees of freedom, and the
/// variance of its mean is divided by its images and by `over`. A single image gives no variance for its class: it gets
/// the average of the others.
std::optional<Part> stratified(const std::vector<Stratum>& strata, double times, double over) {
    double squares = 0, degrees = 0;
    for (const Stratum& s : strata) {
        if (s.images < 2) continue;
        squares += s.squares;
        degrees += times * (s.images - 1);
    }
    if (degrees == 0) return std::nullopt;
    Part part;
    double weighted = 0;
    for (const Stratum& s : strata) {
        if (s.images == 0) continue;
        const double own = times * (s.images - 1);
        const double variance = square(s.share) / (s.images * over) * (own > 0 ? s.squares / own : squares / degrees);
        part.variance += variance;
        weighted += square(variance) / (own > 0 ? own : degrees);
    }
    part.degrees = weighted > 0 ? square(part.variance) / weighted : degrees;
    return part;
}

/// The values, with images and classes numbered from 0, and all sums that the estimates need.
class Table {
  public:
    explicit Table(const std::vector<Draw>& draws) : draws_(draws) {
        const JudgedImages& first = *draws.front().images;
        same_images_ = std::all_of(draws.begin(), draws.end(), [&](const Draw& draw) {
            return draw.images == draws.front().images || *draw.images == first;
        });
        number_classes();
        number_images();
        add_up();
    }

    bool same_images() const { return same_images_; }
    double mean() const { return mean_; }
    size_t classes() const { return classes_.size(); }

    Part of_draws() const {
        double squares = 0;
        for (const double mean : means_) squares += square(mean - mean_);
        return {squares / (count() * (count() - 1)), count() - 1};
    }

    std::optional<Part> of_images() const { return stratified(image_strata(), 1, 1); }

    /// The interaction of a draw and an image, for draws with the same images.
    Part of_pairs_with_images() const {
        std::vector<Stratum> strata = image_strata();
        for (Stratum& s : strata) s.squares *= -count();
        for (size_t j = 0; j < draws_.size(); ++j) {
            for (size_t i = 0; i < draws_[j].values.size(); ++i) {
                const size_t c = class_of_[images_[j][i]];
                strata[c].squares += square(draws_[j].values[i] - cells_[j][c].sum / cells_[j][c].count);
            }
        }
        for (Stratum& s : strata) s.squares = std::max(0.0, s.squares);  // negative only by rounding
        return stratified(strata, count() - 1, count()).value_or(Part{});
    }

    Part of_classes() const {
        double squares = 0;
        for (size_t c = 0; c < classes(); ++c) squares += square(deviation(c));
        return {squares * of_clusters(), static_cast<double>(classes() - 1)};
    }

    Part of_pairs_with_classes() const {
        double squares = 0;
        for (size_t j = 0; j < draws_.size(); ++j) {
            for (size_t c = 0; c < classes(); ++c) squares += square(deviation(j, c) - deviation(c));
        }
        return {squares * of_clusters() / (count() * (count() - 1)),
                static_cast<double>(classes() - 1) * (count() - 1)};
    }

  private:
    struct Cell {
        double sum = 0, count = 0;
    };

    double count() const { return static_cast<double>(draws_.size()); }
    double of_clusters() const { return static_cast<double>(classes()) / static_cast<double>(classes() - 1); }

    void number_classes() {
        std::vector<uint64_t> all;
        for (size_t j = 0; j < (same_images_ ? 1 : draws_.size()); ++j) {
            const std::vector<uint64_t>& own = draws_[j].images->classes;
            all.insert(all.end(), own.begin(), own.end());
        }
        classes_ = sorted_once(std::move(all));
    }

    void number_images() {
        std::vector<uint64_t> all = draws_.front().images->names;
        if (!same_images_) {
            for (const Draw& draw : draws_) all.insert(all.end(), draw.images->names.begin(), draw.images->names.end());
            all = sorted_once(std::move(all));
        }
        class_of_.resize(all.size());
        for (const Draw& draw : draws_) {
            const JudgedImages& own = *draw.images;
            TORCH_CHECK(
                own.names.size() == own.classes.size() && own.names.size() == draw.values.size() && !own.names.empty(),
                "a class and a value for each image of a draw");
            images_.emplace_back(own.names.size());
            for (size_t i = 0; i < own.names.size(); ++i) {
                const size_t image = same_images_ ? i : place(all, own.names[i]);
                images_.back()[i] = image;
                class_of_[image] = place(classes_, own.classes[i]);
            }
        }
    }

    void add_up() {
        weight_.resize(class_of_.size());
        sum_.resize(class_of_.size());
        for (size_t j = 0; j < draws_.size(); ++j) {
            const std::vector<double>& values = draws_[j].values;
            const double weight = 1 / (count() * static_cast<double>(values.size()));
            std::vector<Cell> cells(classes());
            double total = 0;
            for (size_t i = 0; i < values.size(); ++i) {
                const size_t image = images_[j][i];
                weight_[image] += weight;
                sum_[image] += weight * values[i];
                cells[class_of_[image]].sum += values[i];
                ++cells[class_of_[image]].count;
                total += values[i];
            }
            means_.push_back(total / static_cast<double>(values.size()));
            mean_ += means_.back() / count();
            cells_.push_back(std::move(cells));
        }
    }

    /// The strata of the images' means over their draws.
    std::vector<Stratum> image_strata() const {
        std::vector<Stratum> strata(classes());
        std::vector<double> sums(classes());
        for (size_t image = 0; image < class_of_.size(); ++image) {
            ++strata[class_of_[image]].images;
            strata[class_of_[image]].share += weight_[image];
            sums[class_of_[image]] += sum_[image];
        }
        for (size_t image = 0; image < class_of_.size(); ++image) {
            Stratum& s = strata[class_of_[image]];
            const double deviation = sum_[image] - weight_[image] * sums[class_of_[image]] / s.share;
            s.squares += square(deviation * s.images / s.share);
        }
        return strata;
    }

    double deviation(size_t j, size_t c) const {
        return (cells_[j][c].sum - cells_[j][c].count * means_[j]) / static_cast<double>(draws_[j].values.size());
    }
    double deviation(size_t c) const {
        double mean = 0;
        for (size_t j = 0; j < draws_.size(); ++j) mean += deviation(j, c) / count();
        return mean;
    }

    const std::vector<Draw>& draws_;
    bool same_images_ = true;
    std::vector<uint64_t> classes_;            // sorted
    std::vector<size_t> class_of_;             // of each image
    std::vector<std::vector<size_t>> images_;  // of each draw and value
    std::vector<double> weight_, sum_;         // of each image: weight in the mean, weighted sum of its values
    std::vector<std::vector<Cell>> cells_;     // of each draw and class
    std::vector<double> means_;                // of each draw
    double mean_ = 0;
};

}  // namespace

Spread spread_of(const std::vector<Draw>& draws, double judged_per_trained, double confidence) {
    TORCH_CHECK(!draws.empty(), "a spread takes a draw");
    const Table table(draws);
    Spread spread{.same_images = table.same_images(), .mean = table.mean()};
    const std::optional<Part> images = table.of_images();
    if (images) spread.se_images = std::sqrt(images->variance);
    const bool has_classes = table.classes() > 1;
    if (has_classes) spread.se_classes = std::sqrt(table.of_classes().variance);
    if (draws.size() < 2) return spread;

    const auto count = static_cast<double>(draws.size());
    const Part of_draws = table.of_draws();
    spread.sd_draws = std::sqrt(of_draws.variance * count);
    if (spread.same_images ? !images : judged_per_trained <= 0) return spread;
    Part same = of_draws;
    if (spread.same_images) {
        same = sum(of_draws, *images, table.of_pairs_with_images());
    } else {
        same.variance *= 1 + count * judged_per_trained;  // Nadeau and Bengio
    }
    spread.se_same_classes = std::sqrt(same.variance);
    spread.same_classes = interval_of(table.mean(), same, confidence);
    if (!has_classes) return spread;

    Part other = sum(spread.same_images ? of_draws : same, table.of_classes(), table.of_pairs_with_classes());
    if (other.variance < same.variance) other = same;
    spread.se_other_classes = std::sqrt(other.variance);
    spread.other_classes = interval_of(table.mean(), other, confidence);
    // With few draws, Student's t can be so much larger for the smaller variance that the order of the widths reverses.
    spread.other_classes->half_width = std::max(spread.other_classes->half_width, spread.same_classes->half_width);
    return spread;
}

}  // namespace kaziranga::evaluation
