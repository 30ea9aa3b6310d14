#include "data/manifests/groups.hpp"

#include "core/random.hpp"
#include "data/formats/exif.hpp"
#include "data/manifests/clock.hpp"
#include "data/manifests/load.hpp"
#include "tests/data/made_folder.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

TEST(SecondsOf, ReadsTheTimesOfCamerasAndTables) {
    const int64_t time = 1625116842;  // date --utc --date '2021-07-01 05:20:42' +%s
    for (const char* text : {"2021-07-01 05:20:42", "2021:07:01 05:20:42", "2021/07/01T05:20:42",
                             "2021-07-01T05:20:42Z", "2021-07-01 05:20:42.75", "2021-07-01T05:20:42+02:00"}) {
        EXPECT_EQ(seconds_of(text), time) << text;
    }
    EXPECT_EQ(seconds_of("2021-07-01 05:20"), time - 42);
    EXPECT_EQ(seconds_of("1970-01-01 00:00:01"), 1);
    for (const char* text :
         {"", "2021", "2021-07-01", "2021-13-01 05:20:42", "2021-02-30 05:20:42", "2021-07-01 25:20:42",
          "0000:00:00 00:00:00", "01.07.2021 05:20:42", "2021-07-01 5:20:42", "-021-07-01 05:20:42"}) {
        EXPECT_EQ(seconds_of(text), std::nullopt) << text;
    }
}

std::string little(uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
}

/// The start of a JPEG with EXIF that has these times; an empty time is left out.
std::string photograph(const std::string& original, const std::string& changed = {}) {
    constexpr uint64_t kFirst = 8, kExif = 60, kOriginalAt = 100, kChangedAt = 140;
    const auto field = [](uint64_t tag, uint64_t type, uint64_t count, uint64_t value) {
        return little(tag, 2) + little(type, 2) + little(count, 4) + little(value, 4);
    };
    std::string tiff = std::string("II*\0", 4) + little(kFirst, 4) + little(changed.empty() ? 1 : 2, 2);
    if (!changed.empty()) tiff += field(0x0132, 2, 20, kChangedAt);
    tiff += field(0x8769, 4, 1, kExif);
    tiff.resize(kExif);
    tiff += little(original.empty() ? 0 : 1, 2) + (original.empty() ? "" : field(0x9003, 2, 20, kOriginalAt));
    tiff.resize(kOriginalAt);
    tiff += original;
    tiff.resize(kChangedAt);
    tiff += changed + std::string(1, '\0');
    const std::string content = std::string("Exif\0\0", 6) + tiff, colours = "ICC_PROFILE";
    const auto segment = [](char code, const std::string& bytes) {
        const size_t length = bytes.size() + 2;
        return "\xFF" + std::string(1, code) + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) +
               bytes;
    };
    return "\xFF\xD8" + segment('\xE2', colours) + segment('\xE1', content) + "\xFF\xD9";
}

TEST(ExifTime, IsWhenThePhotographWasTaken) {
    MadeFolder made;
    made.file("taken.jpg", photograph("2021:07:01 05:20:42", "2022:01:01 00:00:00"));
    made.file("changed.jpg", photograph("", "2022:01:01 00:00:00"));
    made.file("none.jpg", photograph(""));
    made.file("text.jpg", "2021:07:01 05:20:42");
    EXPECT_EQ(formats::exif_time(made.path() / "taken.jpg"), "2021:07:01 05:20:42");
    EXPECT_EQ(formats::exif_time(made.path() / "changed.jpg"), "2022:01:01 00:00:00");
    for (const char* name : {"none.jpg", "text.jpg", "missing.jpg"}) {
        EXPECT_EQ(formats::exif_time(made.path() / name), "") << name;
    }
}

TEST(ExifTime, SurvivesAnyBytes) {
    MadeFolder made;
    const std::string whole = photograph("2021:07:01 05:20:42", "2022:01:01 00:00:00");
    for (uint64_t round = 0; round < 2000; ++round) {
        core::RandomStream random(3, core::Purpose::kTest, {round});
        std::string bytes = whole.substr(0, 4 + random.below(whole.size() - 3));
        for (int i = 0; i < 3; ++i) bytes[3 + random.below(bytes.size() - 3)] = static_cast<char>(random());
        made.file("photo.jpg", bytes);
        EXPECT_LE(formats::exif_time(made.path() / "photo.jpg").size(), bytes.size());
    }
}

Samples grouped(MadeFolder& made, const std::string& group, double seconds = 60) {
    DataOptions options;
    options.root = made.path().string();
    options.group = group;
    options.burst_seconds = seconds;
    Manifest manifest = read_manifest(options);
    std::ranges::sort(manifest.unsplit, {}, &Sample::name);
    return manifest.unsplit;
}

std::vector<std::string> groups_of(const Samples& samples) {
    std::vector<std::string> groups;
    for (const Sample& sample : samples) groups.push_back(sample.group);
    return groups;
}

TEST(Groups, ABurstEndsWhereTheNextImageIsLate) {
    MadeFolder made;
    made.file("deer/1.jpg", photograph("2021:07:01 05:20:42"));
    made.file("deer/2.jpg", photograph("2021:07:01 05:21:42"));
    made.file("deer/3.jpg", photograph("2021:07:01 05:22:43"));
    made.file("deer/4.jpg", photograph("2021:07:01 05:20:50"));
    made.file("deer/5.jpg", photograph(""));
    made.file("lion/1.jpg", photograph("2021:07:01 05:20:42"));
    const std::vector<std::string> expected = {"deer/1.jpg", "deer/1.jpg", "deer/3.jpg",
                                               "deer/1.jpg", "",           "lion/1.jpg"};
    EXPECT_EQ(groups_of(grouped(made, "burst")), expected);
    EXPECT_EQ(groups_of(grouped(made, "burst", 61))[2], "deer/1.jpg");
    EXPECT_EQ(groups_of(grouped(made, "folder")),
              (std::vector<std::string>{"deer", "deer", "deer", "deer", "deer", "lion"}));
}

/// 30 sites with 1 to 9 images of some of 4 classes each.
Manifest survey(uint64_t seed) {
    Manifest manifest{.root = "/data", .classes = {"a", "b", "c", "d"}};
    core::RandomStream random(seed, core::Purpose::kTest);
    for (int site = 0; site < 30; ++site) {
        for (int i = 0; i < 1 + static_cast<int>(random.below(9)); ++i) {
            const auto label = static_cast<int64_t>(random.below(site < 3 ? 4 : 3));  // d lives at three sites
            const std::string name = std::to_string(site) + "/" + std::to_string(i) + ".jpg";
            manifest.unsplit.push_back(
                {.path = name, .name = name, .label = label, .group = "site " + std::to_string(site)});
        }
    }
    for (const int site : {0, 1, 2})
        manifest.unsplit.push_back(
            {.path = "d", .name = "d" + std::to_string(site), .label = 3, .group = "site " + std::to_string(site)});
    return manifest;
}

std::set<std::string> group_set(const Samples& samples) {
    const std::vector<std::string> groups = groups_of(samples);
    return {groups.begin(), groups.end()};
}

bool disjoint(const std::set<std::string>& a, const std::set<std::string>& b) {
    return std::ranges::none_of(a, [&](const std::string& name) { return b.contains(name); });
}

TEST(Groups, StayWholeInSplits) {
    for (uint64_t seed = 0; seed < 30; ++seed) {
        DataOptions options;
        options.test_fraction = 0.25;
        options.val_fraction = 0.2;
        const Manifest manifest = survey(seed);
        const Dataset data = split_dataset(manifest, options, seed);
        EXPECT_EQ(data.train.size() + data.val.size() + data.test.size(), manifest.unsplit.size());
        EXPECT_TRUE(disjoint(group_set(data.train), group_set(data.val)));
        EXPECT_TRUE(disjoint(group_set(data.train), group_set(data.test)));
        EXPECT_TRUE(disjoint(group_set(data.val), group_set(data.test)));
        const double share = static_cast<double>(data.test.size()) / static_cast<double>(manifest.unsplit.size());
        EXPECT_NEAR(share, 0.25, 0.12) << seed;
        for (int64_t k = 0; k < 4; ++k) {
            const auto is_k = [k](const Sample& sample) { return sample.label == k; };
            EXPECT_TRUE(std::ranges::any_of(data.train, is_k) && std::ranges::any_of(data.test, is_k)) << seed << k;
        }
    }
}

TEST(Groups, StayWholeInFolds) {
    DataOptions options;
    options.test_fraction = options.val_fraction = 0;
    options.folds = 4;
    const Manifest manifest = survey(5);
    size_t held_out = 0;
    for (options.fold = 0; options.fold < options.folds; ++options.fold) {
        const Dataset data = split_dataset(manifest, options, 1);
        EXPECT_TRUE(disjoint(group_set(data.train), group_set(data.test)));
        held_out += data.test.size();
    }
    EXPECT_EQ(held_out, manifest.unsplit.size());
}

/// Few sites, and rare species at one or two of them.
TEST(Groups, FoldsLeaveEveryClassImagesToLearnFrom) {
    for (uint64_t round = 0; round < 100; ++round) {
        core::RandomStream random(12, core::Purpose::kTest, {round});
        Manifest manifest{.root = "/data", .classes = {"a", "b", "c", "d"}};
        for (int64_t i = 0; i < 30; ++i) {
            const int64_t label = i < 4 ? i : static_cast<int64_t>(random.below(4));
            const std::string name = std::to_string(i) + ".jpg";
            manifest.unsplit.push_back(
                {.path = name, .name = name, .label = label, .group = std::to_string(random.below(6))});
        }
        DataOptions options;
        options.test_fraction = options.val_fraction = 0;
        options.folds = 4;
        for (options.fold = 0; options.fold < options.folds; ++options.fold) {
            const Dataset data = split_dataset(manifest, options, round);
            EXPECT_TRUE(disjoint(group_set(data.train), group_set(data.test)));
            std::set<int64_t> trained;
            for (const Sample& sample : data.train) trained.insert(sample.label);
            EXPECT_EQ(trained.size(), 4U);
        }
    }
}

TEST(Groups, OfFolders) {
    DataOptions options;
    options.group = "folder";
    Samples samples = {{"/d/1.jpg", "1.jpg", 0}, {"/d/2.jpg", "2.jpg", 0}, {"/d/x/3.jpg", "x/3.jpg", 0}};
    std::vector<core::Problem> warnings;
    set_groups(options, {&samples}, warnings);
    EXPECT_EQ(unit_name(samples[0]), unit_name(samples[1]));
    EXPECT_NE(unit_name(samples[0]), unit_name(samples[2]));
    EXPECT_TRUE(warnings.empty());
}

TEST(Groups, AShotIsAGroup) {
    DataOptions options;
    options.test_fraction = 0;
    options.shots = 2;
    const Dataset data = split_dataset(survey(7), options, 1);
    std::map<int64_t, std::set<std::string>> groups;
    for (const Sample& sample : data.train) groups[sample.label].insert(sample.group);
    for (const auto& [label, names] : groups) EXPECT_EQ(names.size(), 2U) << label;
    options.shots = 4;
    const std::string said = error_of([&] { split_dataset(survey(7), options, 1); }).front();
    EXPECT_NE(said.find("class 'd' has too few training groups (expected at least 4 (data.shots), found 3 of"),
              std::string::npos)
        << said;
}

TEST(Groups, TheBoxesOfAnImageStayTogether) {
    Manifest manifest{.root = "/data", .classes = {"a"}};
    for (int i = 0; i < 60; ++i) {
        const RelativeBox box = {.x = 0.1F * static_cast<float>(i % 3), .y = 0, .width = 0.5F, .height = 0.5F};
        const std::string image = std::to_string(i / 3) + ".jpg";
        manifest.unsplit.push_back({.path = image, .name = name_of_box(image, box), .label = 0, .box = box});
    }
    const Dataset data = split_dataset(manifest, {}, 3);
    EXPECT_EQ(data.test.size(), 12U);
    std::set<std::string> train, test;
    for (const Sample& sample : data.train) train.insert(image_name(sample));
    for (const Sample& sample : data.test) test.insert(image_name(sample));
    EXPECT_TRUE(disjoint(train, test));
}

}  // namespace
}  // namespace kaziranga::data
