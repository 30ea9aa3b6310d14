#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "data/synthetic/names.hpp"
#include "data/synthetic/park.hpp"
#include "data/synthetic/renderer.hpp"
#include "tests/support/image_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <ATen/ops/empty.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <unistd.h>

namespace kaziranga::data::synthetic {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kSeed = 7;

cv::Mat draw(const std::string& park, int64_t species, int64_t index, double shift = 0, uint64_t seed = kSeed,
             int64_t size = 64) {
    return draw_animal(species_traits(park, species, shift, seed), index, size);
}

bool same(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

/// Of each colour of each pixel.
double mean_difference(const at::Tensor& rgb, const cv::Mat& bgr) {
    at::Tensor drawn = at::empty({bgr.rows, bgr.cols, 3}, at::kByte);
    bgr.copyTo(cv::Mat(bgr.rows, bgr.cols, CV_8UC3, drawn.mutable_data_ptr()));
    return (rgb.to(at::kDouble) - drawn.flip(2).to(at::kDouble)).abs().mean().item<double>();
}

TEST(DrawAnimal, IsAPureFunctionOfItsArguments) {
    for (int64_t species = 0; species < 60; species += 7) {
        EXPECT_TRUE(same(draw("olympic", species, 3), draw("olympic", species, 3))) << species;
    }
}

TEST(DrawAnimal, EveryArgumentMatters) {
    for (int64_t species = 0; species < 40; species += 4) {
        const cv::Mat image = draw("kaziranga", species, 3);
        EXPECT_FALSE(same(image, draw("kaziranga", species, 4))) << "index, species " << species;
        EXPECT_FALSE(same(image, draw("kaziranga", species + 1, 3))) << "species " << species;
        EXPECT_FALSE(same(image, draw("olympic", species, 3))) << "park, species " << species;
        EXPECT_FALSE(same(image, draw("kaziranga", species, 3, 0, kSeed + 1))) << "seed, species " << species;
        EXPECT_FALSE(same(image, draw("kaziranga", species, 3, 1.0))) << "shift, species " << species;
    }
}

TEST(DrawAnimal, ShiftLeavesOlympicAlone) {
    for (int64_t species = 0; species < 40; species += 4) {
        EXPECT_TRUE(same(draw("olympic", species, 0, 0.0), draw("olympic", species, 0, 1.0))) << species;
    }
}

TEST(DrawAnimal, DrawsEverySizeAsked) {
    for (const int64_t size : {16, 33, 100, 300}) {
        for (int64_t species = 0; species < 64; species += 4) {
            const cv::Mat image = draw("olympic", species, 0, 0, kSeed, size);
            ASSERT_EQ(image.size(), cv::Size(static_cast<int>(size), static_cast<int>(size)));
            ASSERT_EQ(image.type(), CV_8UC3);
        }
    }
}

TEST(DrawAnimal, FillsThePictureWithMoreThanOneTone) {
    for (int64_t species = 0; species < 400; species += 4) {
        const cv::Mat image = draw("kaziranga", species, 1, species % 8 == 0 ? 0.0 : 1.0);
        cv::Scalar mean, deviation;
        cv::meanStdDev(image, mean, deviation);
        EXPECT_GT(deviation[0] + deviation[1] + deviation[2], 15.0) << species;
        const double brightness = (mean[0] + mean[1] + mean[2]) / 3;
        EXPECT_GT(brightness, 8.0) << species;
        EXPECT_LT(brightness, 245.0) << species;
    }
}

TEST(DrawAnimal, MoreOfOneSplitLeavesTheOthersAlone) {
    std::set<int64_t> seen;
    for (int split = 0; split < 3; ++split) {
        for (const int64_t number : {int64_t{0}, int64_t{1}, int64_t{99'999}}) {
            EXPECT_TRUE(seen.insert(image_index(split, number)).second);
        }
    }
}

/// Mean colour of the middle of the picture, where the animal is.
cv::Scalar middle_color(const cv::Mat& image) {
    const int side = image.rows;
    return cv::mean(image(cv::Rect(side / 3, side / 3, side / 3, side / 3)));
}

TEST(Species, LooksVaryLessWithinASpeciesThanBetween) {
    constexpr int kSpecies = 40, kImages = 12;
    double within = 0;
    std::vector<cv::Scalar> means;
    for (int s = 0; s < kSpecies; ++s) {
        std::vector<cv::Scalar> colors;
        cv::Scalar mean(0, 0, 0);
        for (int i = 0; i < kImages; ++i) {
            colors.push_back(middle_color(draw("kaziranga", 4 * s, i)));
            mean += colors.back() / kImages;
        }
        for (const cv::Scalar& color : colors) within += (color - mean).dot(color - mean) / (kImages - 1) / kSpecies;
        means.push_back(mean);
    }
    cv::Scalar all(0, 0, 0);
    for (const cv::Scalar& mean : means) all += mean / kSpecies;
    double between = -within / kImages;  // what chance alone adds to the spread of means
    for (const cv::Scalar& mean : means) between += (mean - all).dot(mean - all) / (kSpecies - 1);
    EXPECT_GT(within, 50.0) << "individuals must differ";
    EXPECT_GT(between, 0.5 * within) << "species must differ";
}

TEST(Species, SiblingsShareABodyAndDiffer) {
    for (int64_t genus = 0; genus < 50; ++genus) {
        std::set<std::vector<float>> looks;
        for (int64_t sibling = 0; sibling < 4; ++sibling) {
            const SpeciesTraits traits = species_traits("olympic", 4 * genus + sibling, 0, kSeed);
            EXPECT_EQ(traits.archetype, species_traits("olympic", 4 * genus, 0, kSeed).archetype);
            const Coat& c = traits.coat;
            looks.insert({c.frequency, c.duty, c.base.r, c.mark.r, c.slant, c.countershade, c.socks, c.mask, c.limb.r,
                          traits.proportions.snout, traits.proportions.tail, traits.proportions.depth});
        }
        EXPECT_EQ(looks.size(), 4U) << genus;
    }
}

TEST(Species, SiblingsCanBeToldByEye) {
    for (int64_t genus = 0; genus < 40; ++genus) {
        for (int64_t sibling = 1; sibling < 4; ++sibling) {
            SpeciesTraits one = species_traits("kaziranga", 4 * genus, 0, kSeed);
            SpeciesTraits other = species_traits("kaziranga", 4 * genus + sibling, 0, kSeed);
            // The same number gives both the same individual, pose and place: what differs then are the traits.
            other.species = one.species;
            double difference = 0;
            for (int i = 0; i < 4; ++i) {
                difference +=
                    cv::norm(draw_animal(one, i, 64), draw_animal(other, i, 64), cv::NORM_L1) / (4 * 64 * 64 * 3);
            }
            EXPECT_GT(difference, 0.35) << genus << " " << sibling;
        }
    }
}

TEST(Species, AreMetOnlyWhereTheyCanLive) {
    for (int64_t species = 0; species < 400; ++species) {
        const SpeciesTraits traits = species_traits("kaziranga", species, 0.5, kSeed);
        float total = 0;
        for (size_t i = 0; i < kHabitats; ++i) {
            total += traits.habitats[i];
            const bool water = habitat_looks()[i].view == View::kWater;
            if ((traits.plan == Plan::kFish) != water) {
                EXPECT_EQ(traits.habitats[i], 0.0F);
            }
        }
        EXPECT_GT(total, 0.0F);
    }
}

/// Mean and deviation of every channel over many pictures.
std::array<double, 6> channel_statistics(const std::string& park, double shift) {
    std::array<double, 6> statistics{};
    constexpr int kPictures = 160;
    for (int i = 0; i < kPictures; ++i) {
        cv::Scalar mean, deviation;
        cv::meanStdDev(draw(park, 4 * i, 0, shift, kSeed, 48), mean, deviation);
        for (int c = 0; c < 3; ++c) {
            statistics[static_cast<size_t>(c)] += mean[c] / kPictures;
            statistics[static_cast<size_t>(3 + c)] += deviation[c] / kPictures;
        }
    }
    return statistics;
}

double apart(const std::array<double, 6>& a, const std::array<double, 6>& b) {
    double sum = 0;
    for (size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum;
}

TEST(Shift, MovesTheDomainsApart) {
    const auto olympic = channel_statistics("olympic", 0);
    const double none = apart(olympic, channel_statistics("kaziranga", 0));
    const double half = apart(olympic, channel_statistics("kaziranga", 0.5));
    const double full = apart(olympic, channel_statistics("kaziranga", 1));
    EXPECT_GT(half, 1.3 * none);
    EXPECT_GT(full, 1.3 * half);
    EXPECT_GT(full, 3 * none);
}

TEST(Names, AreUniqueAcrossBothParksAndFitForFolders) {
    for (const double shift : {0.0, 1.0}) {
        std::set<std::string> seen;
        for (const auto& [park, count] : {std::pair("olympic", int64_t{1000}), std::pair("kaziranga", int64_t{200})}) {
            for (const std::string& name : species_names(park, count, shift, kSeed)) {
                EXPECT_TRUE(seen.insert(name).second) << name;
                EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
                EXPECT_LT(name.size(), 64U);
            }
        }
        EXPECT_EQ(seen.size(), 1200U);
    }
}

TEST(Names, OfMoreSpeciesBeginWithThoseOfFewer) {
    const std::vector<std::string> many = species_names("kaziranga", 300, 0, kSeed);
    const std::vector<std::string> few = species_names("kaziranga", 120, 0, kSeed);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

class Park : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        root_ = fs::path(testing::TempDir()) / (std::string("park_") + test->name() + "_" + std::to_string(::getpid()));
        fs::remove_all(root_);
        options_.output = (root_ / "parks").string();
        options_.seed = static_cast<int64_t>(kSeed);
        options_.kaziranga.species = 3;
        options_.kaziranga.train_images = 2;
        options_.kaziranga.test_images = 3;
        options_.kaziranga.size = 48;
    }
    void TearDown() override { fs::remove_all(root_); }

    fs::path park() const { return fs::path(options_.output) / "kaziranga"; }

    static void put(const fs::path& path, const std::string& text) {
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }

    /// Every file below a folder with its content, and every folder with an empty one.
    static std::map<std::string, std::string> content(const fs::path& folder) {
        std::map<std::string, std::string> files;
        if (!fs::exists(folder)) return files;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
            const std::string name = entry.path().lexically_relative(folder).string();
            files[name] = entry.is_regular_file() ? core::read_file(entry.path()) : "";
        }
        return files;
    }

    void expect_error(const std::string& named) {
        const auto before = content(root_);
        try {
            generate_parks(options_);
            ADD_FAILURE() << "not refused";
        } catch (const core::Error& error) {
            EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
        }
        EXPECT_EQ(content(root_), before);
    }

    fs::path root_;
    GenerateOptions options_;
};

TEST_F(Park, HoldsEveryImageAndItsRecord) {
    const GenerateSummary summary = generate_parks(options_);
    ASSERT_EQ(summary.parks.size(), 1U);
    EXPECT_EQ(summary.parks[0].images, 15);
    EXPECT_EQ(summary.parks[0].folder, park());
    const std::vector<std::string> names = species_names("kaziranga", 3, 0, kSeed);
    int64_t images = 0, bytes = 0;
    for (const auto& [split, count] : {std::pair("train", 2), std::pair("test", 3)}) {
        for (size_t s = 0; s < names.size(); ++s) {
            for (int i = 0; i < count; ++i) {
                const fs::path file = park() / split / names[s] / ("000" + std::to_string(i) + ".jpg");
                const at::Tensor image = test::decode_jpeg(core::read_file(file));
                ASSERT_EQ(image.sizes(), (std::vector<int64_t>{48, 48, 3})) << file;
                const cv::Mat drawn =
                    draw("kaziranga", static_cast<int64_t>(s), image_index(split[1] == 'r' ? 0 : 2, i), 0, kSeed, 48);
                EXPECT_LT(mean_difference(image, drawn), 12.0) << file;
                ++images;
                bytes += static_cast<int64_t>(fs::file_size(file));
            }
        }
    }
    EXPECT_EQ(bytes, summary.parks[0].bytes);
    // 15 images, 6 class folders, 2 splits and park.json; no val/ where no image of it was asked for.
    EXPECT_EQ(content(park()).size(), static_cast<size_t>(images) + 9);
    EXPECT_EQ(std::distance(fs::directory_iterator(options_.output), fs::directory_iterator()), 1);
}

TEST_F(Park, DoesNotDependOnTheNumberOfThreads) {
    options_.threads = 1;
    generate_parks(options_);
    const auto one = content(park());
    for (const int64_t threads : {2, 5}) {
        options_.threads = threads;
        options_.overwrite = true;
        generate_parks(options_);
        EXPECT_EQ(content(park()), one) << threads;
    }
}

TEST_F(Park, OtherParkIsDrawnBesideOnRequest) {
    options_.olympic.species = 2;
    options_.olympic.size = 32;
    options_.olympic.train_images = 4;
    options_.olympic.val_images = 1;
    const GenerateSummary summary = generate_parks(options_);
    ASSERT_EQ(summary.parks.size(), 2U);
    EXPECT_TRUE(fs::is_directory(fs::path(options_.output) / "olympic" / "val"));
    EXPECT_EQ(summary.parks[1].images, 2 * (4 + 1));
}

TEST_F(Park, RefusesAFolderThatHoldsAnything) {
    put(park() / "notes.txt", "mine");
    expect_error(park().string());
    fs::remove(park() / "notes.txt");
    EXPECT_EQ(generate_parks(options_).parks.size(), 1U) << "an empty folder is free";
    expect_error("overwrite=true");
}

TEST_F(Park, OverwriteLeavesFoldersOfOthersAlone) {
    options_.overwrite = true;
    put(park() / "train" / "tiger" / "0000.jpg", "a photograph");
    expect_error("park.json");
    put(park() / "park.json", "{}");
    expect_error("no run of ours wrote");
    put(park() / "park.json", R"({"format": "kaziranga made-up park", "images": 3})");
    expect_error("no run of ours wrote");
}

TEST_F(Park, OverwriteLeavesAFileAloneThatWasAddedSince) {
    generate_parks(options_);
    options_.overwrite = true;
    const std::string species = species_names("kaziranga", 1, 0, kSeed)[0];
    const std::vector<fs::path> additions = {"notes.txt",
                                             "train/notes.txt",
                                             "train/tiger/0000.jpg",
                                             "val/" + species + "/0000.jpg",
                                             "train/" + species + "/0002.jpg",
                                             "train/" + species + "/00001.jpg",
                                             "train/" + species + "/0000.jpg.bak",
                                             "train/" + species + "/deep/0000.jpg"};
    for (const fs::path& addition : additions) {
        put(park() / addition, "mine");
        expect_error(park().string());
        fs::remove(park() / addition);
        if (addition.parent_path() != "" && fs::is_empty((park() / addition).parent_path())) {
            fs::remove((park() / addition).parent_path());
        }
    }
    fs::remove_all(park() / "val");
    const fs::path link = park() / "train" / species / "0000.jpg";
    fs::remove(link);
    put(root_ / "elsewhere.jpg", "mine");
    fs::create_symlink(root_ / "elsewhere.jpg", link);
    expect_error(link.string());
}

TEST_F(Park, OverwriteReplacesWhatAnEarlierRunDrew) {
    generate_parks(options_);
    const auto first = content(park());
    options_.overwrite = true;
    options_.seed += 1;
    options_.kaziranga.species = 2;
    generate_parks(options_);
    const auto second = content(park());
    EXPECT_LT(second.size(), first.size());
    EXPECT_EQ(std::distance(fs::directory_iterator(options_.output), fs::directory_iterator()), 1);
    options_.seed -= 1;
    options_.kaziranga.species = 3;
    generate_parks(options_);
    EXPECT_EQ(content(park()), first);
}

TEST_F(Park, RefusesBothBeforeItDrawsOne) {
    options_.olympic.species = 2;
    put(fs::path(options_.output) / "olympic" / "notes.txt", "mine");
    expect_error("olympic");
    EXPECT_FALSE(fs::exists(park()));
}

/// Stops the work when half of it is done, and notes who reports.
class Stopping : public core::Progress {
  public:
    explicit Stopping(int64_t at) : at_(at) {}
    void start(std::string_view, int64_t total, std::string_view) override { total_ = total; }
    void advance(int64_t steps, std::string_view) override {
        done_ += steps;
        foreign_ |= std::this_thread::get_id() != home_;
        if (at_ > 0 && done_ >= at_) core::request_interrupt();
    }
    void resume(int64_t) override {}
    void finish() override {}

    int64_t at_, total_ = 0, done_ = 0;
    bool foreign_ = false;
    std::thread::id home_ = std::this_thread::get_id();
};

Stopping& watch(int64_t stop_at) {
    auto display = std::make_unique<Stopping>(stop_at);
    Stopping& watched = *display;
    core::show_progress(std::move(display));
    return watched;
}

TEST_F(Park, ReportsEveryImageFromOneThread) {
    const Stopping& watched = watch(0);
    options_.threads = 4;
    generate_parks(options_);
    EXPECT_EQ(watched.total_, 15);
    EXPECT_EQ(watched.done_, 15);
    EXPECT_FALSE(watched.foreign_);
}

TEST_F(Park, LeavesNothingBehindWhenStopped) {
    watch(4);
    options_.threads = 2;
    EXPECT_THROW(generate_parks(options_), core::Interrupted);
    core::clear_interrupt();
    EXPECT_TRUE(fs::is_empty(options_.output));

    watch(0);
    generate_parks(options_);
    const auto before = content(root_);
    watch(4);
    options_.overwrite = true;
    EXPECT_THROW(generate_parks(options_), core::Interrupted);
    core::clear_interrupt();
    EXPECT_EQ(content(root_), before);
    watch(0);
}

TEST(ParkOptionsFile, ShippedFileHoldsTheDefaults) {
    const auto read = core::config::load<GenerateOptions>(fs::path(KAZIRANGA_SOURCE_DIR) / "configs" / "parks.yaml");
    EXPECT_EQ(read.kaziranga.species, 200);
    EXPECT_EQ(read.kaziranga.train_images, 20);
    EXPECT_EQ(read.kaziranga.test_images, 25);
    EXPECT_EQ(read.kaziranga.size, 256);
    EXPECT_EQ(read.olympic.species, 0);
    EXPECT_EQ(read.output, "parks");
}

TEST(ParkOptionsFile, ContradictionsAreProblems) {
    const auto parse = [](const char* yaml) { return core::config::parse<GenerateOptions>(yaml, "parks.yaml"); };
    EXPECT_THROW(parse("kaziranga: {species: 0}\n"), core::Error);
    EXPECT_THROW(parse("kaziranga: {train_images: 0, test_images: 0}\n"), core::Error);
    EXPECT_THROW(parse("kaziranga: {shift: 1.5}\n"), core::Error);
    EXPECT_THROW(parse("kaziranga: {species: 4001}\n"), core::Error);
    EXPECT_THROW(parse("output: ''\n"), core::Error);
    EXPECT_NO_THROW(parse("kaziranga: {species: 0}\nolympic: {species: 1}\n"));
}

}  // namespace
}  // namespace kaziranga::data::synthetic
