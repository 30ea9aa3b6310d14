#include "evaluation/contact_sheet.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <opencv2/imgcodecs.hpp>

#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

cv::Mat sheet_of(const at::Tensor& images, const std::vector<std::string>& captions) {
    const test::TemporaryFolder folder;
    write_contact_sheet(folder / "sheet.jpg", images, captions);
    EXPECT_TRUE(core::read_file(folder / "sheet.jpg").starts_with("\xFF\xD8\xFF"));
    return cv::imread(folder / "sheet.jpg");
}

/// Whether there is text below an image `side` high, in columns `first` to `last`.
bool has_ink(const cv::Mat& sheet, int side, int first, int last) {
    double darkest = 255;
    cv::minMaxIdx(sheet(cv::Range(20 + side, 36 + side), cv::Range(first, last)).clone().reshape(1), &darkest);
    return darkest < 200;
}

TEST(ContactSheet, HoldsSixteenAtMostInRowsOfFour) {
    const auto size = [](int64_t count) {
        const std::vector<std::string> captions(static_cast<size_t>(count), "x");
        return sheet_of(at::zeros({count, 3, 200, 200}, at::kByte), captions).size();
    };
    EXPECT_EQ(size(20), size(16));
    EXPECT_EQ(size(4).width, size(16).width);
    EXPECT_EQ(size(5).height, size(8).height);
    EXPECT_LT(size(4).height, size(5).height);
    EXPECT_LT(size(3).width, size(4).width);
}

TEST(ContactSheet, ShowsImagesInOrderAndInTheirColours) {
    at::Tensor images = at::zeros({2, 3, 180, 200}, at::kByte);
    images[0][0].fill_(220);
    images[1][2].fill_(220);
    const cv::Mat sheet = sheet_of(images.contiguous(at::MemoryFormat::ChannelsLast), {"red", "blue"});
    const auto first = sheet.at<cv::Vec3b>(100, 100), second = sheet.at<cv::Vec3b>(100, 320);
    EXPECT_NEAR(first[2], 220, 6);
    EXPECT_NEAR(first[0], 0, 6);
    EXPECT_NEAR(second[0], 220, 6);
    EXPECT_NEAR(second[2], 0, 6);
}

TEST(ContactSheet, CutsCaptionsToTheWidthOfTheirImage) {
    const at::Tensor images = at::full({2, 3, 200, 200}, 255, at::kByte);
    const cv::Mat sheet = sheet_of(images, {std::string(500, 'W'), ""});
    EXPECT_TRUE(has_ink(sheet, 200, 14, 210));
    EXPECT_FALSE(has_ink(sheet, 200, 216, 424));
}

TEST(ContactSheet, ShowsWhatItsFontLacksAsAQuestionMark) {
    const at::Tensor images = at::full({1, 3, 200, 200}, 255, at::kByte);
    const auto same = [](const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b) == 0; };
    EXPECT_TRUE(same(sheet_of(images, {"a\xC3\xA4\n~\xFF"}), sheet_of(images, {"a??~?"})));
    EXPECT_FALSE(same(sheet_of(images, {"a??~?"}), sheet_of(images, {"a????"})));
}

TEST(ContactSheet, EnlargesSmallImages) {
    const cv::Mat sheet = sheet_of(at::full({1, 3, 30, 32}, 128, at::kByte), {"small"});
    EXPECT_GE(sheet.cols, 160);
    EXPECT_NEAR(sheet.at<cv::Vec3b>(150, 160)[1], 128, 6);
}

TEST(ContactSheet, SaysWhereItCannotBeWritten) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(write_contact_sheet(folder / "absent" / "sheet.jpg", at::zeros({1, 3, 8, 8}, at::kByte), {"x"}),
                 core::Error);
}

}  // namespace
}  // namespace kaziranga::evaluation
