#include "studies/bias_variance/trend.hpp"

#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using evaluation::Interval;

/// Means whose differences have one half width.
Course course_of(const std::vector<double>& means, double half_width) {
    Course course{.means = means};
    for (size_t i = 0; i < means.size(); ++i) course.values.push_back(static_cast<double>(i));
    course.change = [=](size_t later, size_t earlier) { return Interval{means[later] - means[earlier], half_width}; };
    return course;
}

TEST(Trend, IsOfTheWholeAndRefutedByASingleStep) {
    EXPECT_EQ(trend("it falls", course_of({3, 2, 1}, 0.5), true, 0.95).verdict, Verdict::kSupported);
    EXPECT_EQ(trend("it falls", course_of({1, 2, 3}, 0.5), true, 0.95).verdict, Verdict::kNotSupported);
    EXPECT_EQ(trend("it falls", course_of({3, 1, 2}, 0.5), true, 0.95).verdict, Verdict::kNotSupported);
    EXPECT_EQ(trend("it falls", course_of({1.1, 1.2, 1}, 0.5), true, 0.95).verdict, Verdict::kUndecided);
    const Claim flat = trend("it rises", course_of({1, 2, 2.1}, 0.5), false, 0.95);
    EXPECT_EQ(flat.verdict, Verdict::kSupported);
    EXPECT_TRUE(flat.measured.ends_with("; steps that show that it rises: 0 to 1; undecided: 1 to 2")) << flat.measured;
    const Claim refuted = trend("it falls", course_of({3, 1, 2}, 0.5), true, 0.95);
    EXPECT_TRUE(refuted.measured.ends_with("; steps that show that it falls: 0 to 1; the other way: 1 to 2"))
        << refuted.measured;
    EXPECT_TRUE(
        trend("it falls", course_of({3, 2, 1}, 0.5), true, 0.95).measured.ends_with("; it falls at every step"));
}

/// Steps are judged more widely than the whole: a step of 1.1 half widths refutes nothing where there are two.
TEST(Trend, AllowsForTheNumberOfSteps) {
    EXPECT_EQ(trend("it falls", course_of({3, 1, 1.55}, 0.5), true, 0.95).verdict, Verdict::kSupported);
}

TEST(Trend, OfLearnersThatAreNotTrainedIsNotJudged) {
    Course course = course_of({3, 2, 1}, 0.5);
    course.untrained = {"13 of 100 networks did not come to a minimum"};
    const Claim claim = trend("it falls", course, true, 0.95);
    EXPECT_EQ(claim.verdict, Verdict::kUndecided);
    EXPECT_EQ(claim.measured, "not judged: 13 of 100 networks did not come to a minimum");
}

}  // namespace
}  // namespace kaziranga::studies
