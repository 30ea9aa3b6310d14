#include "data/inspect.hpp"

#include "core/progress.hpp"
#include "tests/data/image_files.hpp"

#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include <unistd.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes with the test.
class InspectTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "kaziranga-inspect-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    void TearDown() override { fs::remove_all(folder_); }

    void put(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        samples_.push_back({.path = folder_ / name, .name = name, .label = 0});
    }

    fs::path folder_;
    Samples samples_;
};

struct Record {
    std::set<std::thread::id> threads;
    int64_t total = 0, advanced = 0, open = 0;
};

/// Notes what the display is told, and by whom.
class Recorder final : public core::Progress {
  public:
    explicit Recorder(std::shared_ptr<Record> record) : record_(std::move(record)) {}
    void start(std::string_view, int64_t total, std::string_view) override {
        note();
        record_->total += total;
        ++record_->open;
    }
    void advance(int64_t steps, std::string_view) override {
        note();
        record_->advanced += steps;
    }
    void resume(int64_t steps) override { advance(steps, {}); }
    void finish() override {
        note();
        --record_->open;
    }

  private:
    void note() { record_->threads.insert(std::this_thread::get_id()); }
    std::shared_ptr<Record> record_;  // the display outlives the test
};

TEST_F(InspectTest, AnswersInOrderWhateverTheWorkers) {
    const std::string jpeg = jpeg_file();
    for (int i = 0; i < 40; ++i) {
        put(std::to_string(i) + ".jpg", i % 5 == 0 ? jpeg.substr(0, jpeg.size() / 2) : jpeg + std::to_string(i));
    }
    const std::vector<Inspection> alone = inspect(samples_, Depth::kStructure, kMaxPixels, 1);
    for (const int64_t workers : {2, 5, 8}) {
        const std::vector<Inspection> found = inspect(samples_, Depth::kStructure, kMaxPixels, workers);
        ASSERT_EQ(found.size(), samples_.size());
        for (size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].problem.has_value(), i % 5 == 0);
            EXPECT_EQ(found[i].problem.value_or(core::Problem{}).where, i % 5 == 0 ? samples_[i].path : "");
            EXPECT_EQ(found[i].content, alone[i].content);
        }
    }
}

TEST_F(InspectTest, HashesContentAndNotNames) {
    put("a.jpg", jpeg_file());
    put("b.jpg", jpeg_file());
    put("c.png", png_file());
    const std::vector<Inspection> found = inspect(samples_, Depth::kDecode, kMaxPixels, 2);
    EXPECT_EQ(found[0].content, found[1].content);
    EXPECT_NE(found[0].content, found[2].content);
}

TEST_F(InspectTest, DecodesOnlyWhenAsked) {
    const std::string jpeg = jpeg_file();
    put("lost.jpg", jpeg.substr(0, jpeg.size() * 3 / 4) + "\xFF\xD9");
    EXPECT_FALSE(inspect(samples_, Depth::kStructure, kMaxPixels, 1)[0].problem);
    EXPECT_TRUE(inspect(samples_, Depth::kDecode, kMaxPixels, 1)[0].problem);
}

TEST_F(InspectTest, ReportsWhatCannotBeRead) {
    put("here.jpg", jpeg_file());
    put("empty.png", "");
    samples_.push_back({.path = folder_ / "nowhere.jpg", .name = "nowhere.jpg", .label = 0});
    samples_.push_back({.path = folder_, .name = "a folder", .label = 0});
    const std::vector<Inspection> found = inspect(samples_, Depth::kStructure, kMaxPixels, 3);
    EXPECT_FALSE(found[0].problem);
    EXPECT_EQ(found[1].problem.value_or(core::Problem{}).what, "the file is empty");
    EXPECT_EQ(found[2].problem.value_or(core::Problem{}).what, "cannot open the file");
    EXPECT_EQ(found[3].problem.value_or(core::Problem{}).what, "not a regular file");
}

TEST_F(InspectTest, TellsTheDisplayFromOneThreadAndToTheEnd) {
    for (int i = 0; i < 100; ++i) put(std::to_string(i), test::encode_png(picture(4, 4)));
    const auto record = std::make_shared<Record>();
    core::show_progress(std::make_unique<Recorder>(record));
    inspect(samples_, Depth::kDecode, kMaxPixels, 4);
    core::show_progress(std::make_unique<Recorder>(std::make_shared<Record>()));  // lets go of the first
    EXPECT_EQ(record->total, 100);
    EXPECT_EQ(record->advanced, 100);
    EXPECT_EQ(record->open, 0);
    EXPECT_EQ(record->threads, std::set{std::this_thread::get_id()});
}

}  // namespace
}  // namespace kaziranga::data
