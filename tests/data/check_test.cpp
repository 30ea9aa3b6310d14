#include "data/inspect.hpp"
#include "data/manifests/load.hpp"
#include "tests/data/made_folder.hpp"

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

/// A BMP of 1×1, 24 bits.
std::string pixel(uint8_t shade) {
    std::string bytes("BM\x3A\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0\1\0\x18\0", 30);
    bytes.resize(54, '\0');
    bytes += std::string(3, static_cast<char>(shade)) + '\0';
    return bytes;
}

CheckReport report_on(const MadeFolder& made) {
    DataOptions options = made.options();
    options.max_pixels = 1000;
    options.workers = 2;
    return check_dataset(load_dataset(options, 1), options);
}

TEST(CheckTest, SoundDataGivesNoWord) {
    MadeFolder made;
    made.file("train/lion/a.bmp", pixel(1));
    made.file("train/ant/a.bmp", pixel(2));
    made.file("test/lion/a.bmp", pixel(3));
    made.file("test/ant/a.bmp", pixel(4));
    const CheckReport report = report_on(made);
    EXPECT_EQ(report.images, 4);
    EXPECT_TRUE(report.errors.empty()) << core::to_line(report.errors.front());
    EXPECT_TRUE(report.warnings.empty()) << core::to_line(report.warnings.front());
}

TEST(CheckTest, NamesEveryFileThatIsNoImage) {
    MadeFolder made;
    made.file("train/lion/a.bmp", pixel(1));
    made.file("train/lion/empty.png");
    made.file("train/lion/text.jpg", "hello");
    made.file("val/lion/cut.bmp", pixel(2).substr(0, 55));
    made.file("test/lion/empty.png");
    made.link("test/lion/gone.jpg", "nowhere");
    const CheckReport report = report_on(made);
    EXPECT_EQ(report.images, 6);
    const auto lines = lines_of(report.errors);
    EXPECT_EQ(lines.size(), 5U);
    for (const char* name : {"train/lion/empty.png", "train/lion/text.jpg", "val/lion/cut.bmp", "test/lion/empty.png",
                             "test/lion/gone.jpg"}) {
        EXPECT_TRUE(says(lines, {(made.path() / name).string()}));
    }
    EXPECT_FALSE(says(lines_of(report.warnings), {"same photograph"})) << "two empty files are no photograph";
}

TEST(CheckTest, TheSamePhotographInTwoPlacesIsSaid) {
    MadeFolder made;
    made.file("train/lion/a.bmp", pixel(1));
    made.file("train/ant/a.bmp", pixel(2));
    made.file("train/ant/b.bmp", pixel(2));
    made.file("train/ant/c.bmp", pixel(2));
    made.file("train/ant/d.bmp", pixel(5));
    made.file("test/lion/z.bmp", pixel(1));
    made.file("test/lion/y.bmp", pixel(5));
    made.file("test/ant/x.bmp", pixel(6));
    const CheckReport report = report_on(made);
    EXPECT_TRUE(report.errors.empty());
    const auto lines = lines_of(report.warnings);
    EXPECT_TRUE(says(lines, {"train/lion/a.bmp: ", "the same photograph is in train and test", "test/lion/z.bmp"}));
    EXPECT_TRUE(says(lines, {"train/ant/d.bmp: ", "the same photograph is in train and test", "test/lion/y.bmp"}));
    EXPECT_TRUE(says(lines, {"train/ant/d.bmp: ", "photograph is labelled 'ant' and 'lion'", "test/lion/y.bmp"}));
    EXPECT_TRUE(says(lines, {"2 images copied", "same class and split", "'train/ant/b.bmp' and 'train/ant/c.bmp'"}));
    EXPECT_EQ(lines.size(), 4U);
}

TEST(CheckTest, ALongListIsCutShort) {
    MadeFolder made;
    for (const char name : std::string("abcdefghijkl")) made.file(std::string("train/") + name + "/1.bmp", pixel(1));
    const auto lines = lines_of(report_on(made).warnings);
    EXPECT_TRUE(says(lines, {"train/a/1.bmp: ", "is labelled 'a', 'b', 'c', 'd', 'e' and 7 more", "train/b/1.bmp, ",
                             "train/f/1.bmp and 6 more"}));
}

TEST(CheckTest, TheDatasetsOwnWarningsComeAlong) {
    MadeFolder made;
    made.file("train/lion/a.bmp", pixel(1));
    made.file("train/ant/a.bmp", pixel(2));
    made.folder("train/empty");
    EXPECT_TRUE(says(lines_of(report_on(made).warnings), {"/train/empty", "class folder without an image"}));
}

}  // namespace
}  // namespace kaziranga::data
