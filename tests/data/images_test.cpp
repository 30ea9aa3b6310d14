#include "tests/data/image_files.hpp"

#include <cstring>
#include <tuple>

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

namespace kaziranga::data {
namespace {

using namespace std::string_literals;

TEST(Probe, TellsFormatAndSizeOfEveryKind) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        const ImageProbe probe = probe_image(bytes, "photo", kMaxPixels);
        EXPECT_EQ(probe.structure.width, 53);
        EXPECT_EQ(probe.structure.height, 37);
        EXPECT_TRUE(name.find(probe.format.name) != std::string::npos) << probe.format.name;
    }
}

TEST(Probe, SaysWhatAFileIsInstead) {
    const std::vector<std::pair<std::string, std::string>> strangers = {
        {"", "the file is empty"},
        {"label,path\n1,a.jpg\n", "not an image (looks like text)"},
        {"BMX is a sport\n", "not an image (looks like text)"},
        {"GIF89a\x01\0\x01\0"s, "a GIF image"},
        {"II+\0\x08\0\0\0"s, "a BigTIFF image"},
        {"\0\0\0\x18"
         "ftyphevc\0\0\0\0"s,
         "an animated HEIC"},
        {"\0\0\0\x18"
         "ftypavis\0\0\0\0"s,
         "an animated AVIF"},
        {"\0\0\0\x18"
         "ftypqt  \0\0\0\0"s,
         "a video"},
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
    const std::string jpeg = jpeg_file();
    EXPECT_EQ(probe_problem(jpeg.substr(0, jpeg.size() - 1)).what, "truncated: the end-of-image marker is missing");
    const std::string png = png_file();
    EXPECT_EQ(probe_problem(png.substr(0, png.size() - 12)).what, "truncated: the IEND chunk is missing");
    const std::string webp = test::encode_lossless_webp(picture());
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
    for (const std::string& file : {jpeg_file(), png_file()}) {
        EXPECT_NO_THROW(decode_image(file + "camera notes", "photo", {kMaxPixels}));
    }
}

TEST(Probe, SeesAWrongChecksumAnywhereInAPng) {
    const std::string png = png_file();
    for (size_t at = 16; at < png.size(); ++at) {
        std::string broken = png;
        broken[at] = static_cast<char>(broken[at] ^ 0x10);
        EXPECT_THROW(probe_image(broken, "photo", kMaxPixels), core::Error) << at;
    }
}

TEST(Probe, TakesNoThumbnailsEndForTheImages) {
    const std::string jpeg = with_segment(jpeg_file(), "Exif\0\0"s + test::encode_jpeg(picture(8, 8)));
    EXPECT_EQ(probe_image(jpeg, "photo", kMaxPixels).structure.width, 53);
    EXPECT_THROW(probe_image(jpeg.substr(0, jpeg.size() - 2), "photo", kMaxPixels), core::Error);
}

TEST(Probe, RefusesAnAnimation) {
    const std::string webp = "RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x07\0\0\x07\0\0"s;
    EXPECT_EQ(probe_problem(webp).what, "an animated WebP");
}

bool is_jpeg(const std::string& name) {
    return name.find("JPEG") != std::string::npos;
}

/// What a file of every_kind() decodes to: the picture itself where nothing is lost.
at::Tensor reference(const std::string& name, const std::string& bytes, unsigned reduced_by = 1) {
    if (is_jpeg(name)) return test::decode_jpeg(bytes, reduced_by);
    if (name == "HEIC" || name == "AVIF") return test::decode_heif(bytes);
    return name == "lossy WebP" ? test::decode_webp(bytes) : picture();
}

TEST(Decode, GivesThePictureOfEveryKind) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        const at::Tensor image = decode_image(bytes, "photo", {kMaxPixels});
        EXPECT_TRUE(image.is_contiguous());
        EXPECT_TRUE(image.equal(reference(name, bytes)));
        EXPECT_LT((image.to(at::kFloat) - picture().to(at::kFloat)).abs().mean().item<float>(), 6);
    }
}

/// The picture has 37 rows and 53 columns.
TEST(Decode, ReducesAJpegAsLongAsEnoughIsLeft) {
    const std::vector<std::tuple<int64_t, unsigned, int64_t, int64_t>> expected = {
        {0, 1, 37, 53}, {37, 1, 37, 53}, {19, 1, 37, 53}, {18, 2, 19, 27}, {9, 4, 10, 14}, {1, 8, 5, 7}};
    for (const auto& [name, bytes] : every_kind()) {
        for (const auto& [short_side, reduced_by, rows, columns] : expected) {
            SCOPED_TRACE(name + ", " + std::to_string(short_side));
            const at::Tensor image = decode_image(bytes, "photo", {kMaxPixels, short_side});
            EXPECT_TRUE(image.equal(reference(name, bytes, reduced_by)));
            if (is_jpeg(name)) {
                EXPECT_EQ(image.sizes(), (std::vector<int64_t>{rows, columns, 3}));
            }
        }
    }
}

TEST(Decode, DropsAlphaAndKeepsTheColourBelow) {
    at::Tensor alpha = at::full({37, 53, 1}, 255, at::kByte);
    alpha[3] = at::arange(53).to(at::kByte).unsqueeze(1);
    const std::string png = test::encode_png(at::cat({picture(), alpha}, 2));
    EXPECT_TRUE(decode_image(png, "photo", {kMaxPixels}).equal(picture()));
    for (const bool planes : {false, true}) {
        const std::string tiff = test::encode_tiff(at::cat({picture(), alpha}, 2), {.planes = planes});
        EXPECT_TRUE(decode_image(tiff, "photo", {kMaxPixels}).equal(picture()));
    }
}

TEST(Decode, TurnsEveryOrientationUpright) {
    const std::string jpeg = jpeg_file();
    const at::Tensor stored = test::decode_jpeg(jpeg);
    const at::Tensor turned = stored.transpose(0, 1);
    const std::vector<at::Tensor> expected = {stored, stored.flip(1), stored.flip({0, 1}), stored.flip(0),
                                              turned, turned.flip(1), turned.flip({0, 1}), turned.flip(0)};
    for (size_t orientation = 1; orientation <= expected.size(); ++orientation) {
        SCOPED_TRACE(orientation);
        for (const char type : {'\x03', '\x04'}) {  // a short, as the standard says, or a long
            const at::Tensor image = decode_image(with_orientation(jpeg, orientation, type), "photo", {kMaxPixels});
            EXPECT_TRUE(image.is_contiguous());
            EXPECT_TRUE(image.equal(expected[orientation - 1]));
        }
        const std::string tiff = test::encode_tiff(stored, {.orientation = static_cast<uint16_t>(orientation)});
        EXPECT_TRUE(decode_image(tiff, "photo", {kMaxPixels}).equal(expected[orientation - 1]));
    }
}

}  // namespace
}  // namespace kaziranga::data
