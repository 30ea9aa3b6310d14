#include "training/feature_cache.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/files.hpp"
#include "core/random.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kaziranga::training {
namespace {

constexpr int64_t kDim = 3;
using Row = std::array<float, kDim>;

const core::Hash128 kIdentity{1, 2};

ViewKey key(uint64_t image, uint64_t view = 0) {
    return {{image, image + 1}, view};
}

Row row_of(uint64_t image) {
    return {static_cast<float>(image), 0.5F, -1.0F};
}

void append(FeatureCache& cache, uint64_t image, uint64_t view = 0) {
    cache.append({key(image, view)}, row_of(image).data());
}

bool holds(const FeatureCache& cache, uint64_t image, uint64_t view = 0) {
    Row row{};
    if (!cache.find(key(image, view), row.data())) return false;
    EXPECT_EQ(row, row_of(image));
    return true;
}

TEST(FeatureCache, KeepsRowsByContentAndView) {
    const test::TemporaryFolder folder;
    {
        FeatureCache cache(folder.path(), kIdentity, kDim);
        for (uint64_t i = 0; i < 100; ++i) append(cache, i);
        append(cache, 7, 1);
    }
    const FeatureCache cache(folder.path(), kIdentity, kDim);
    EXPECT_EQ(cache.size(), 101);
    for (uint64_t i = 0; i < 100; ++i) EXPECT_TRUE(holds(cache, i));
    EXPECT_TRUE(holds(cache, 7, 1));
    EXPECT_FALSE(holds(cache, 8, 1));
    EXPECT_FALSE(holds(cache, 100));
}

TEST(FeatureCache, AnotherIdentityIsAnotherFile) {
    const test::TemporaryFolder folder;
    FeatureCache one(folder.path(), kIdentity, kDim);
    append(one, 1);
    const FeatureCache other(folder.path(), {1, 3}, kDim);
    EXPECT_NE(one.path(), other.path());
    EXPECT_FALSE(holds(other, 1));
}

TEST(FeatureCache, CutOffAnywhereItKeepsEveryWholeRecordAndGrowsOn) {
    const test::TemporaryFolder folder;
    std::filesystem::path path;
    {
        FeatureCache cache(folder.path(), kIdentity, kDim);
        for (uint64_t i = 0; i < 3; ++i) append(cache, i);
        path = cache.path();
    }
    const std::string whole = core::read_file(path);
    const size_t header = 32, record = (whole.size() - header) / 3;
    for (size_t length = 0; length < whole.size(); ++length) {
        core::write_file(path, whole.substr(0, length));
        const size_t records = length < header ? 0 : (length - header) / record;
        {
            FeatureCache cache(folder.path(), kIdentity, kDim);
            EXPECT_EQ(cache.size(), static_cast<int64_t>(records)) << length;
            append(cache, 9);
        }
        const FeatureCache again(folder.path(), kIdentity, kDim);
        EXPECT_EQ(again.size(), static_cast<int64_t>(records) + 1) << length;
        EXPECT_TRUE(holds(again, 9)) << length;
    }
}

TEST(FeatureCache, ADamagedRecordCountsAsAbsent) {
    const test::TemporaryFolder folder;
    std::filesystem::path path;
    {
        FeatureCache cache(folder.path(), kIdentity, kDim);
        for (uint64_t i = 0; i < 3; ++i) append(cache, i);
        path = cache.path();
    }
    const std::string whole = core::read_file(path);
    core::RandomStream random(0, core::Purpose::kTest);
    for (int round = 0; round < 200; ++round) {
        std::string damaged = whole;
        const size_t at = 32 + random.below(whole.size() - 32);
        damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random.below(255)));
        core::write_file(path, damaged);
        const FeatureCache cache(folder.path(), kIdentity, kDim);
        EXPECT_EQ(cache.size(), 2);
        for (uint64_t i = 0; i < 3; ++i) holds(cache, i);  // what is found must be right
    }
}

TEST(FeatureCache, TwoWritersDoNotLoseEachOthersRows) {
    const test::TemporaryFolder folder;
    {
        FeatureCache one(folder.path(), kIdentity, kDim), two(folder.path(), kIdentity, kDim);
        for (uint64_t i = 0; i < 20; ++i) append(i % 2 == 0 ? one : two, i);
    }
    EXPECT_EQ(FeatureCache(folder.path(), kIdentity, kDim).size(), 20);
}

}  // namespace
}  // namespace kaziranga::training
