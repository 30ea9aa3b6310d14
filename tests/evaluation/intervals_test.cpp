#include "evaluation/intervals.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

TEST(StudentT, HasTheQuantilesOfScipy) {
    struct Known {
        double p;
        int64_t degrees;
        double t;
    };
    // scipy.stats.t.ppf(p, degrees), SciPy 1.x
    for (const auto& [p, degrees, t] :
         {Known{0.975, 1, 12.7062047361747}, Known{0.975, 2, 4.30265272974946}, Known{0.975, 3, 3.18244630528371},
          Known{0.975, 4, 2.77644510519779}, Known{0.95, 5, 2.01504837333302}, Known{0.995, 9, 3.24983554159213},
          Known{0.975, 30, 2.04227245630124}, Known{0.9, 101, 1.28998980856797}, Known{0.999999, 2, 707.105720515767},
          Known{0.6, 7, 0.263166861352023}}) {
        EXPECT_NEAR(student_t_quantile(p, degrees), t, 1e-9 * t) << p << " of " << degrees;
        EXPECT_NEAR(student_t_quantile(1 - p, degrees), -t, 1e-6 * t) << p << " of " << degrees;
    }
    EXPECT_NEAR(student_t_quantile(0.5, 3), 0, 1e-12);
}

TEST(StudentT, BecomesTheNormalDistribution) {
    EXPECT_NEAR(normal_quantile(0.975), 1.95996398454005, 1e-12);
    EXPECT_NEAR(normal_quantile(0.1), -1.2815515655446, 1e-12);
    EXPECT_NEAR(student_t_quantile(0.975, 10'000'000), normal_quantile(0.975), 1e-6);
}

TEST(StudentInterval, IsThatOfScipy) {
    const Interval interval = student_interval({70.5, 71.25, 69.75, 72.0}, 0.95);
    EXPECT_DOUBLE_EQ(interval.mean, 70.875);
    EXPECT_NEAR(interval.low(), 69.3343048074296, 1e-9);
    EXPECT_NEAR(interval.high(), 72.4156951925704, 1e-9);
}

TEST(StudentInterval, OfTwoValuesByHand) {
    // Half the distance is the standard error of two values; t of one degree is 12.706.
    const Interval interval = student_interval({1, 2}, 0.95);
    EXPECT_DOUBLE_EQ(interval.mean, 1.5);
    EXPECT_NEAR(interval.half_width, 0.5 * 12.7062047361747, 1e-9);
    EXPECT_LT(student_interval({1, 2}, 0.9).half_width, interval.half_width);
}

TEST(Intervals, MoveWithTheirValues) {
    const std::vector<double> values = {3, 1, 4, 1, 5, 9, 2, 6};
    for (const double shift : {-2.5, 100.0}) {
        std::vector<double> shifted;
        for (const double value : values) shifted.push_back(value + shift);
        for (const auto& interval_of : {student_interval, normal_interval}) {
            EXPECT_NEAR(interval_of(shifted, 0.9).mean, interval_of(values, 0.9).mean + shift, 1e-10);
            EXPECT_NEAR(interval_of(shifted, 0.9).half_width, interval_of(values, 0.9).half_width, 1e-10);
        }
    }
}

TEST(NormalInterval, OfPairedImagesByHand) {
    // Three images won, one lost, six alike: mean 0.2, squares 3·0.64 + 1.44 + 6·0.04 = 3.6, standard error
    // √(3.6/9/10).
    const Interval interval = normal_interval({1, 1, 0, -1, 0, 0, 1, 0, 0, 0}, 0.95);
    EXPECT_NEAR(interval.mean, 0.2, 1e-15);
    EXPECT_NEAR(interval.half_width, 1.95996398454005 * 0.2, 1e-12);
}

TEST(ShareInterval, IsTheBinomialsNormalApproximation) {
    const Interval interval = share_interval(0.5, 100, 0.95);
    EXPECT_DOUBLE_EQ(interval.mean, 0.5);
    EXPECT_NEAR(interval.half_width, 1.95996398454005 * 0.05, 1e-12);
    EXPECT_EQ(share_interval(1, 10, 0.95).half_width, 0);
}

}  // namespace
}  // namespace kaziranga::evaluation
