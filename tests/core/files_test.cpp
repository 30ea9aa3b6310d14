#include "core/files.hpp"

#include "core/error.hpp"
#include "core/shortened_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace kaziranga::core {
namespace {

size_t entries(const std::filesystem::path& folder) {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(AtomicFile, IsNotThereBeforeCommitAndLeavesNothingBehind) {
    const test::TemporaryFolder folder;
    {
        AtomicFile file(folder / "a.txt");
        file.write("half");
        EXPECT_FALSE(std::filesystem::exists(folder / "a.txt"));
    }
    EXPECT_EQ(entries(folder.path()), 0U);
}

TEST(AtomicFile, KeepsTheOldContentUntilCommit) {
    const test::TemporaryFolder folder;
    write_file(folder / "a.txt", "old");
    {
        AtomicFile file(folder / "a.txt");
        file.write("new");
        EXPECT_EQ(read_file(folder / "a.txt"), "old");
        file.commit();
    }
    EXPECT_EQ(read_file(folder / "a.txt"), "new");
    EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, NamesTheFileWhenItsFolderIsMissing) {
    const test::TemporaryFolder folder;
    try {
        write_file(folder.path() / "missing" / "a.txt", "x");
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("missing/a.txt"), std::string::npos) << error.what();
    }
}

TEST(ReadFile, RefusesFoldersPipesAndLargeFiles) {
    const test::TemporaryFolder folder;
    write_file(folder / "ten", "0123456789");
    EXPECT_EQ(read_file(folder / "ten", 10), "0123456789");
    EXPECT_THROW(read_file(folder / "ten", 9), Error);
    EXPECT_THROW(read_file(folder.path()), Error);
    EXPECT_THROW(read_file(folder / "absent"), Error);
    EXPECT_THROW(read_file("/dev/zero"), Error);
}

TEST(MapFile, RefusesWhatReadFileRefuses) {
    const test::TemporaryFolder folder;
    write_file(folder / "ten", "0123456789");
    write_file(folder / "none", "");
    EXPECT_EQ(map_file(folder / "ten", 10).bytes(), "0123456789");
    EXPECT_EQ(map_file(folder / "none").bytes(), "");
    EXPECT_THROW(map_file(folder / "ten", 9), Error);
    EXPECT_THROW(map_file(folder.path()), Error);
    EXPECT_THROW(map_file(folder / "absent"), Error);
    EXPECT_THROW(map_file("/dev/zero"), Error);
}

TEST(MapFile, SaysSoWhenTheFileWasCutShortMeanwhile) {
    const test::TemporaryFolder folder;
    constexpr size_t kPages = 4 * 4096;
    write_file(folder / "weights", std::string(kPages, 'w'));
    const MappedFile file = map_file(folder / "weights");
    std::filesystem::resize_file(folder / "weights", 10);
    const auto read_the_end = [&] {
        explain_shortened_files();
        const volatile char last = file.bytes().back();
        std::_Exit(last == 'w' ? 0 : 1);
    };
    EXPECT_EXIT(read_the_end(), testing::ExitedWithCode(2), "became shorter while it was read");
}

TEST(ErrorText, SaysWhatWhereExpectedFoundAndWhatToDo) {
    EXPECT_EQ(to_line({.what = "bad", .where = "a.yaml:1:2", .expected = "x", .found = "y", .remedy = "mend it"}),
              "a.yaml:1:2: bad (expected x, found y); mend it");
    EXPECT_EQ(to_line({.what = "bad"}), "bad");
}

TEST(ErrorText, EscapesControlCharactersOfFileContent) {
    const std::string label(1'000'000, 'x');
    EXPECT_EQ(to_line({.what = "bad", .found = label}), "bad (found " + label.substr(0, 2000) + "…)");
    EXPECT_EQ(to_line({.what = std::string(1999, 'x') + "äb"}), std::string(1999, 'x') + "…") << "no half letters";
    EXPECT_EQ(to_line({.what = "bad \x1b[31m\nname"}), "bad \\x1b[31m\\x0aname");
}

}  // namespace
}  // namespace kaziranga::core
