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

/// A folder with a trained run in it.
struct Trained {
    test::TemporaryFolder folder;
    Options options;
    RunFolder run;
    std::string config;

    Trained() {
        options.output = folder / "run";
        run = open_run_folder(options);
        core::write_file(run.best(), "old");
        core::write_file(run.metrics(), "{}");
        config = core::read_file(run.config());
        options.overwrite = true;
        options.seed = 5;
    }
    bool is_as_it_was() const {
        return core::read_file(run.best()) == "old" && core::read_file(run.metrics()) == "{}" &&
               core::read_file(run.config()) == config && !std::filesystem::exists(run.replaced()) &&
               !std::filesystem::exists(run.last());
    }
};

TEST(RunFolder, ARunThatIsReplacedComesBackUnlessTheNewOneHasSomethingToKeep) {
    const Trained trained;
    {
        const ReplacedRun replaced(open_run_folder(trained.options));
        EXPECT_FALSE(std::filesystem::exists(trained.run.metrics()));
        core::write_file(trained.run.last(), "new");
    }
    EXPECT_TRUE(trained.is_as_it_was());
    {
        const ReplacedRun replaced(open_run_folder(trained.options));
        core::write_file(trained.run.best(), "new");
        replaced.drop();
    }
    EXPECT_EQ(core::read_file(trained.run.best()), "new");
    EXPECT_FALSE(std::filesystem::exists(trained.run.metrics()));
    EXPECT_FALSE(std::filesystem::exists(trained.run.replaced()));
}

TEST(RunFolder, ARunThatAKilledProgramWasReplacingComesBack) {
    Trained trained;
    open_run_folder(trained.options);
    core::write_file(trained.run.last(), "new");
    trained.options.overwrite = false;
    EXPECT_NE(refusal(trained.options).find("not empty"), std::string::npos);
    EXPECT_TRUE(trained.is_as_it_was());
    // Killed while it moved the files aside: some are there, some not yet.
    core::make_folders(RunFolder{trained.run.replaced()}.best().parent_path());
    std::filesystem::rename(trained.run.best(), RunFolder{trained.run.replaced()}.best());
    EXPECT_NE(refusal(trained.options).find("not empty"), std::string::npos);
    EXPECT_TRUE(trained.is_as_it_was());
}

TEST(RunFolder, AConfigOfTheUsersIsNoRun) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "config.yaml", "# mine\nseed: 3\n");
    Options options;
    options.output = folder.path();
    EXPECT_NE(refusal(options).find("not empty"), std::string::npos);
    options.overwrite = true;
    EXPECT_NE(refusal(options).find("something else"), std::string::npos);
    EXPECT_EQ(core::read_file(folder / "config.yaml"), "# mine\nseed: 3\n");
}

TEST(RunFolder, FoldersOfTheUsersAreNotTakenForAReplacedRun) {
    const test::TemporaryFolder folder;
    for (const char* name : {"replaced", "replaced.dropped"}) {
        core::make_folders(folder / name);
        core::write_file(folder / name / "train.log", "mine");
    }
    Options options;
    options.output = folder.path();
    EXPECT_NE(refusal(options).find("not empty"), std::string::npos);
    EXPECT_EQ(core::read_file(folder / "replaced" / "train.log"), "mine");
    EXPECT_EQ(core::read_file(folder / "replaced.dropped" / "train.log"), "mine");
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
