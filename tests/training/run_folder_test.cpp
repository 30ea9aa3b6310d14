#include "training/run_folder.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kaziranga::training {
namespace {

std::string refusal(const Options& options) {
    try {
        open_run_folder(options);
        return {};
    } catch (const core::Error& error) {
        return error.what();
    }
}

TEST(RunFolder, RefusesAFolderThatHoldsAnything) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "holiday.txt", "mine");
    Options options;
    options.output = folder.path();
    EXPECT_NE(refusal(options).find("not empty"), std::string::npos);
    EXPECT_NE(refusal(options).find("resume=true"), std::string::npos);
}

TEST(RunFolder, OverwriteRemovesTheFilesOfARunAndNothingElse) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    const RunFolder run = open_run_folder(options);
    core::write_file(run.best(), "weights");
    core::write_file(folder / "holiday.txt", "mine");
    options.overwrite = true;
    open_run_folder(options);
    EXPECT_FALSE(std::filesystem::exists(run.best()));
    EXPECT_EQ(core::read_file(folder / "holiday.txt"), "mine");
}

TEST(RunFolder, ResumeNamesEveryKeyThatDiffers) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    core::write_file(open_run_folder(options).state(), "trained");
    options.resume = true;
    EXPECT_EQ(refusal(options), "");
    options.optimizer.lr = 0.25;
    options.seed = 9;
    options.threads = 1;  // how a run is made may change
    const std::string message = refusal(options);
    EXPECT_NE(message.find("optimizer.lr"), std::string::npos) << message;
    EXPECT_NE(message.find("seed"), std::string::npos) << message;
    EXPECT_EQ(message.find("threads"), std::string::npos) << message;
}

TEST(RunFolder, OfARunThatTrainedNothingIsFree) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    const RunFolder run = open_run_folder(options);
    EXPECT_EQ(refusal(options), "");
    core::write_file(run.best(), "weights");
    EXPECT_NE(refusal(options).find("not empty"), std::string::npos);
}

TEST(RunFolder, ResumeAndOverwriteAreForRunsOnly) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "holiday.txt", "mine");
    Options options;
    options.output = folder.path();
    options.overwrite = true;
    EXPECT_NE(refusal(options).find("something else"), std::string::npos);
}

TEST(RunStatus, TellsWhatTheFolderHolds) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder / "run";
    EXPECT_EQ(run_status(options), RunStatus::kFree);
    const RunFolder run = open_run_folder(options);
    EXPECT_EQ(run_status(options), RunStatus::kFree);
    core::write_file(run.state(), "trained");
    EXPECT_EQ(run_status(options), RunStatus::kUnfinished);
    core::write_file(run.metrics(), "{}");
    EXPECT_EQ(run_status(options), RunStatus::kFinished);
    options.threads = 1;  // how a run is made may change
    EXPECT_EQ(run_status(options), RunStatus::kFinished);
    options.optimizer.lr = 0.25;
    EXPECT_EQ(run_status(options), RunStatus::kOther);
    const auto differences = config_differences(run, options);
    ASSERT_EQ(differences.size(), 1U);
    EXPECT_EQ(differences[0].saved, "optimizer.lr: 0.1");
    EXPECT_EQ(differences[0].asked, "optimizer.lr: 0.25");
}

TEST(RunStatus, RefusesAFolderOfSomethingElse) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "holiday.txt", "mine");
    Options options;
    options.output = folder.path();
    EXPECT_THROW(run_status(options), core::Error);
}

TEST(RunFolder, AFileInItsPlaceIsSaid) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "file", "x");
    Options options;
    options.output = folder / "file";
    EXPECT_NE(refusal(options).find("not a folder"), std::string::npos);
}

}  // namespace
}  // namespace kaziranga::training
