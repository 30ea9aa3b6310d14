#include "data/manifests/park.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "data/manifests/load.hpp"
#include "data/read_image.hpp"
#include "data/synthetic/park.hpp"
#include "tests/support/temporary_folder.hpp"

#include <set>

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

using synthetic::GenerateOptions;

GenerateOptions small_park(const std::string& output, bool store) {
    GenerateOptions options;
    options.output = output;
    options.store = store;
    options.kaziranga = {
        .park = "kaziranga", .species = 3, .train_images = 2, .test_images = 1, .size = 64, .jpeg_quality = 100};
    return options;
}

/// A park that is drawn as needed is the park that would be stored: names, labels, and pixels but for the JPEG.
TEST(Park, DrawsWhatWouldBeStored) {
    const test::TemporaryFolder folder;
    synthetic::generate_parks(small_park(folder / "stored", true));
    synthetic::generate_parks(small_park(folder / "drawn", false));
    const std::filesystem::path drawn_root = folder / "drawn" / "kaziranga";
    EXPECT_FALSE(std::filesystem::exists(drawn_root / "train"));
    const Dataset stored = load_dataset({.root = (folder / "stored" / "kaziranga").string()}, 0);
    const Dataset drawn = load_dataset({.root = drawn_root.string(), .format = "park"}, 0);
    ASSERT_EQ(stored.classes, drawn.classes);
    ASSERT_EQ(stored.train.size(), drawn.train.size());
    ASSERT_EQ(stored.test.size(), drawn.test.size());
    for (size_t i = 0; i < stored.train.size(); ++i) {
        EXPECT_EQ(stored.train[i].name, drawn.train[i].name);
        EXPECT_EQ(stored.train[i].label, drawn.train[i].label);
        const at::Tensor a = read_image(stored.train[i], {1 << 20}), b = read_image(drawn.train[i], {1 << 20});
        ASSERT_EQ(a.sizes(), b.sizes());
        const double apart = (a.to(at::kDouble) - b.to(at::kDouble)).abs().mean().item<double>();
        EXPECT_LT(apart, 4) << drawn.train[i].name;  // chroma is halved by the JPEG
    }
}

/// Cached features are found by content: no two places may share one, and another shift, size or seed has others.
TEST(Park, TellsContentsApartWithoutDrawingThem) {
    std::set<std::string> seen;
    size_t count = 0;
    for (const double shift : {0.0, 0.5}) {
        for (const int64_t seed : {0, 1}) {
            for (const int64_t size : {32, 48}) {
                const Park park(
                    synthetic::record_of({.park = "kaziranga", .species = 2, .size = size, .shift = shift}, seed));
                for (const ParkImage& image :
                     {ParkImage{0, 0, 0}, ParkImage{1, 0, 0}, ParkImage{0, 2, 0}, ParkImage{0, 0, 1}}) {
                    seen.insert(park.identity(park.place_of(image)).hex());
                    ++count;
                }
            }
        }
    }
    EXPECT_EQ(seen.size(), count);
}

TEST(Park, RefusesARecordThatIsNone) {
    const test::TemporaryFolder folder;
    const std::string good =
        synthetic::to_json(synthetic::record_of({.park = "kaziranga", .species = 2, .size = 32}, 0));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    const std::filesystem::path file = folder / "park.json";
    core::write_file(file, good);
    EXPECT_EQ(synthetic::read_record(file).species.size(), 2u);
    for (const std::string& text :
         {std::string("{"), std::string("[]"), with("\"size\": 32", "\"size\": 1000000"),
          with("\"train\": 20", "\"train\": -1"), with("\"train\": 20", "\"train\": 99999999"),
          with("\"park\": \"kaziranga\"", "\"park\": \"..\""), with("\"shift\": 0.0", "\"shift\": 7"),
          with("\"species\": [", "\"species\": [\"../../x\", ")}) {
        core::write_file(file, text);
        EXPECT_THROW(synthetic::read_record(file), core::Error) << text;
    }
}

}  // namespace
}  // namespace kaziranga::data
