#include "core/random.hpp"
#include "data/formats/exif.hpp"
#include "data/formats/format.hpp"
#include "tests/data/image_files.hpp"

namespace kaziranga::data {
namespace {

using namespace std::string_literals;

/// Decodes or refuses; anything but a core::Error leaves the test.
/// @param short_side  as in DecodeLimits: 1 reduces every JPEG
/// @return whether it was decoded
bool survives(std::string_view bytes, int64_t short_side = 0) {
    try {
        const at::Tensor image = decode_image(bytes, "photo", {kMaxPixels, short_side});
        EXPECT_EQ(image.dim(), 3);
        EXPECT_EQ(image.size(2), 3);
        EXPECT_LE(image.numel(), 3 * kMaxPixels);
        return true;
    } catch (const core::Error&) {
        return false;
    }
}

/// What the process writes to standard error, libraries included, while `work` runs.
template <class Work>
std::string written_to_stderr(const Work& work) {
    testing::internal::CaptureStderr();
    work();
    return testing::internal::GetCapturedStderr();
}

TEST(HostileImages, EveryPrefixIsRefusedByProbeAndDecoder) {
    for (const auto& [name, bytes] : every_kind()) {
        SCOPED_TRACE(name);
        for (size_t length = 0; length < bytes.size(); ++length) {
            SCOPED_TRACE(length);
            // A copy of its own, so that a sanitizer sees a read past the end.
            const std::vector<char> prefix(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
            EXPECT_THROW(probe_image({prefix.data(), length}, "photo", kMaxPixels), core::Error);
            EXPECT_FALSE(survives({prefix.data(), length}));
            EXPECT_FALSE(survives({prefix.data(), length}, 1));
        }
        EXPECT_TRUE(survives(bytes));
    }
}

TEST(HostileImages, RandomDamageNeverDoesWorseThanAnErrorAndPrintsNothing) {
    constexpr uint64_t kRounds = 1500;
    const std::string heard = written_to_stderr([&] {
        for (const auto& [name, bytes] : every_kind()) {
            for (uint64_t round = 0; round < kRounds; ++round) {
                core::RandomStream random(7, core::Purpose::kTest, {round});
                std::string broken = bytes;
                const uint64_t flips = 1 + random.below(4);
                for (uint64_t i = 0; i < flips; ++i) broken[random.below(broken.size())] = static_cast<char>(random());
                survives(broken);
                survives(broken, 1);
            }
        }
    });
    EXPECT_EQ(heard, "");
}

TEST(HostileImages, RandomBytesAfterASignatureAreRefused) {
    const std::vector<std::string> signatures = {"\xFF\xD8\xFF"s,
                                                 "\x89PNG\r\n\x1A\n"s,
                                                 "RIFF\x40\0\0\0WEBP"s,
                                                 "BM"s,
                                                 "II*\0"s,
                                                 "MM\0*"s,
                                                 "\0\0\0\x18"
                                                 "ftypheic"s,
                                                 "\0\0\0\x18"
                                                 "ftypavif"s};
    for (const std::string& signature : signatures) {
        for (uint64_t round = 0; round < 2000; ++round) {
            core::RandomStream random(8, core::Purpose::kTest, {round});
            std::string bytes = signature;
            while (bytes.size() < 72) bytes += static_cast<char>(random());
            survives(bytes);
        }
    }
}

/// A PNG whose checksums hold, so that the damage reaches the decoder itself.
std::string png_of(const std::string& header, const std::string& pixels) {
    return "\x89PNG\r\n\x1A\n"s + png_chunk("IHDR", header) + png_chunk("IDAT", pixels) + png_chunk("IEND", "");
}

TEST(HostileImages, PngWithSoundChecksumsButDamagedPixelsIsRefused) {
    const std::string header = "\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0"s;
    EXPECT_EQ(probe_image(png_of(header, "nonsense"), "photo", kMaxPixels).structure.width, 8);
    const std::string heard = written_to_stderr([&] {
        EXPECT_NE(decode_problem(png_of(header, "nonsense")).what.find("damaged"), std::string::npos);
        for (uint64_t round = 0; round < 500; ++round) {
            core::RandomStream random(9, core::Purpose::kTest, {round});
            std::string noise = header;
            for (size_t i = 8; i < noise.size(); ++i) noise[i] = static_cast<char>(random.below(17));
            survives(png_of(noise, "\x78\x9C\x63\x60\xA0\x0C\0\0\x6C\0\x01"s));
        }
    });
    EXPECT_EQ(heard, "");
}

TEST(HostileImages, SizesBeyondAnyMemoryAreRefusedBeforeMemoryIsAskedFor) {
    const core::Problem problem =
        probe_problem(png_of("\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF\x08\x02\0\0\0"s, "x"), INT64_MAX / 4);
    EXPECT_EQ(problem.what, "too many pixels");
    EXPECT_EQ(probe_problem(png_of("\0\0\0\0\0\0\0\x08\x08\x02\0\0\0"s, "x")).what, "damaged: an image of no pixels");
    EXPECT_EQ(probe_problem(png_of("\0\0\0\x08\0\0\0\0\x08\x02\0\0\0"s, "x")).what, "damaged: an image of no pixels");
}

TEST(HostileImages, JpegThatLostPixelsButKeptItsEndIsRefusedWhenDecoded) {
    for (const auto& [name, bytes] : every_kind()) {
        if (name.find("JPEG") == std::string::npos) continue;
        SCOPED_TRACE(name);
        const std::string cut = bytes.substr(0, bytes.size() * 3 / 4) + "\xFF\xD9";
        EXPECT_EQ(probe_image(cut, "photo", kMaxPixels).structure.width, 53);
        const std::string heard = written_to_stderr(
            [&] { EXPECT_EQ(decode_problem(cut).what, "damaged: Corrupt JPEG data: premature end of data segment"); });
        EXPECT_EQ(heard, "");
    }
}

TEST(HostileImages, JpegOfEndlessScansIsRefused) {
    const std::string bytes = test::encode_jpeg(picture(), {.progressive = true});
    const size_t last_scan = bytes.rfind("\xFF\xDA");
    std::string endless = bytes.substr(0, bytes.size() - 2);
    const std::string scan = endless.substr(last_scan);
    for (int i = 0; i < 600; ++i) endless += scan;
    EXPECT_NE(decode_problem(endless + "\xFF\xD9").what.find("100 passes"), std::string::npos);
}

/// A BMP of 9 x 4 pixels in 8-bit runs, its palette left out.
std::string bmp_of_runs(const std::string& runs) {
    return "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x09\0\0\0\x04\0\0\0\x01\0\x08\0\x01\0\0\0"s + std::string(20, '\0') +
           runs;
}

TEST(HostileImages, BmpRunsStayInsideTheImage) {
    EXPECT_TRUE(survives(bmp_of_runs("\x09\x05\0\0\0\x02\x01\x02\x02\x07\0\x01"s)));
    for (const std::string& beyond : {"\x0A\x05"s, "\x09\x05\x01\x05"s, "\0\0\0\0\0\0\0\0\x01\x05"s,
                                      "\0\x02\x00\xFF\x01\x05"s, "\0\x02\xFF\x00\x01\x05"s,
                                      "\0\x0A"
                                      "0123456789"s}) {
        EXPECT_EQ(decode_problem(bmp_of_runs(beyond + "\0\x01"s)).what, "damaged: its runs go past the image");
    }
    EXPECT_EQ(decode_problem(bmp_of_runs("\x03\x05"s)).what, "truncated: the file ends inside its pixels");
    for (uint64_t round = 0; round < 5000; ++round) {
        core::RandomStream random(11, core::Purpose::kTest, {round});
        std::string runs;
        while (runs.size() < 40) runs += static_cast<char>(random.below(random.below(4) == 0 ? 256 : 6));
        survives(bmp_of_runs(runs + "\0\x01"s));
    }
}

TEST(HostileImages, ExifOfAnyLengthGivesAnOrientation) {
    const std::string exif =
        "MM\0*\0\0\0\x08\0\x02\x01\x0F\0\x02\0\0\0\x01"
        "abcd"
        "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"s;
    EXPECT_EQ(formats::exif_orientation(exif), 6);
    for (size_t length = 0; length < exif.size(); ++length) {
        const std::vector<char> prefix(exif.begin(), exif.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_EQ(formats::exif_orientation({prefix.data(), length}), 1);
    }
    for (uint64_t round = 0; round < 5000; ++round) {
        core::RandomStream random(10, core::Purpose::kTest, {round});
        std::string noise = exif;
        noise[random.below(noise.size())] = static_cast<char>(random());
        const int orientation = formats::exif_orientation(noise);
        EXPECT_TRUE(orientation >= 1 && orientation <= 8);
    }
}

}  // namespace
}  // namespace kaziranga::data
