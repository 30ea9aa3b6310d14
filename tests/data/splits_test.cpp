#include "data/dataset.hpp"
#include "tests/data/made_folder.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

using Counts = std::map<std::string, size_t>;

/// Class folders alone: `counts` images a class below `prefix`.
Manifest class_folders(const Counts& counts, const std::string& prefix = "", const std::string& root = "/data") {
    Manifest manifest;
    manifest.root = root;
    for (const auto& [name, count] : counts) {
        for (size_t i = 0; i < count; ++i) {
            const std::string image = prefix + name + "/" + std::to_string(i) + ".jpg";
            manifest.unsplit.push_back(
                {std::filesystem::path(root) / image, image, static_cast<int64_t>(manifest.classes.size())});
        }
        manifest.classes.push_back(name);
    }
    return manifest;
}

Manifest with_train(const Counts& counts) {
    Manifest manifest = class_folders(counts, "train/");
    std::swap(manifest.train, manifest.unsplit);
    return manifest;
}

DataOptions fractions(double test, double val, int64_t shots = 0) {
    DataOptions options;
    options.test_fraction = test;
    options.val_fraction = val;
    options.shots = shots;
    return options;
}

Counts counts_of(const Samples& samples, const Dataset& data) {
    Counts counts;
    for (const Sample& sample : samples) ++counts[data.classes.at(static_cast<size_t>(sample.label))];
    return counts;
}

Samples only(const Samples& samples, const Dataset& data, const std::string& name) {
    Samples kept;
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(kept),
                 [&](const Sample& sample) { return data.classes.at(static_cast<size_t>(sample.label)) == name; });
    return kept;
}

bool is_subset(const std::set<std::string>& inner, const std::set<std::string>& outer) {
    return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

TEST(SplitTest, EverySampleIsInExactlyOneSplitUnderItsOwnLabel) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
        const Manifest manifest = class_folders({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 17}, {"e", 100}});
        const Dataset data = split_dataset(manifest, fractions(0.25, 0.1), seed);
        std::multiset<std::string> all;
        for (const Samples* split : {&data.train, &data.val, &data.test}) {
            for (const Sample& sample : *split) {
                all.insert(sample.name);
                EXPECT_EQ(sample.name.substr(0, 1), data.classes.at(static_cast<size_t>(sample.label)));
            }
        }
        std::multiset<std::string> expected;
        for (const Sample& sample : manifest.unsplit) expected.insert(sample.name);
        EXPECT_EQ(all, expected);
    }
}

TEST(SplitTest, EachClassGivesItsShare) {
    const Dataset data = split_dataset(class_folders({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 10}, {"e", 45}, {"f", 100}}),
                                       fractions(0.2, 0.1), 3);
    EXPECT_EQ(counts_of(data.test, data), (Counts{{"b", 1}, {"c", 1}, {"d", 2}, {"e", 9}, {"f", 20}}));
    EXPECT_EQ(counts_of(data.val, data), (Counts{{"c", 1}, {"d", 1}, {"e", 5}, {"f", 10}}));
    EXPECT_EQ(counts_of(data.train, data), (Counts{{"a", 1}, {"b", 1}, {"c", 1}, {"d", 7}, {"e", 31}, {"f", 70}}));
    EXPECT_TRUE(says(lines_of(data.warnings), {"1 of 6 classes without a test image", "'a'"}));
    EXPECT_TRUE(says(lines_of(data.warnings), {"2 of 6 classes without a validation image", "'a' and 'b'"}));
}

TEST(SplitTest, TrainingKeepsAnImageAndNoFractionTakesNone) {
    const Dataset most = split_dataset(class_folders({{"a", 2}, {"b", 3}}), fractions(0.9, 0.05), 1);
    EXPECT_EQ(counts_of(most.train, most), (Counts{{"a", 1}, {"b", 1}}));
    const Dataset none = split_dataset(class_folders({{"a", 2}, {"b", 3}}), fractions(0, 0), 1);
    EXPECT_EQ(none.train.size(), 5U);
}

TEST(SplitTest, SamplesAreOrderedByClassThenName) {
    const Dataset data = split_dataset(class_folders({{"a", 30}, {"b", 30}}), fractions(0.3, 0.3), 1);
    for (const Samples* split : {&data.train, &data.val, &data.test}) {
        EXPECT_TRUE(std::is_sorted(split->begin(), split->end(), [](const Sample& x, const Sample& y) {
            return x.label != y.label ? x.label < y.label : x.name < y.name;
        }));
    }
}

TEST(SplitTest, OtherClassesAndTheOrderOfListingChangeNothing) {
    const DataOptions options = fractions(0.2, 0.2, 5);
    const Dataset alone = split_dataset(class_folders({{"lion", 40}}), options, 9);
    Manifest crowd = class_folders({{"ant", 12}, {"lion", 40}, {"zebra", 90}});
    std::reverse(crowd.unsplit.begin(), crowd.unsplit.end());
    const Dataset among = split_dataset(crowd, options, 9);
    EXPECT_EQ(name_set(only(among.train, among, "lion")), name_set(alone.train));
    EXPECT_EQ(name_set(only(among.val, among, "lion")), name_set(alone.val));
    EXPECT_EQ(name_set(only(among.test, among, "lion")), name_set(alone.test));
}

TEST(SplitTest, MovingTheDataChangesNothing) {
    const DataOptions options = fractions(0.2, 0.2, 5);
    const Dataset here = split_dataset(class_folders({{"lion", 40}, {"ant", 40}}, "", "/here"), options, 9);
    const Dataset there = split_dataset(class_folders({{"lion", 40}, {"ant", 40}}, "", "/there"), options, 9);
    EXPECT_EQ(names_of(here.train), names_of(there.train));
    EXPECT_EQ(names_of(here.test), names_of(there.test));

    const Dataset below_train = split_dataset(with_train({{"lion", 40}, {"ant", 40}}), fractions(0, 0, 5), 9);
    const Dataset alone = split_dataset(class_folders({{"lion", 40}, {"ant", 40}}), fractions(0, 0, 5), 9);
    for (size_t i = 0; i < alone.train.size(); ++i) {
        EXPECT_EQ(below_train.train[i].name, "train/" + alone.train[i].name);
    }
}

/// Sets of 3 out of 10 drawn apart share 0.9 on average, with a standard deviation of 0.7.
TEST(SplitTest, SeedsAndClassesDrawApartFromEachOther) {
    constexpr int kDraws = 2000;
    const Manifest manifest = class_folders({{"a", 10}, {"b", 10}});
    int shared_by_classes = 0, shared_by_seeds = 0;
    std::set<std::string> previous;
    for (uint64_t seed = 0; seed < kDraws; ++seed) {
        const std::set<std::string> test = name_set(split_dataset(manifest, fractions(0.3, 0), seed).test);
        for (const std::string& name : test) {
            if (name[0] != 'a') continue;
            std::string twin = name;
            twin[0] = 'b';
            shared_by_classes += static_cast<int>(test.count(twin));
            shared_by_seeds += static_cast<int>(previous.count(name));
        }
        previous = test;
    }
    const double five_deviations = 5 * 0.7 * std::sqrt(kDraws);
    EXPECT_NEAR(shared_by_classes, 0.9 * kDraws, five_deviations);
    EXPECT_NEAR(shared_by_seeds, 0.9 * kDraws, five_deviations);
}

TEST(SplitTest, OneMoreImageMovesAtMostOneOther) {
    for (size_t count = 2; count < 60; ++count) {
        const Dataset before = split_dataset(class_folders({{"a", count}}), fractions(0.3, 0), 4);
        const Dataset after = split_dataset(class_folders({{"a", count + 1}}), fractions(0.3, 0), 4);
        const auto test_before = name_set(before.test), test_after = name_set(after.test);
        std::vector<std::string> moved;
        std::set_symmetric_difference(test_before.begin(), test_before.end(), test_after.begin(), test_after.end(),
                                      std::back_inserter(moved));
        EXPECT_LE(moved.size(), 2U) << count;
    }
}

TEST(SplitTest, EveryImageHasTheSameChance) {
    std::map<std::string, int> taken;
    constexpr int kDraws = 2000;
    for (uint64_t seed = 0; seed < kDraws; ++seed) {
        const Dataset data = split_dataset(class_folders({{"a", 10}}), fractions(0.3, 0), seed);
        for (const Sample& sample : data.test) ++taken[sample.name];
    }
    ASSERT_EQ(taken.size(), 10U);
    // Five standard deviations of a binomial draw with p = 0.3.
    for (const auto& [name, count] : taken) EXPECT_NEAR(count, 0.3 * kDraws, 103) << name;
}

TEST(SplitTest, ValidationComesOutOfTrainWhereThereIsNone) {
    Manifest manifest = with_train({{"a", 20}, {"b", 10}});
    manifest.test.push_back({"/data/test/a/x.jpg", "test/a/x.jpg", 0});
    const Dataset data = split_dataset(manifest, fractions(0.2, 0.1), 1);
    EXPECT_EQ(counts_of(data.val, data), (Counts{{"a", 2}, {"b", 1}}));
    EXPECT_EQ(counts_of(data.train, data), (Counts{{"a", 18}, {"b", 9}}));
    EXPECT_EQ(names_of(data.test), (std::vector<std::string>{"test/a/x.jpg"}));
    EXPECT_TRUE(says(lines_of(data.warnings), {"1 of 2 classes without a test image", "'b'"}));
}

TEST(SplitTest, WithoutAnImageToJudgeByItSaysSo) {
    const auto warnings = [](double val, double test) {
        return lines_of(split_dataset(with_train({{"a", 20}, {"b", 10}}), fractions(test, val), 1).warnings);
    };
    EXPECT_TRUE(
        says(warnings(0, 0), {"no image is kept to judge the model by", "test/ beside train/", "data.val_fraction"}));
    EXPECT_TRUE(warnings(0.1, 0).empty());
}

TEST(SplitTest, AValidationSplitOfTheDataWins) {
    Manifest manifest = with_train({{"a", 20}, {"b", 20}});
    manifest.val = {{"/data/val/a/x.jpg", "val/a/x.jpg", 0}, {"/data/val/b/x.jpg", "val/b/x.jpg", 1}};
    const Dataset data = split_dataset(manifest, fractions(0.2, 0.5), 1);
    EXPECT_EQ(data.train.size(), 40U);
    EXPECT_EQ(data.val.size(), 2U);
    EXPECT_TRUE(says(lines_of(data.warnings), {"val_fraction has no effect"}));
}

/// Every training image is held out exactly once; test images are in no fold, and validation stays.
TEST(FoldsTest, TakeEveryTrainingImageOutOnce) {
    const Counts counts = {{"ant", 9}, {"bee", 4}, {"cat", 1}, {"dog", 12}};
    DataOptions options = fractions(0, 0);
    const Dataset whole = split_dataset(with_train(counts), options, 3);
    options.folds = 4;
    Counts held_out;
    std::vector<size_t> sizes;
    for (options.fold = 0; options.fold < options.folds; ++options.fold) {
        const Dataset data = split_dataset(with_train(counts), options, 3);
        EXPECT_EQ(data.train.size() + data.test.size(), whole.train.size());
        sizes.push_back(data.test.size());
        for (const Sample& sample : data.test) {
            ++held_out[sample.name];
            EXPECT_TRUE(std::ranges::none_of(data.train, [&](const Sample& s) { return s.name == sample.name; }));
        }
        for (const auto& [name, count] : counts) EXPECT_GE(counts_of(data.train, data).at(name), 1U);
    }
    EXPECT_EQ(held_out.size(), 25U);  // all but the only image of a class
    for (const auto& [name, times] : held_out) EXPECT_EQ(times, 1U) << name;
    EXPECT_LE(*std::ranges::max_element(sizes) - *std::ranges::min_element(sizes), 1U);
}

TEST(FoldsTest, LeaveTestImagesAloneAndFoldTheShots) {
    DataOptions options = fractions(0.4, 0.2, 5);
    const Dataset whole = split_dataset(class_folders({{"ant", 20}, {"bee", 20}}), options, 1);
    options.folds = 5;
    const Dataset data = split_dataset(class_folders({{"ant", 20}, {"bee", 20}}), options, 1);
    std::set<std::string> test, shots, folded;
    for (const Sample& sample : whole.test) test.insert(sample.name);
    for (const Sample& sample : whole.train) shots.insert(sample.name);
    for (const Samples* split : {&data.train, &data.test}) {
        for (const Sample& sample : *split) folded.insert(sample.name);
    }
    EXPECT_EQ(folded, shots);
    for (const std::string& name : folded) EXPECT_FALSE(test.contains(name));
    EXPECT_EQ(data.val.size(), whole.val.size());
}

TEST(ShotsTest, EachClassGivesThatManyAndDrawsAreNested) {
    const Manifest manifest = class_folders({{"a", 30}, {"b", 25}});
    std::set<std::string> fewer;
    for (int64_t shots = 1; shots <= 16; ++shots) {
        const Dataset data = split_dataset(manifest, fractions(0.2, 0.1, shots), 5);
        const auto count = static_cast<size_t>(shots);
        EXPECT_EQ(counts_of(data.train, data), (Counts{{"a", count}, {"b", count}}));
        const std::set<std::string> now = name_set(data.train);
        EXPECT_TRUE(is_subset(fewer, now)) << shots;
        fewer = now;
    }
}

TEST(ShotsTest, ShotsLeaveValidationAndTestAlone) {
    const Manifest manifest = class_folders({{"a", 30}, {"b", 25}});
    const Dataset all = split_dataset(manifest, fractions(0.2, 0.1), 5);
    const Dataset few = split_dataset(manifest, fractions(0.2, 0.1, 3), 5);
    EXPECT_EQ(names_of(few.test), names_of(all.test));
    EXPECT_EQ(names_of(few.val), names_of(all.val));
    EXPECT_TRUE(is_subset(name_set(few.train), name_set(all.train)));
}

TEST(ShotsTest, ClassesWithTooFewAreEachNamed) {
    const Manifest manifest = with_train({{"a", 5}, {"b", 4}, {"c", 1}});
    const auto lines = error_of([&] { split_dataset(manifest, fractions(0, 0, 5), 1); });
    EXPECT_EQ(lines.size(), 2U);
    EXPECT_TRUE(says(lines, {"class 'b' has too few training images", "at least 5", "found 4", "lower data.shots"}));
    EXPECT_TRUE(says(lines, {"class 'c' has too few training images", "found 1"}));
    EXPECT_EQ(split_dataset(manifest, fractions(0, 0, 1), 1).train.size(), 3U);
}

TEST(ShotsTest, DataWithoutTrainingImagesIsRefused) {
    Manifest manifest = with_train({{"a", 2}, {"b", 2}});
    std::swap(manifest.train, manifest.test);
    EXPECT_TRUE(says(error_of([&] { split_dataset(manifest, fractions(0, 0), 1); }),
                     {"no training image", "0 validation images, 4 test images"}));
}

TEST(ShotsTest, OneClassIsSaid) {
    const Dataset data = split_dataset(class_folders({{"a", 5}}), fractions(0.2, 0), 1);
    EXPECT_TRUE(says(lines_of(data.warnings), {"one class only", "'a'"}));
}

/// Results already published name these images; a change here is a change of every drawn dataset.
TEST(ShotsTest, TheDrawIsPinned) {
    const Dataset data = split_dataset(class_folders({{"lion", 10}, {"tiger", 10}}), fractions(0.2, 0, 2), 0);
    EXPECT_EQ(names_of(data.test),
              (std::vector<std::string>{"lion/0.jpg", "lion/9.jpg", "tiger/0.jpg", "tiger/7.jpg"}));
    EXPECT_EQ(names_of(data.train),
              (std::vector<std::string>{"lion/5.jpg", "lion/8.jpg", "tiger/5.jpg", "tiger/9.jpg"}));
}

}  // namespace
}  // namespace kaziranga::data
