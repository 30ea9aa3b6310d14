#include "tests/data/image_files.hpp"

#include <cstring>
#include <tuple>

namespace kaziranga::data {
namespace {

using namespace std::string_literals;

TEST(Probe, TellsFormatAndSizeOfEveryKind) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        const ImageProbe probe = probe_image(bytes, "photo", kMaxPixels);
        EXPECT_EQ(probe.width, 53);
        EXPECT_EQ(probe.height, 37);
        const bool named = (probe.format == ImageFormat::kJpeg && name.find("JPEG") != std::string::npos) ||
                           (probe.format == ImageFormat::kPng && name == "PNG") ||
                           (probe.format == ImageFormat::kWebp && name.find("WebP") != std::string::npos) ||
                           (probe.format == ImageFormat::kBmp && name == "BMP");
        EXPECT_TRUE(named);
    }
}

TEST(Probe, SaysWhatAFileIsInstead) {
    const std::vector<std::pair<std::string, std::string>> strangers = {
        {"", "the file is empty"},
        {"label,path\n1,a.jpg\n", "not an image (looks like text)"},
        {"BMX is a sport\n", "not an image (looks like text)"},
        {"GIF89a\x01\0\x01\0"s, "a GIF image"},
        {"II*\0\x08\0\0\0"s, "a TIFF image"},
        {"MM\0*\0\0\0\x08"s, "a TIFF image"},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0"s,
         "a HEIC image"},
        {"\0\0\0\x18"
         "ftypavif\0\0\0\0"s,
         "an AVIF image"},
        {"%PDF-1.7\n", "a PDF file"},
        {"\x01\x02\x03\x04", "not an image"},
        {"\xFF", "not an image"},
    };
    for (const auto& [bytes, what] : strangers) {
        const core::Problem problem = probe_problem(bytes);
        EXPECT_EQ(problem.what, what);
        EXPECT_EQ(problem.where, "folder/photo.jpg");
        EXPECT_FALSE(problem.remedy.empty());
    }
}

TEST(Probe, NamesWhatIsMissing) {
    const std::string jpeg = encoded(".jpg");
    EXPECT_EQ(probe_problem(jpeg.substr(0, jpeg.size() - 1)).what, "truncated: the end-of-image marker is missing");
    const std::string png = encoded(".png");
    EXPECT_EQ(probe_problem(png.substr(0, png.size() - 12)).what, "truncated: the IEND chunk is missing");
    const std::string webp = encoded(".webp");
    EXPECT_NE(probe_problem(webp.substr(0, webp.size() - 1)).what.find("truncated"), std::string::npos);
}

TEST(Probe, AllowsAsManyPixelsAsAskedAndNoMore) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        EXPECT_NO_THROW(probe_image(bytes, "photo", 37 * 53));
        const core::Problem problem = probe_problem(bytes, 37 * 53 - 1);
        EXPECT_EQ(problem.what, "too many pixels");
        EXPECT_EQ(problem.found, "53 x 37");
    }
}

TEST(Probe, PassesOverBytesAfterTheEnd) {
    for (const char* ending : {".jpg", ".png"}) {
        EXPECT_NO_THROW(decode_image(encoded(ending) + "camera notes", "photo", {kMaxPixels}));
    }
}

TEST(Probe, SeesAWrongChecksumAnywhereInAPng) {
    const std::string png = encoded(".png");
    for (size_t at = 16; at < png.size(); ++at) {
        std::string broken = png;
        broken[at] = static_cast<char>(broken[at] ^ 0x10);
        EXPECT_THROW(probe_image(broken, "photo", kMaxPixels), core::Error) << at;
    }
}

/// A JPEG with an APP1 segment of EXIF put in after the start-of-image marker.
std::string with_segment(const std::string& jpeg, const std::string& content) {
    const size_t length = content.size() + 2;
    return jpeg.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length >> 8) + static_cast<char>(length & 0xFF) +
           content + jpeg.substr(2);
}

TEST(Probe, TakesNoThumbnailsEndForTheImages) {
    const std::string jpeg = with_segment(encoded(".jpg"), "Exif\0\0"s + encoded(".jpg", {}, picture(8, 8)));
    EXPECT_EQ(probe_image(jpeg, "photo", kMaxPixels).width, 53);
    EXPECT_THROW(probe_image(jpeg.substr(0, jpeg.size() - 2), "photo", kMaxPixels), core::Error);
}

TEST(Probe, RefusesAnAnimation) {
    const std::string webp = "RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x07\0\0\x07\0\0"s;
    EXPECT_EQ(probe_problem(webp).what, "an animated WebP");
}

at::Tensor reference(const std::string& bytes, cv::ImreadModes mode = cv::IMREAD_COLOR) {
    const cv::Mat bgr = cv::imdecode(std::vector<uchar>(bytes.begin(), bytes.end()), mode);
    at::Tensor image = at::empty({bgr.rows, bgr.cols, 3}, at::kByte);
    cv::Mat rgb(bgr.rows, bgr.cols, CV_8UC3, image.mutable_data_ptr());
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return image;
}

TEST(Decode, EqualsOpenCvOnEveryKind) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        const at::Tensor image = decode_image(bytes, "photo", {kMaxPixels});
        EXPECT_TRUE(image.is_contiguous());
        EXPECT_TRUE(image.equal(reference(bytes)));
    }
}

/// The picture has 37 rows and 53 columns.
TEST(Decode, ReducesAJpegAsLongAsEnoughIsLeft) {
    const std::vector<std::tuple<int64_t, cv::ImreadModes, int64_t, int64_t>> expected = {
        {0, cv::IMREAD_COLOR, 37, 53},           {37, cv::IMREAD_COLOR, 37, 53},
        {19, cv::IMREAD_COLOR, 37, 53},          {18, cv::IMREAD_REDUCED_COLOR_2, 19, 27},
        {9, cv::IMREAD_REDUCED_COLOR_4, 10, 14}, {1, cv::IMREAD_REDUCED_COLOR_8, 5, 7}};
    for (const auto& [name, bytes] : every_kind()) {
        const bool reducible = name.find("JPEG") != std::string::npos;
        for (const auto& [short_side, mode, rows, columns] : expected) {
            SCOPED_TRACE(name + ", " + std::to_string(short_side));
            const at::Tensor image = decode_image(bytes, "photo", {kMaxPixels, short_side});
            EXPECT_TRUE(image.equal(reference(bytes, reducible ? mode : cv::IMREAD_COLOR)));
            if (reducible) {
                EXPECT_EQ(image.sizes(), (std::vector<int64_t>{rows, columns, 3}));
            }
        }
    }
}

TEST(Decode, DropsAlphaAndKeepsTheColourBelow) {
    cv::Mat bgra;
    cv::cvtColor(picture(), bgra, cv::COLOR_BGR2BGRA);
    for (int x = 0; x < bgra.cols; ++x) bgra.at<cv::Vec4b>(3, x)[3] = static_cast<uchar>(x);
    EXPECT_TRUE(decode_image(encoded(".png", {}, bgra), "photo", {kMaxPixels}).equal(reference(encoded(".png"))));
}

TEST(Decode, TurnsEveryOrientationUpright) {
    const std::string jpeg = encoded(".jpg");
    const at::Tensor stored = reference(jpeg);
    const at::Tensor turned = stored.transpose(0, 1);
    const std::vector<at::Tensor> expected = {stored, stored.flip(1), stored.flip({0, 1}), stored.flip(0),
                                              turned, turned.flip(1), turned.flip({0, 1}), turned.flip(0)};
    for (size_t orientation = 1; orientation <= expected.size(); ++orientation) {
        SCOPED_TRACE(orientation);
        for (const char type : {'\x03', '\x04'}) {  // a short, as the standard says, or a long
            const std::string exif = "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01"s + type + "\0\x01\0\0\0"s +
                                     static_cast<char>(orientation) + "\0\0\0"s;
            const at::Tensor image = decode_image(with_segment(jpeg, exif), "photo", {kMaxPixels});
            EXPECT_TRUE(image.is_contiguous());
            EXPECT_TRUE(image.equal(expected[orientation - 1]));
        }
    }
}

}  // namespace
}  // namespace kaziranga::data
