#include "training/run/tuning.hpp"

#include "core/error.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

using core::config::Strings;
using core::config::Table;

double value_of(const Trial& trial, size_t key) {
    const std::string& text = trial.overrides[key];
    return std::stod(text.substr(text.find('=') + 1));
}

bool always(const std::string&) {
    return true;
}

/// Top-1 is highest where log10 of the first key is `first` and of the second `second`; the two do not act together.
std::function<void(Trial&)> peak(double first, double second, int* judged = nullptr) {
    return [=](Trial& trial) {
        if (judged != nullptr) ++*judged;
        const double a = std::log10(value_of(trial, 0)) - first, b = std::log10(value_of(trial, 1)) - second;
        trial.top1 = 100 - a * a - b * b;
    };
}

Strings best(const std::vector<Trial>& trials) {
    return chosen(trials);
}

TEST(Search, FindsTheBestOfEachKey) {
    const Table grid = {{"lr", {"0.1", "0.01", "1"}}, {"wd", {"0.001", "0.01", "0.1"}}};
    EXPECT_EQ(best(search(grid, 3, always, peak(-1, -2))), (Strings{"lr=0.1", "wd=0.01"}));
}

TEST(Search, GoesOnBeyondEitherEnd) {
    const Table grid = {{"lr", {"0.1", "1"}}, {"wd", {"0.1", "1"}}};
    const auto trials = search(grid, 1, always, peak(-3, 2));
    EXPECT_EQ(best(trials), (Strings{"lr=0.001", "wd=100"}));
    // One beyond the best on each side, to know that it lies inside.
    std::set<double> rates;
    for (const Trial& trial : trials) rates.insert(value_of(trial, 0));
    EXPECT_EQ(rates, (std::set<double>{0.0001, 0.001, 0.01, 0.1, 1}));
}

TEST(Search, EndsBeyondAnEndAfterAFewSteps) {
    const Table grid = {{"lr", {"0.1", "1"}}, {"wd", {"1"}}};
    const auto trials = search(grid, 1, always, peak(-50, 0));
    EXPECT_EQ(static_cast<int>(trials.size()), 2 + kMostSteps);
}

TEST(Search, WhatMayBeChanceIsNotGoneAfter) {
    const Table grid = {{"lr", {"0.1", "1"}}, {"wd", {"1"}}};
    const auto with_error = [](double error) {
        return [error](Trial& trial) {
            trial.top1 = 10 * std::log10(value_of(trial, 0));  // ten more from each value to the next
            trial.error = error;
        };
    };
    EXPECT_EQ(static_cast<int>(search(grid, 1, always, with_error(9)).size()), 2 + kMostSteps);
    EXPECT_EQ(search(grid, 1, always, with_error(11)).size(), 2U);
}

TEST(Search, StaysWithinWhatIsPossible) {
    const Table grid = {{"lr", {"0.1", "1"}}, {"wd", {"1"}}};
    const auto below_20 = [](const std::string& text) { return std::stod(text.substr(3)) < 20; };
    EXPECT_EQ(best(search(grid, 1, below_20, peak(5, 0))).front(), "lr=10");
}

TEST(Search, WholeNumbersStayWhole) {
    const Table grid = {{"epochs", {"10", "15"}}, {"wd", {"1"}}};
    for (const Trial& trial : search(grid, 1, always, peak(2, 0))) {
        EXPECT_EQ(trial.overrides[0].find('.'), std::string::npos) << trial.overrides[0];
    }
}

TEST(Search, TriesNothingTwice) {
    int judged = 0;
    const Table grid = {{"lr", {"0.1", "0.01", "1"}}, {"wd", {"0.001", "0.01", "0.1"}}};
    const auto trials = search(grid, 5, always, peak(-1, -2, &judged));
    std::set<Strings> settings;
    for (const Trial& trial : trials) settings.insert(trial.overrides);
    EXPECT_EQ(settings.size(), trials.size());
    EXPECT_EQ(static_cast<size_t>(judged), trials.size());
}

TEST(Search, OfEqualTopOneTheLowerLossIsTaken) {
    const Table grid = {{"lr", {"1", "2", "3"}}, {"wd", {"1"}}};
    const auto judge = [](Trial& trial) {
        trial.top1 = 50;
        trial.loss = std::abs(value_of(trial, 0) - 2);
    };
    EXPECT_EQ(best(search(grid, 1, always, judge)).front(), "lr=2");
}

TEST(Search, WordsHaveNoEnds) {
    const Table grid = {{"name", {"sgd", "adamw"}}};
    const auto judge = [](Trial& trial) { trial.top1 = trial.overrides[0] == "name=adamw" ? 2 : 1; };
    const auto trials = search(grid, 2, always, judge);
    EXPECT_EQ(trials.size(), 2U);
    EXPECT_EQ(best(trials), Strings{"name=adamw"});
}

TEST(Tuning, ItsTableIsReadAsItWasWritten) {
    const std::vector<Trial> trials = {{.overrides = {"optimizer.lr=0.1", "features.test_views=[centre, flip]"},
                                        .top1 = 12.5,
                                        .error = 1.25,
                                        .loss = 3,
                                        .seconds = 2},
                                       {.overrides = {"optimizer.lr=1", "features.test_views=centre"},
                                        .top1 = 25,
                                        .error = 1.5,
                                        .loss = 2,
                                        .seconds = 4,
                                        .chosen = true}};
    const auto read = parse_tuning(tuning_csv(trials), "tuning.csv");
    ASSERT_EQ(read.size(), 2U);
    for (size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(read[i].overrides, trials[i].overrides);
        EXPECT_DOUBLE_EQ(read[i].top1, trials[i].top1);
        EXPECT_EQ(read[i].chosen, trials[i].chosen);
    }
    EXPECT_EQ(chosen(read), trials[1].overrides);
    EXPECT_DOUBLE_EQ(seconds_of(read), 6);
    EXPECT_THROW(parse_tuning("a,b\n1,2\n", "tuning.csv"), core::Error);
}

}  // namespace
}  // namespace kaziranga::training
