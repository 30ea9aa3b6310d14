#include "evaluation/report/contact_sheet.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/image_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

/// @return [H, W, 3], RGB
at::Tensor sheet_of(const at::Tensor& images, const std::vector<std::string>& captions) {
    const test::TemporaryFolder folder;
    write_contact_sheet(folder / "sheet.jpg", images, captions);
    const std::string file = core::read_file(folder / "sheet.jpg");
    EXPECT_TRUE(file.starts_with("\xFF\xD8\xFF"));
    return test::decode_jpeg(file);
}

/// Whether there is text below an image `side` high, in columns `first` to `last`.
bool has_ink(const at::Tensor& sheet, int64_t side, int64_t first, int64_t last) {
    return sheet.slice(0, 20 + side, 36 + side).slice(1, first, last).min().item<int>() < 200;
}

TEST(ContactSheet, HoldsSixteenAtMostInRowsOfFour) {
    struct Size {
        int64_t height, width;
        bool operator==(const Size&) const = default;
    };
    const auto size = [](int64_t count) {
        const std::vector<std::string> captions(static_cast<size_t>(count), "x");
        const at::Tensor sheet = sheet_of(at::zeros({count, 3, 200, 200}, at::kByte), captions);
        return Size{sheet.size(0), sheet.size(1)};
    };
    EXPECT_TRUE(size(20) == size(16));
    EXPECT_EQ(size(4).width, size(16).width);
    EXPECT_EQ(size(5).height, size(8).height);
    EXPECT_LT(size(4).height, size(5).height);
    EXPECT_LT(size(3).width, size(4).width);
}

TEST(ContactSheet, ShowsImagesInOrderAndInTheirColours) {
    at::Tensor images = at::zeros({2, 3, 180, 200}, at::kByte);
    images[0][0].fill_(220);
    images[1][2].fill_(220);
    const at::Tensor sheet = sheet_of(images.contiguous(at::MemoryFormat::ChannelsLast), {"red", "blue"});
    const at::Tensor first = sheet[100][100], second = sheet[100][320];
    EXPECT_NEAR(first[0].item<int>(), 220, 6);
    EXPECT_NEAR(first[2].item<int>(), 0, 6);
    EXPECT_NEAR(second[2].item<int>(), 220, 6);
    EXPECT_NEAR(second[0].item<int>(), 0, 6);
}

TEST(ContactSheet, CutsCaptionsToTheWidthOfTheirImage) {
    const at::Tensor images = at::full({2, 3, 200, 200}, 255, at::kByte);
    const at::Tensor sheet = sheet_of(images, {std::string(500, 'W'), ""});
    EXPECT_TRUE(has_ink(sheet, 200, 14, 210));
    EXPECT_FALSE(has_ink(sheet, 200, 216, 424));
}

TEST(ContactSheet, ShowsWhatItsFontLacksAsAQuestionMark) {
    const at::Tensor images = at::full({1, 3, 200, 200}, 255, at::kByte);
    const at::Tensor marks = sheet_of(images, {"a?~??"});
    EXPECT_TRUE(sheet_of(images, {"a\n~\xFF象"}).equal(marks));
    EXPECT_TRUE(sheet_of(images, {"Bär"}).equal(sheet_of(images, {"Bar"})));
    EXPECT_FALSE(sheet_of(images, {"a????"}).equal(marks));
}

TEST(ContactSheet, EnlargesSmallImages) {
    const at::Tensor sheet = sheet_of(at::full({1, 3, 30, 32}, 128, at::kByte), {"small"});
    EXPECT_GE(sheet.size(1), 160);
    EXPECT_NEAR(sheet[150][160][1].item<int>(), 128, 6);
}

TEST(ContactSheet, SaysWhereItCannotBeWritten) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(write_contact_sheet(folder / "absent" / "sheet.jpg", at::zeros({1, 3, 8, 8}, at::kByte), {"x"}),
                 core::Error);
}

}  // namespace
}  // namespace kaziranga::evaluation
