#include "training/features/cache.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

constexpr int64_t kDim = 3;
constexpr size_t kHeader = 256;  // bytes
using Row = std::array<float, kDim>;

const FeatureKind kKind{.hash = {1, 2}, .description = "a network's features"};

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
        FeatureCache cache(folder.path(), kKind, kDim);
        for (uint64_t i = 0; i < 100; ++i) append(cache, i);
        append(cache, 7, 1);
    }
    const FeatureCache cache(folder.path(), kKind, kDim);
    EXPECT_EQ(cache.size(), 101);
    for (uint64_t i = 0; i < 100; ++i) EXPECT_TRUE(holds(cache, i));
    EXPECT_TRUE(holds(cache, 7, 1));
    EXPECT_FALSE(holds(cache, 8, 1));
    EXPECT_FALSE(holds(cache, 100));
}

/// Its disk was full just when another program began it anew: without a header it would be nobody's for ever.
TEST(FeatureCache, NothingIsAppendedToOneThatLostItsBeginning) {
    const test::TemporaryFolder folder;
    FeatureCache cache(folder.path(), kKind, kDim);
    std::filesystem::resize_file(cache.path(), 0);
    append(cache, 1);
    EXPECT_EQ(std::filesystem::file_size(cache.path()), 0U);
    FeatureCache next(folder.path(), kKind, kDim);
    append(next, 1);
    EXPECT_TRUE(holds(FeatureCache(folder.path(), kKind, kDim), 1));
}

TEST(FeatureCache, WhatIsNoneIsLeftAlone) {
    const test::TemporaryFolder folder;
    const auto path = FeatureCache(folder / "scratch", kKind, kDim).path().filename();
    core::write_file(folder / "thesis.txt", "mine");
    std::filesystem::create_symlink(folder / "thesis.txt", folder / path);
    EXPECT_THROW(FeatureCache(folder.path(), kKind, kDim), core::Error);
    EXPECT_EQ(core::read_file(folder / "thesis.txt"), "mine");
    std::filesystem::remove(folder / path);
    core::write_file(folder / path, "mine");
    EXPECT_THROW(FeatureCache(folder.path(), kKind, kDim), core::Error);
    EXPECT_EQ(core::read_file(folder / path), "mine");
    for (const char* ours : {"", "KZ", "KZFEAT01 of an earlier version"}) {
        core::write_file(folder / path, ours);
        EXPECT_EQ(FeatureCache(folder.path(), kKind, kDim).size(), 0) << ours;
    }
}

TEST(FeatureCache, AnotherIdentityIsAnotherFile) {
    const test::TemporaryFolder folder;
    FeatureCache one(folder.path(), kKind, kDim);
    append(one, 1);
    const FeatureCache other(folder.path(), {.hash = {1, 3}, .description = ""}, kDim);
    EXPECT_NE(one.path(), other.path());
    EXPECT_FALSE(holds(other, 1));
}

TEST(FeatureCache, CutOffAnywhereItKeepsEveryWholeRecordAndGrowsOn) {
    const test::TemporaryFolder folder;
    std::filesystem::path path;
    {
        FeatureCache cache(folder.path(), kKind, kDim);
        for (uint64_t i = 0; i < 3; ++i) append(cache, i);
        path = cache.path();
    }
    const std::string whole = core::read_file(path);
    const size_t header = kHeader, record = (whole.size() - header) / 3;
    for (size_t length = 0; length < whole.size(); ++length) {
        core::write_file(path, whole.substr(0, length));
        const size_t records = length < header ? 0 : (length - header) / record;
        {
            FeatureCache cache(folder.path(), kKind, kDim);
            EXPECT_EQ(cache.size(), static_cast<int64_t>(records)) << length;
            append(cache, 9);
        }
        const FeatureCache again(folder.path(), kKind, kDim);
        EXPECT_EQ(again.size(), static_cast<int64_t>(records) + 1) << length;
        EXPECT_TRUE(holds(again, 9)) << length;
    }
}

TEST(FeatureCache, ADamagedRecordCountsAsAbsent) {
    const test::TemporaryFolder folder;
    std::filesystem::path path;
    {
        FeatureCache cache(folder.path(), kKind, kDim);
        for (uint64_t i = 0; i < 3; ++i) append(cache, i);
        path = cache.path();
    }
    const std::string whole = core::read_file(path);
    core::RandomStream random(0, core::Purpose::kTest);
    for (int round = 0; round < 200; ++round) {
        std::string damaged = whole;
        const size_t at = kHeader + random.below(whole.size() - kHeader);
        damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random.below(255)));
        core::write_file(path, damaged);
        const FeatureCache cache(folder.path(), kKind, kDim);
        EXPECT_EQ(cache.size(), 2);
        for (uint64_t i = 0; i < 3; ++i) holds(cache, i);  // what is found must be right
    }
}

TEST(FeatureCache, TwoWritersDoNotLoseEachOthersRows) {
    const test::TemporaryFolder folder;
    {
        FeatureCache one(folder.path(), kKind, kDim), two(folder.path(), kKind, kDim);
        for (uint64_t i = 0; i < 20; ++i) append(i % 2 == 0 ? one : two, i);
    }
    EXPECT_EQ(FeatureCache(folder.path(), kKind, kDim).size(), 20);
}

std::string first_file(const test::TemporaryFolder& folder) {
    FeatureCache cache(folder.path(), kKind, kDim);
    for (uint64_t i = 0; i < 3; ++i) append(cache, i);
    return cache.path();
}

TEST(CacheFiles, SayWhatTheyHold) {
    const test::TemporaryFolder folder;
    const std::string path = first_file(folder);
    const auto files = cache_files(folder.path(), /*verify=*/true);
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].path, path);
    EXPECT_EQ(files[0].description, kKind.description);
    EXPECT_EQ(files[0].dim, kDim);
    EXPECT_EQ(files[0].records, 3);
    EXPECT_EQ(files[0].damaged, 0);
    EXPECT_EQ(files[0].bytes, std::filesystem::file_size(path));
}

TEST(CacheFiles, VerifyingFindsADamagedRecord) {
    const test::TemporaryFolder folder;
    const std::string path = first_file(folder);
    std::string bytes = core::read_file(path);
    bytes.back() ^= 1;
    core::write_file(path, bytes);
    EXPECT_EQ(cache_files(folder.path(), /*verify=*/true)[0].damaged, 1);
    EXPECT_EQ(cache_files(folder.path(), /*verify=*/false)[0].damaged, 0);
}

TEST(CacheFiles, SayWhereTheirEndIsCutOff) {
    const test::TemporaryFolder folder;
    const std::string path = first_file(folder);
    const std::string whole = core::read_file(path);
    EXPECT_FALSE(cache_files(folder.path(), /*verify=*/false)[0].cut_off);
    for (const size_t length : {whole.size() - 1, size_t{10}}) {
        core::write_file(path, whole.substr(0, length));
        EXPECT_TRUE(cache_files(folder.path(), /*verify=*/false)[0].cut_off) << length;
    }
}

TEST(CacheFiles, ClearingRemovesCachesAndNothingElse) {
    const test::TemporaryFolder folder;
    first_file(folder);
    core::write_file(folder.path() / "notes.txt", "mine");
    core::write_file(folder.path() / "mine.features", "not a cache");
    core::write_file(folder.path() / "empty.features", "");
    core::write_file(folder.path() / "old.features", "KZFEAT01 of an older version");
    std::filesystem::create_directory(folder.path() / "folder.features");
    std::filesystem::create_symlink(folder.path() / "old.features", folder.path() / "link.features");
    EXPECT_EQ(clear_caches(folder.path()).size(), 2U);
    EXPECT_TRUE(cache_files(folder.path(), /*verify=*/true).empty());
    for (const char* name : {"notes.txt", "mine.features", "empty.features", "folder.features"}) {
        EXPECT_TRUE(std::filesystem::exists(folder.path() / name)) << name;
    }
    EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link.features"));
}

TEST(CacheFiles, WhateverTheHeaderSaysReadsNothingOutsideTheFile) {
    const test::TemporaryFolder folder;
    const std::string path = first_file(folder);
    const std::string whole = core::read_file(path);
    core::RandomStream random(1, core::Purpose::kTest);
    for (int round = 0; round < 300; ++round) {
        std::string damaged = whole.substr(0, 6 + random.below(whole.size() - 5));
        const size_t changed = std::min<size_t>(damaged.size(), 40);  // magic, width, kind
        for (size_t at = 6; at < changed; ++at) {
            if (random.below(3) == 0) damaged[at] = static_cast<char>(random.below(256));
        }
        core::write_file(path, damaged);
        EXPECT_EQ(cache_files(folder.path(), /*verify=*/true).size(), 1U);
    }
}

TEST(CacheFiles, NeedAFolder) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(cache_files(folder.path() / "none", false), core::Error);
}

}  // namespace
}  // namespace kaziranga::training
