#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/random.hpp"
#include "training/heads/fold_moments.hpp"
#include "training/heads/lbfgs_memory.hpp"
#include "training/heads/lda.hpp"
#include "training/heads/logistic.hpp"
#include "training/heads/principal_axes.hpp"
#include "training/heads/prototype.hpp"
#include "training/heads/ridge.hpp"
#include "training/heads/standardisation.hpp"

#include <cmath>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

at::Tensor normal(at::IntArrayRef shape, uint64_t number) {
    core::RandomStream stream(1, core::Purpose::kTest, {number});
    at::Tensor values = at::empty(shape, at::kDouble);
    for (int64_t i = 0; i < values.numel(); ++i) values.data_ptr<double>()[i] = stream.normal();
    return values;
}

/// Noise around the class means, features of unlike scales, the last one constant; every class has a row.
WeightedRows make_rows(int64_t count, int64_t columns, int64_t classes, bool weighted) {
    const at::Tensor y = at::arange(count).remainder(classes);
    const at::Tensor noise = normal({count, columns}, 1) + normal({classes, columns}, 2).index_select(0, y);
    const at::Tensor x = noise * at::arange(1, columns + 1, at::kDouble).rsqrt() + 1;
    x.select(1, columns - 1).fill_(3);
    return {x.to(at::kFloat), y, classes, weighted ? at::arange(count, at::kDouble).remainder(4) : at::Tensor()};
}

/// The rows, each as often as its weight says.
WeightedRows repeated(const WeightedRows& rows) {
    std::vector<int64_t> which;
    for (int64_t i = 0; i < rows.w.size(0); ++i) {
        which.insert(which.end(), static_cast<size_t>(rows.w[i].item<double>()), i);
    }
    const at::Tensor index = at::tensor(which, at::kLong);
    return {rows.x.index_select(0, index), rows.y.index_select(0, index), rows.classes};
}

double difference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

void expect_same_map(const LinearMap& a, const LinearMap& b, double tolerance) {
    EXPECT_LT(difference(a.weight, b.weight), tolerance * b.weight.abs().max().item<double>());
    EXPECT_LT(difference(a.bias, b.bias), tolerance * b.bias.abs().max().item<double>());
}

/// Ridge by the normal equations of columns and a column of ones; `alpha` multiplies |W|^2.
LinearMap normal_equations(const WeightedRows& rows, double alpha) {
    const at::Tensor x = rows.x.to(at::kDouble);
    const int64_t columns = x.size(1);
    const at::Tensor design = at::cat({x, at::ones({x.size(0), 1}, at::kDouble)}, 1);
    const at::Tensor penalty = at::eye(columns + 1, at::kDouble) * alpha;
    penalty[columns][columns] = 0;
    const at::Tensor weighted = (design * rows.w.unsqueeze(1)).t();
    const at::Tensor solved = at::linalg_solve(weighted.matmul(design) + penalty, weighted.matmul(rows.one_hot()));
    return {solved.narrow(0, 0, columns).t(), solved[columns]};
}

double ridge_alpha(const WeightedRows& rows, double penalty) {
    const at::Tensor x = rows.x.to(at::kDouble), share = rows.w / rows.w.sum();
    const at::Tensor variance = share.matmul((x - share.matmul(x)).square());
    return penalty * rows.w.sum().item<double>() * variance.mean().item<double>();
}

struct Shape {
    int64_t rows, columns, group_size;
    bool weighted;
};

class RidgeOf : public testing::TestWithParam<Shape> {};

TEST_P(RidgeOf, SolvesTheNormalEquations) {
    const auto [count, columns, group_size, weighted] = GetParam();
    const WeightedRows rows = make_rows(count, columns, 3, weighted);
    for (const double penalty : {1e-3, 1.0}) {
        expect_same_map(solve_ridge(RowMoments::of(rows), penalty), normal_equations(rows, ridge_alpha(rows, penalty)),
                        1e-8);
    }
}

TEST_P(RidgeOf, LeavesOutAsARefitWould) {
    const auto [count, columns, group_size, weighted] = GetParam();
    const WeightedRows rows = make_rows(count, columns, 3, weighted);
    for (const double penalty : {1e-3, 1.0}) {
        const at::Tensor scores = RidgeLeaveOut(rows, group_size).scores(penalty);
        for (int64_t begin = 0; begin < count; begin += group_size) {
            const at::Tensor w = rows.w.clone();
            w.narrow(0, begin, group_size).zero_();
            const LinearMap refit = normal_equations({rows.x, rows.y, 3, w}, ridge_alpha(rows, penalty));
            const at::Tensor expected = refit.logits(rows.x.narrow(0, begin, group_size));
            EXPECT_LT(difference(scores.narrow(0, begin, group_size), expected), 1e-8) << begin;
        }
    }
}

/// Also where float32 has no digits left of what an image does not fix itself.
TEST_P(RidgeOf, LeavesOutInSinglePrecisionToo) {
    const auto [count, columns, group_size, weighted] = GetParam();
    const WeightedRows rows = make_rows(count, columns, 3, weighted);
    for (const double penalty : {1e-6, 1e-4, 1.0}) {
        const at::Tensor scores = RidgeLeaveOut(RotatedRows(rows, at::kFloat), group_size).scores(penalty);
        EXPECT_EQ(scores.scalar_type(), at::kFloat);
        const at::Tensor expected = RidgeLeaveOut(rows, group_size).scores(penalty);
        EXPECT_LT(difference(scores, expected), 1e-2) << penalty;
        const at::Tensor w = rows.w.clone();
        w.narrow(0, 0, group_size).zero_();
        const LinearMap refit = normal_equations({rows.x, rows.y, 3, w}, ridge_alpha(rows, penalty));
        EXPECT_LT(difference(expected.narrow(0, 0, group_size), refit.logits(rows.x.narrow(0, 0, group_size))), 1e-4);
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, RidgeOf,
                         testing::Values(Shape{30, 7, 1, false}, Shape{30, 7, 3, true}, Shape{30, 7, 1, true},
                                         Shape{12, 40, 1, true}, Shape{12, 40, 3, false}, Shape{12, 40, 3, true},
                                         Shape{12, 12, 3, true}));

TEST(Ridge, RefusesWhatHasNoAnswer) {
    const WeightedRows rows = make_rows(6, 4, 3, false);
    EXPECT_THROW(RidgeLeaveOut(rows, 4), c10::Error);
    EXPECT_THROW(solve_ridge(RowMoments::of(rows), 0), c10::Error);
    EXPECT_THROW(RidgeLeaveOut(rows, 6).scores(1), c10::Error);
}

TEST(WeightedRows, RefusesWrongLabelsAndWeights) {
    const at::Tensor x = at::ones({2, 3}), y = at::tensor({0, 1}, at::kLong);
    EXPECT_THROW(WeightedRows(x, y, 1), c10::Error);
    EXPECT_THROW(WeightedRows(x, y.to(at::kInt), 2), c10::Error);
    EXPECT_THROW(WeightedRows(x, y.narrow(0, 0, 1), 2), c10::Error);
    EXPECT_THROW(WeightedRows(x, y, 2, at::tensor({1.0, -1.0}, at::kDouble)), c10::Error);
    EXPECT_THROW(WeightedRows(x, y, 2, at::zeros({2}, at::kDouble)), c10::Error);
    EXPECT_NO_THROW(WeightedRows(x, y, 2));
}

TEST(PrincipalAxes, DiagonaliseTheCovariance) {
    for (const int64_t count : {8, 50}) {
        const WeightedRows rows = make_rows(count, 12, 3, true);
        const PrincipalAxes axes = principal_axes(RowMoments::of(rows), at::kDouble);
        const at::Tensor z = axes.coordinates(rows.x), share = rows.w / rows.w.sum();
        EXPECT_LT(difference((z * share.unsqueeze(1)).t().matmul(z), axes.variances.diag()), 1e-10);
        const at::Tensor identity = at::eye(axes.variances.size(0), at::kDouble);
        EXPECT_LT(difference(axes.directions.t().matmul(axes.directions), identity), 1e-10);
        EXPECT_LT(difference((z.matmul(axes.directions.t()) + axes.mean) * (rows.w > 0).unsqueeze(1),
                             rows.x * (rows.w > 0).unsqueeze(1)),
                  1e-9);
    }
}

/// Classes' means and their pooled covariance, one row at a time.
LinearMap lda_by_definition(const WeightedRows& rows, double shrinkage) {
    const at::Tensor x = rows.x.to(at::kDouble), total = rows.w.sum();
    const int64_t columns = x.size(1);
    std::vector<at::Tensor> means, priors;
    at::Tensor covariance = at::zeros({columns, columns}, at::kDouble);
    for (int64_t k = 0; k < rows.classes; ++k) {
        const at::Tensor w = rows.w * (rows.y == k);
        means.push_back(w.matmul(x) / w.sum());
        priors.push_back(w.sum() / total);
        const at::Tensor centred = x - means.back();
        covariance += (centred * w.unsqueeze(1)).t().matmul(centred) / total;
    }
    const at::Tensor sphere = covariance.trace() / columns * at::eye(columns, at::kDouble);
    const at::Tensor stacked = at::stack(means);
    const at::Tensor weight = at::linalg_solve((1 - shrinkage) * covariance + shrinkage * sphere, stacked.t()).t();
    return {weight, at::stack(priors).log() - (weight * stacked).sum(1) / 2};
}

TEST(Lda, InvertsTheShrunkPooledCovariance) {
    for (const int64_t count : {9, 60}) {
        for (const bool weighted : {false, true}) {
            const WeightedRows rows = make_rows(count, 15, 3, weighted);
            const Lda lda(RowMoments::of(rows));
            for (const double shrinkage : {0.01, 0.5, 1.0}) {
                expect_same_map(lda.solve(shrinkage), lda_by_definition(rows, shrinkage), 1e-8);
            }
        }
    }
}

TEST(Lda, ShrinksAllTheWayWhereNoClassVaries) {
    const WeightedRows rows = make_rows(5, 8, 5, false);
    const Lda lda(RowMoments::of(rows));
    EXPECT_EQ(lda.analytic_shrinkage(rows), 1);
    const at::Tensor query = normal({40, 8}, 3);
    const at::Tensor nearest = (query.unsqueeze(1) - rows.class_means()).square().sum(2).argmin(1);
    for (const double shrinkage : {0.1, 1.0}) {
        const at::Tensor logits = lda.solve(shrinkage).logits(query);
        EXPECT_TRUE(logits.isfinite().all().item<bool>());
        EXPECT_TRUE(logits.argmax(1).equal(nearest));
    }
    expect_same_map(lda.solve(0.1), lda.solve(1), 1e-12);
    EXPECT_THROW(lda.solve(0), c10::Error);
}

TEST(Lda, IsNotSureOfAnythingWhereNoClassVaries) {
    const WeightedRows rows = make_rows(5, 800, 5, false);
    const at::Tensor sure = Lda(RowMoments::of(rows)).solve(0.5).logits(normal({40, 800}, 3)).softmax(1).amax(1);
    EXPECT_LT(sure.max().item<double>(), 0.9);
}

TEST(Lda, AnalyticShrinkageOverlooksTheScaleOfTheWeights) {
    const WeightedRows rows = make_rows(40, 10, 3, true);
    const double shrinkage = Lda(RowMoments::of(rows)).analytic_shrinkage(rows);
    EXPECT_GT(shrinkage, 0);
    EXPECT_LT(shrinkage, 1);
    const WeightedRows heavy(rows.x, rows.y, 3, rows.w * 7);
    EXPECT_NEAR(Lda(RowMoments::of(heavy)).analytic_shrinkage(heavy), shrinkage, 1e-12);
}

TEST(Heads, WeightsCountAsRepeatedRows) {
    for (const int64_t columns : {6, 50}) {
        const WeightedRows weighted = make_rows(24, columns, 3, true), plain = repeated(weighted);
        const RowMoments of_weighted = RowMoments::of(weighted), of_plain = RowMoments::of(plain);
        expect_same_map(solve_ridge(of_weighted, 0.1), solve_ridge(of_plain, 0.1), 1e-8);
        expect_same_map(Lda(of_weighted).solve(0.1), Lda(of_plain).solve(0.1), 1e-8);
        EXPECT_LT(difference(cosine_mean(weighted).weight, cosine_mean(plain).weight), 1e-12);
        const Logistic a(weighted), b(plain);
        const LinearMap map = a.fit(0.1);
        EXPECT_NEAR(a.objective(map, 0.1), b.objective(map, 0.1), 1e-12);
        EXPECT_NEAR(b.objective(b.fit(0.1), 0.1), b.objective(map, 0.1), 1e-6);
    }
}

TEST(Heads, OneImageAClassAndConstantFeaturesGiveFiniteScores) {
    const at::Tensor y = at::tensor({0, 1, 2, 2, 3, 3, 3}, at::kLong);
    for (const at::Tensor& x :
         {at::ones({7, 5}), normal({7, 5}, 4).to(at::kFloat), normal({7, 300}, 5).to(at::kFloat)}) {
        const WeightedRows rows(x, y, 4);
        const RowMoments moments = RowMoments::of(rows);
        for (const at::Tensor& scores :
             {RidgeLeaveOut(rows, 1).scores(0.1), solve_ridge(moments, 0.1).logits(x),
              Lda(moments).solve(0.1).logits(x), Logistic(rows).fit(0.01).logits(x), cosine_mean(rows).logits(x)}) {
            EXPECT_EQ(scores.sizes(), at::IntArrayRef({7, 4}));
            EXPECT_TRUE(scores.isfinite().all().item<bool>()) << scores;
        }
    }
}

/// The largest entry of the objective's gradient.
double slope_of(const WeightedRows& rows, const LinearMap& map, double penalty) {
    const at::Tensor x = rows.x.to(at::kDouble);
    const at::Tensor error = (map.logits(x).softmax(1) - rows.one_hot()) * (rows.w / rows.w.sum()).unsqueeze(1);
    const at::Tensor weight = error.t().matmul(x) + penalty * map.weight;
    return std::max(weight.abs().max().item<double>(), error.sum(0).abs().max().item<double>());
}

TEST(RowMoments, OfStandardisedRowsAreThoseOfTheRowsStandardised) {
    const WeightedRows rows = make_rows(60, 9, 4, true);
    const Standardisation by = Standardisation::of(rows.x, true);
    const RowMoments scaled = RowMoments::of(rows).standardised(by);
    const RowMoments expected = RowMoments::of({by.apply(rows.x), rows.y, rows.classes, rows.w});
    EXPECT_DOUBLE_EQ(scaled.weight, expected.weight);
    EXPECT_LT(difference(scaled.mean, expected.mean), 1e-6);
    EXPECT_LT(difference(scaled.scatter, expected.scatter), 1e-5 * expected.weight);
    EXPECT_LT(difference(scaled.class_sums, expected.class_sums), 1e-5 * expected.weight);
    EXPECT_EQ(difference(scaled.class_weights, expected.class_weights), 0);
}

TEST(SolveShifted, StaysBoundedWhereRoundingMadeTheMatrixIndefinite) {
    const at::Tensor direction = normal({30, 1}, 3), right = normal({30, 2}, 4);
    const at::Tensor single =
        (1e6 * direction.matmul(direction.t())).to(at::kFloat);  // of rank one, but for its digits
    const double shift = 1e-4;                                   // far below them
    at::Tensor shifted = single.clone();
    shifted.diagonal().add_(shift);
    ASSERT_NE(std::get<1>(at::linalg_cholesky_ex(shifted)).item<int>(), 0) << "the example needs no other way";
    const at::Tensor solved = solve_shifted(single.clone(), shift, right).to(at::kDouble);
    // No value is below the shift, and along the direction it is next to nothing beside the matrix.
    EXPECT_LE(solved.norm().item<double>(), right.norm().item<double>() / shift);
    const at::Tensor along = (direction / direction.norm()).t().matmul(solved);
    EXPECT_LT(along.abs().max().item<double>(), 0.01 * solved.abs().max().item<double>());
}

TEST(LbfgsMemory, KnowsATermThatWasAdded) {
    const at::Tensor steps = normal({3, 8, 1}, 5), diagonal = at::arange(1, 9, at::kDouble).unsqueeze(1);
    const at::Tensor added = normal({8, 1}, 6).square();
    LbfgsMemory before, fresh;
    for (int64_t i = 0; i < steps.size(0); ++i) {
        before.add(steps[i], diagonal * steps[i]);
        fresh.add(steps[i], (diagonal + added) * steps[i]);
    }
    before.add_to_hessian(added);
    const at::Tensor gradient = normal({8, 1}, 7), guess = at::ones({8, 1}, at::kDouble);
    EXPECT_LT(difference(before.inverse_times(gradient, guess), fresh.inverse_times(gradient, guess)), 1e-12);
}

TEST(Logistic, AlongAxesInFloat32EndsWhereItDoesInDouble) {
    const WeightedRows rows = make_rows(80, 12, 4, true);
    const Logistic single(RotatedRows(rows, RowMoments::of(rows), at::kFloat)), exact(rows);
    for (const double penalty : {0.3, 1e-3}) {
        const double least = exact.objective(exact.fit(penalty), penalty);
        EXPECT_NEAR(exact.objective(single.fit(penalty), penalty), least, 1e-6 * least);
    }
}

TEST(Logistic, ReachesTheOptimum) {
    for (const int64_t columns : {6, 100}) {
        const WeightedRows rows = make_rows(60, columns, 4, true);
        const Logistic logistic(rows);
        for (const double penalty : {1e-3, 1e-1}) {
            const LinearMap map = logistic.fit(penalty);
            EXPECT_LT(slope_of(rows, map, penalty), 1e-4) << columns << " " << penalty;
            // The objective is convex with curvature of at least the penalty along the weights.
            const double least = logistic.objective(map, penalty);
            for (uint64_t number = 10; number < 15; ++number) {
                const LinearMap other{map.weight + 0.01 * normal(map.weight.sizes(), number), map.bias};
                EXPECT_GT(logistic.objective(other, penalty), least);
            }
        }
    }
}

TEST(Logistic, WithoutSignalGivesTheFrequencies) {
    const at::Tensor y = at::tensor({0, 1, 1, 2, 2, 2, 2, 2}, at::kLong);
    const LinearMap map = Logistic(WeightedRows(at::ones({8, 3}), y, 3)).fit(0.1);
    const at::Tensor expected = at::tensor({1.0, 2.0, 5.0}, at::kDouble) / 8;
    EXPECT_LT(difference(map.logits(at::ones({1, 3})).softmax(1)[0], expected), 1e-3);
}

TEST(Logistic, APathOfPenaltiesInAnyOrderEndsWhereEachAloneDoes) {
    const Logistic logistic(make_rows(60, 10, 4, false));
    for (const std::vector<double>& penalties :
         {std::vector<double>{0.3, 0.1, 0.03, 0.01}, {0.003, 0.3, 0.01}, {0.1, 0.1, 0.1}, {0.001, 0.002, 1.0, 0.03}}) {
        const std::vector<LinearMap> path = logistic.path(penalties);
        ASSERT_EQ(path.size(), penalties.size());
        for (size_t i = 0; i < path.size(); ++i) {
            const double alone = logistic.objective(logistic.fit(penalties[i]), penalties[i]);
            EXPECT_NEAR(logistic.objective(path[i], penalties[i]), alone, 1e-6 * alone) << penalties[i];
        }
    }
}

TEST(Logistic, StartsFromAnotherOptimumAndEndsWhereItDoesFromZero) {
    for (const int64_t columns : {10, 90}) {
        const Logistic logistic(make_rows(60, columns, 4, true));
        const LinearMap larger = logistic.fit(0.1), from_zero = logistic.fit(0.01);
        const double least = logistic.objective(from_zero, 0.01);
        const LinearMap found = logistic.path({0.01}, Logistic::kOptimum, &larger).front();
        EXPECT_NEAR(logistic.objective(found, 0.01), least, 1e-6 * least);
        // What is given is where it starts: asked for nothing better, it stays.
        expect_same_map(logistic.path({0.01}, 1e6, &from_zero).front(), from_zero, 1e-5);
    }
}

TEST(Standardisation, UnfoldsWhatItFolds) {
    const WeightedRows rows = make_rows(30, 7, 3, false);
    const Standardisation standardisation = Standardisation::of(rows.x, true);
    const LinearMap map{normal({3, 7}, 5), normal({3}, 6)};
    const LinearMap there_and_back = standardisation.unfold(standardisation.fold(map));
    map.weight.select(1, 6).zero_();  // the constant feature
    expect_same_map(there_and_back, map, 1e-6);
}

TEST(Logistic, InAComparisonIsAsFarFromTheOptimumAsAsked) {
    const Logistic logistic(make_rows(60, 30, 4, true));
    for (const double tolerance : {1e-2, 1e-4, 1e-6}) {
        const std::vector<double> penalties = {0.3, 0.1, 0.03, 0.01, 0.001};
        const std::vector<LinearMap> path = logistic.path(penalties, tolerance);
        for (size_t i = 0; i < path.size(); ++i) {
            const double least = logistic.objective(logistic.fit(penalties[i]), penalties[i]);
            EXPECT_LT(logistic.objective(path[i], penalties[i]) / least - 1, 3 * tolerance)
                << penalties[i] << " " << tolerance;
        }
    }
}

TEST(Logistic, StopsWhenAsked) {
    const Logistic logistic(make_rows(20, 5, 3, false));
    core::request_interrupt();
    EXPECT_THROW(logistic.fit(0.01), core::Interrupted);
    core::clear_interrupt();
}

TEST(Prototypes, PointAtTheMeans) {
    const WeightedRows rows = make_rows(20, 5, 3, true);
    const at::Tensor means = rows.class_means();
    const LinearMap cosine = cosine_mean(rows);
    EXPECT_LT(difference(cosine.weight.square().sum(1), at::ones({3}, at::kDouble)), 1e-12);
    EXPECT_LT(difference(cosine.weight * means.norm(2, {1}, true), means), 1e-12);
    EXPECT_THROW(cosine_mean({rows.x, rows.y, 4}), c10::Error);  // nobody is of the fourth class
    const WeightedRows opposite(at::tensor({1.0F, -1.0F}).unsqueeze(1), at::zeros({2}, at::kLong), 1);
    EXPECT_EQ(cosine_mean(opposite).weight.item<double>(), 0);
}

TEST(FoldMoments, JoinedAreThoseOfTheRowsThatAreLeft) {
    at::manual_seed(3);
    constexpr int64_t kRows = 60, kColumns = 7, kOfClasses = 4, kFolds = 3;
    const at::Tensor x = at::randn({kRows, kColumns}) * 0.01 + 1000;  // sums of squares would lose the digits
    const at::Tensor y = at::arange(kRows).remainder(kOfClasses);
    const at::Tensor fold_of = at::arange(kRows).div(kOfClasses, "floor").remainder(kFolds);
    const FoldMoments folds({x, y, kOfClasses}, fold_of);
    for (int64_t fold = 0; fold < kFolds; ++fold) {
        const at::Tensor left = fold_of.ne(fold).nonzero().squeeze(1);
        const RowMoments expected =
            RowMoments::of_features({x.index_select(0, left), y.index_select(0, left), kOfClasses});
        const RowMoments found = folds.without(fold);
        EXPECT_DOUBLE_EQ(found.weight, expected.weight);
        EXPECT_TRUE(found.mean.allclose(expected.mean, 1e-12, 0)) << fold;
        EXPECT_TRUE(found.scatter.allclose(expected.scatter, 1e-8, 1e-10)) << fold;
        EXPECT_TRUE(found.class_sums.allclose(expected.class_sums, 1e-7, 1e-9)) << fold;
    }
}

}  // namespace
}  // namespace kaziranga::training
