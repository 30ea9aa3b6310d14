#include "training/sweep/plan.hpp"

#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "training/run/run_folder.hpp"

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;

/// A sweep of two variants, two seeds and two draws over a base config in a folder of its own.
class SweepPlanTest : public testing::Test {
  protected:
    SweepPlanTest() {
        core::write_file(folder_ / "base.yaml", "data: {root: photos}\nhead: {type: ridge}\nresume: true\n");
        options_.output = folder_ / "sweep";
        options_.base = "base.yaml";
        options_.seeds = {3, 4};
        options_.shots = {5, 0};
        options_.variants = {{"as it is", {}}, {"lda", {"head.type=lda", "head.shrinkage=0.5"}}};
    }

    SweepPlan plan() const { return plan_sweep(options_, folder_ / "sweep.yaml"); }

    std::string error_of() const {
        try {
            plan();
            return {};
        } catch (const core::Error& error) {
            return error.what();
        }
    }

    void expect_refused(const std::vector<std::string>& texts) const {
        const std::string said = error_of();
        for (const std::string& text : texts) EXPECT_NE(said.find(text), std::string::npos) << text << "\n" << said;
    }

    /// Leaves what a run leaves behind.
    void pretend(const PlannedRun& run, bool finished) const {
        Options options = run.options;
        options.resume = options.overwrite = false;
        const RunFolder made = OpenedRun(options).folder();
        core::write_file(made.state(), "trained");
        if (finished) core::write_file(made.metrics(), "{}");
    }

    test::TemporaryFolder folder_;
    SweepOptions options_;
};

TEST_F(SweepPlanTest, ResolvesEveryRunByDrawSeedAndVariant) {
    const SweepPlan made = plan();
    ASSERT_EQ(made.runs.size(), 8U);
    EXPECT_EQ(made.runs[1].variant, 1U);
    EXPECT_EQ(made.runs[2].seed, 4);
    EXPECT_EQ(made.runs[4].draw, 1U);
    const Options& lda = made.runs[3].options;
    EXPECT_EQ(lda.head.type, HeadKind::kLda);
    EXPECT_EQ(lda.head.shrinkage.value, 0.5);
    EXPECT_EQ(lda.seed, 4);
    EXPECT_EQ(lda.data.shots, 5);
    EXPECT_EQ(lda.output, (folder_.path() / "sweep/lda/shots_5/seed_4").string());
    EXPECT_EQ(made.runs[0].options.head.type, HeadKind::kRidge);
    EXPECT_EQ(made.runs[0].options.output, (folder_.path() / "sweep/as it is/shots_5/seed_3").string());
}

TEST_F(SweepPlanTest, WithoutShotsTheConfigsSayThem) {
    options_.shots = {};
    options_.variants[1].second = {"data.shots=7"};
    const SweepPlan made = plan();
    ASSERT_EQ(made.runs.size(), 4U);
    EXPECT_EQ(made.runs[0].options.data.shots, 0);
    EXPECT_EQ(made.runs[1].options.data.shots, 7);
    EXPECT_EQ(made.runs[1].options.output, (folder_.path() / "sweep/lda/seed_3").string());
}

TEST_F(SweepPlanTest, AVariantSaysOtherwiseThanSet) {
    options_.set = {"head.type=prototype", "head.folds=3"};
    const SweepPlan made = plan();
    EXPECT_EQ(made.runs[0].options.head.type, HeadKind::kPrototype);
    EXPECT_EQ(made.runs[1].options.head.type, HeadKind::kLda);
    EXPECT_EQ(made.runs[1].options.head.folds, 3);
}

TEST_F(SweepPlanTest, AGridIsEveryCombination) {
    options_.variants = {};
    options_.grid = {{"head.type", {"lda", "ridge"}}, {"model.weights", {"pretrained", "/w/a b.pth", "/w/a_b.pth"}}};
    const std::vector<Variant> variants = variants_of(options_);
    ASSERT_EQ(variants.size(), 6U);
    EXPECT_EQ(variants[0].name, "head.type=lda,model.weights=pretrained");
    EXPECT_EQ(variants[0].folder, variants[0].name);
    EXPECT_EQ(variants[4].name, "head.type=ridge,model.weights=/w/a b.pth");
    EXPECT_EQ(variants[4].overrides, (core::config::Strings{"head.type=ridge", "model.weights=/w/a b.pth"}));
    EXPECT_EQ(variants[4].folder.find_first_of("/ "), std::string::npos);
    EXPECT_NE(variants[4].folder, variants[5].folder);
}

TEST_F(SweepPlanTest, AGridOfTooManyOrOfTheSameIsRefused) {
    options_.variants = {};
    options_.grid = {{"head.type", {"lda", "lda"}}};
    expect_refused({"variant 'head.type=lda': given twice"});
    options_.grid = {};
    for (int i = 0; i < 70; ++i) options_.grid.push_back({"key" + std::to_string(i), {"1", "2"}});
    expect_refused({"grid: too many combinations (expected at most 10000)"});
}

TEST_F(SweepPlanTest, TooManyRunsAreRefused) {
    for (int64_t seed = 10; seed < 2600; ++seed) options_.seeds.push_back(seed);
    expect_refused({"too many runs (expected at most 10000)"});
}

TEST_F(SweepPlanTest, NamesThatAreNoFoldersAreRefusedTogether) {
    const std::vector<std::string> names = {"",
                                            "..",
                                            ".hidden",
                                            "a/b",
                                            "../../etc",
                                            "a\nb",
                                            std::string("a\0b", 3),
                                            "\xff",
                                            "sweep.csv",
                                            "summary.md",
                                            std::string(201, 'x')};
    options_.variants = {{"first", {}}};
    for (const std::string& name : names) options_.variants.push_back({name, {}});
    const std::string said = error_of();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n') + 1, static_cast<int64_t>(names.size())) << said;
    EXPECT_NE(said.find("variant 'a/b': cannot be the name of a folder: has a '/'"), std::string::npos) << said;
}

TEST_F(SweepPlanTest, WhatTheSweepSetsItselfIsRefused) {
    options_.set = {"output=x"};
    options_.variants[1].second = {"seed=1", "data.shots=3", "resume=true", "overwrite=true"};
    expect_refused({"set: output=x: is the sweep's to set",
                    "variant 'lda': seed=1: is the sweep's to set; write it into seeds", "variant 'lda': data.shots=3",
                    "variant 'lda': resume=true", "variant 'lda': overwrite=true"});
}

TEST_F(SweepPlanTest, EveryProblemOfEveryVariantIsToldOnceUnderItsName) {
    options_.set = {"head.fold=3"};
    options_.variants = {{"lda", {"head.typ=lda"}},
                         {"ridge", {"head.penalty=-1", "head.typ=lda"}},
                         {"a/b", {}},
                         {"none", {"head.type=pretrained"}}};
    expect_refused({"set: head.fold=3: unknown key; did you mean 'head.folds'?",
                    "variants 'lda', 'ridge': head.typ=lda: unknown key; did you mean 'head.type'?",
                    "variant 'ridge': head.penalty=-1: out of range", "variant 'a/b': cannot be the name"});
    const std::string said = error_of();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 3) << said;
    options_.set = {};
    expect_refused({"variant 'none': head.type: pretrained has nothing to train"});
}

TEST_F(SweepPlanTest, AProblemOfTheBaseIsToldOnceAndOneThatAVariantCausesUnderItsName) {
    core::write_file(folder_ / "base.yaml", "data: {root: photos}\ntrain: {l2_sp: 0.5}\nmodel: {freeze: none}\n");
    options_.variants = {{"a", {}}, {"frozen", {"model.freeze=backbone"}}};
    expect_refused({"variant 'frozen': " + (folder_ / "base.yaml").string() + ":2:16: train.l2_sp: a frozen backbone"});
    core::write_file(folder_ / "base.yaml", "sed: 3\n");
    const std::string said = error_of();
    EXPECT_TRUE(said.starts_with((folder_ / "base.yaml").string() + ":1:1: sed: unknown key; did you mean 'seed'?"))
        << said;
}

TEST_F(SweepPlanTest, AMissingBaseSaysWhereItIsLookedFor) {
    options_.base = "absent.yaml";
    expect_refused({(folder_ / "absent.yaml").string(), "relative to the folder of the sweep's own file"});
}

TEST_F(SweepPlanTest, KnowsWhatIsFinishedAndWhatIsToBeGoneOnWith) {
    const SweepPlan before = plan();
    pretend(before.runs[0], true);
    pretend(before.runs[1], false);
    const SweepPlan after = plan();
    EXPECT_TRUE(after.runs[0].finished);
    EXPECT_FALSE(after.runs[1].finished);
    EXPECT_TRUE(after.runs[1].options.resume);
    EXPECT_FALSE(after.runs[2].finished);
    options_.overwrite = true;
    const SweepPlan again = plan();
    EXPECT_TRUE(again.runs[0].finished);
    EXPECT_TRUE(again.runs[1].options.overwrite);
    EXPECT_FALSE(again.runs[1].options.resume);
    EXPECT_FALSE(again.runs[2].options.overwrite);
}

TEST_F(SweepPlanTest, RunsOfAnotherConfigAreRefusedUntilTheyMayBeReplaced) {
    pretend(plan().runs[1], true);
    options_.variants[1].second = {"head.type=lda", "head.shrinkage=0.25"};
    expect_refused({(folder_.path() / "sweep/lda/shots_5/seed_3").string() + ": holds a run of another config",
                    "expected head.shrinkage: 0.25, found head.shrinkage: 0.5", "overwrite=true"});
    options_.overwrite = true;
    const SweepPlan again = plan();
    EXPECT_FALSE(again.runs[1].finished);
    EXPECT_TRUE(again.runs[1].options.overwrite);
}

TEST(SweepOptions, ContradictionsAreNamed) {
    try {
        core::config::parse<SweepOptions>(
            "output: ''\nseeds: []\nshots: [1, 1]\nvariants: {a: []}\ngrid: {head.type: []}\n", "s");
        FAIL();
    } catch (const core::Error& error) {
        const std::string said = error.what();
        for (const char* text :
             {"output: no folder named", "base: no config named", "seeds: an empty list", "shots: 1 stands there twice",
              "give variants or grid, not both", "'head.type' has no values"}) {
            EXPECT_NE(said.find(text), std::string::npos) << text << "\n" << said;
        }
    }
    EXPECT_THROW(core::config::parse<SweepOptions>("base: b", "s"), core::Error);
    EXPECT_THROW(core::config::parse<SweepOptions>("base: b\nvariants: {a: []}\nconfidence: 1", "s"), core::Error);
}

}  // namespace
}  // namespace kaziranga::training
