#include "studies/reproduce/comparison.hpp"

#include "core/random.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace kaziranga::studies {
namespace {

using evaluation::Interval;

std::shared_ptr<const evaluation::JudgedImages> images(size_t count, size_t classes) {
    auto all = std::make_shared<evaluation::JudgedImages>();
    for (size_t i = 0; i < count; ++i) {
        all->names.push_back(i);
        all->classes.push_back(i % classes);
    }
    return all;
}

/// How far sources, seeds and images each scatter; `rest` is of every value by itself.
struct Scatter {
    double sources = 0, seeds = 0, images = 0, rest = 0;
};

constexpr size_t kImages = 200, kClasses = 20;

ReproduceOptions options_of(size_t sources, size_t seeds) {
    ReproduceOptions o;
    o.seeds.resize(seeds);
    std::iota(o.seeds.begin(), o.seeds.end(), 0);
    o.sources.resize(sources);
    std::iota(o.sources.begin(), o.sources.end(), 0);
    return o;
}

/// Runs of an arm whose hits are `mean` and a draw of what scatters.
void add_arm(Reproduction& all, const ReproduceOptions& o, const std::string& arm, size_t sources, double mean,
             const Scatter& scatter, uint64_t draw) {
    static const auto judged = images(kImages, kClasses);
    core::RandomStream of_image(draw, core::Purpose::kTest, {1}), of_seed(draw, core::Purpose::kTest, {2}),
        of_source(draw, core::Purpose::kTest, {3}), rest(draw, core::Purpose::kTest, {4});
    std::vector<double> image(kImages), seed(o.seeds.size());
    for (double& x : image) x = scatter.images * of_image.normal();
    for (double& x : seed) x = scatter.seeds * of_seed.normal();
    for (size_t s = 0; s < sources; ++s) {
        const double source = scatter.sources * of_source.normal();
        for (size_t j = 0; j < seed.size(); ++j) {
            ArmResult result{
                .run = {
                    .arm = arm, .source = s, .shift = o.shifts.front(), .shots = o.shots.back(), .seed = o.seeds[j]}};
            result.images = judged;
            for (size_t i = 0; i < kImages; ++i)
                result.hits.push_back(mean + source + seed[j] + image[i] + scatter.rest * rest.normal());
            result.top1 = 100 * std::accumulate(result.hits.begin(), result.hits.end(), 0.0) / kImages;
            all.results.push_back(std::move(result));
        }
    }
}

/// How often the interval of an arm's advantage over one that starts from no source holds the truth.
int covered(size_t sources, size_t seeds, const Scatter& scatter, int draws) {
    int inside = 0;
    for (int d = 0; d < draws; ++d) {
        const ReproduceOptions o = options_of(sources, seeds);
        Reproduction all;
        add_arm(all, o, "a", sources, 0.3, scatter, static_cast<uint64_t>(d));
        add_arm(all, o, "b", 1, 0.1, {}, static_cast<uint64_t>(d));
        const Comparison compare(o, all);
        const Interval i = compare.advantage(compare.main("a"), compare.main("b")).interval;
        inside += i.low() <= 20 && 20 <= i.high();
    }
    return inside;
}

TEST(Comparison, IntervalsHoldTheTruthWhateverScatters) {
    constexpr int kDraws = 200;
    for (const Scatter& scatter : {Scatter{.seeds = 0.02, .images = 0.4, .rest = 0.3},
                                   Scatter{.sources = 0.05, .seeds = 0.02, .images = 0.4, .rest = 0.3},
                                   Scatter{.sources = 0.1, .images = 0.05, .rest = 0.1}}) {
        EXPECT_GE(covered(4, 6, scatter, kDraws), 0.92 * kDraws)
            << scatter.sources << " " << scatter.seeds << " " << scatter.images;
    }
}

/// What the seeds or the sources add is in the interval: with either left out it would be too narrow.
TEST(Comparison, EachScatterWidensTheInterval) {
    const auto width = [](const Scatter& scatter) {
        const ReproduceOptions o = options_of(3, 5);
        Reproduction all;
        add_arm(all, o, "a", 3, 0.5, scatter, 7);
        const Comparison compare(o, all);
        return compare.top1(compare.main("a")).interval.half_width;
    };
    const double least = width({.rest = 0.1});
    EXPECT_GT(width({.sources = 0.2, .rest = 0.1}), 4 * least);
    EXPECT_GT(width({.seeds = 0.2, .rest = 0.1}), 4 * least);
    EXPECT_GT(width({.images = 1, .rest = 0.1}), 4 * least);
}

TEST(Comparison, OneSeedIsOverItsImages) {
    const ReproduceOptions o = options_of(1, 1);
    Reproduction all;
    add_arm(all, o, "a", 1, 0.5, {.rest = 0.3}, 1);
    const Comparison compare(o, all);
    std::vector<double> percent = all.results.front().hits;
    for (double& x : percent) x *= 100;
    const Interval expected = evaluation::normal_interval(percent, o.confidence);
    const Estimate found = compare.top1(compare.main("a"));
    EXPECT_DOUBLE_EQ(found.interval.half_width, expected.half_width);
    EXPECT_FALSE(found.sd_seeds || found.sd_sources);
    EXPECT_FALSE(compare.over_runs(compare.main("a"), [](const ArmResult& r) { return r.top1; }));
}

TEST(Comparison, FiguresOfRunsArePairedBySeed) {
    const ReproduceOptions o = options_of(1, 4);
    Reproduction all;
    add_arm(all, o, "a", 1, 0.5, {.seeds = 0.3}, 3);
    add_arm(all, o, "b", 1, 0.4, {.seeds = 0.3}, 3);  // the same draw: seeds go up and down together
    const Comparison compare(o, all);
    const auto top1 = [](const ArmResult& r) { return r.top1; };
    const Interval paired = *compare.over_runs(compare.main("a"), compare.main("b"), top1);
    EXPECT_NEAR(paired.mean, 10, 1e-9);
    EXPECT_NEAR(paired.half_width, 0, 1e-9);
    EXPECT_GT(compare.over_runs(compare.main("a"), top1)->half_width, 10);
    EXPECT_EQ(Comparison::whole_runs(compare.main("a")), "4 seeds");
}

TEST(Comparison, TellsTheSourcesOfAnArmThatHasSome) {
    const ReproduceOptions o = options_of(2, 3);
    Reproduction all;
    add_arm(all, o, "a", 2, 0.5, {}, 3);
    add_arm(all, o, "b", 1, 0.4, {}, 3);  // from scratch, say
    const Comparison compare(o, all);
    EXPECT_EQ(Comparison::whole_runs(compare.main("a")), "2 sources and 3 seeds");
    EXPECT_EQ(Comparison::whole_runs(compare.main("b")), "3 seeds");
}

}  // namespace
}  // namespace kaziranga::studies
