#include "training/run/run_folder.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

std::string error_of(const Options& options) {
    try {
        const OpenedRun run(options);
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
    EXPECT_NE(error_of(options).find("not empty"), std::string::npos);
    EXPECT_EQ(error_of(options).find("overwrite=true"), std::string::npos) << "no run to replace";
}

/// A folder with a trained run in it, and the options of one that replaces it.
struct Trained {
    test::TemporaryFolder folder;
    Options options;
    RunFolder run;
    std::string config;

    Trained() {
        options.output = folder / "run";
        run = OpenedRun(options).folder();
        core::write_file(run.best(), "old");
        core::write_file(run.candidates(), "old");
        core::write_file(run.metrics(), "{}");
        core::write_file(run.root / "holiday.txt", "mine");
        config = core::read_file(run.config());
        options.overwrite = true;
        options.seed = 5;
    }
    void expect_as_it_was() const {
        EXPECT_EQ(core::read_file(run.best()), "old");
        EXPECT_EQ(core::read_file(run.metrics()), "{}");
        EXPECT_EQ(core::read_file(run.config()), config);
        EXPECT_FALSE(std::filesystem::exists(run.last()));
    }
    void expect_replaced() const {
        EXPECT_EQ(core::read_file(run.best()), "new");
        EXPECT_EQ(core::read_file(run.metrics()), "{new}");
        EXPECT_NE(core::read_file(run.config()), config);
        EXPECT_FALSE(std::filesystem::exists(run.candidates()))
            << "a file of the earlier run, which the new one has not";
        EXPECT_EQ(core::read_file(run.root / "holiday.txt"), "mine");
        for (const char* name : {"replacement", "replacement.whole", "replacement.moving"}) {
            EXPECT_FALSE(std::filesystem::exists(run.root / name)) << name;
        }
    }
    /// Opens the replacement and fills it.
    void train(OpenedRun& opened) const {
        core::write_file(opened.folder().best(), "new");
        core::write_file(opened.folder().last(), "new");
        core::write_file(opened.folder().metrics(), "{new}");
    }
};

TEST(RunFolder, ARunIsReplacedWhenTheNewOneIsWholeAndNotBefore) {
    const Trained trained;
    OpenedRun opened(trained.options);
    trained.train(opened);
    trained.expect_as_it_was();
    EXPECT_EQ(opened.finish().root, trained.run.root);
    trained.expect_replaced();
}

TEST(RunFolder, AReplacementThatEndedLeavesTheEarlierRun) {
    Trained trained;
    {
        const OpenedRun opened(trained.options);
    }
    trained.expect_as_it_was();
    EXPECT_FALSE(std::filesystem::exists(trained.run.replacement().root)) << "nothing had been trained";
    trained.options.overwrite = false;
    EXPECT_NE(error_of(trained.options).find("not empty"), std::string::npos);
    trained.expect_as_it_was();
}

TEST(RunFolder, AReplacementThatWasStoppedIsGoneOnWithByResumeAndBegunAnewByOverwrite) {
    Trained trained;
    {
        core::write_file(OpenedRun(trained.options).folder().state(), "half");
    }
    trained.options.overwrite = false;
    EXPECT_EQ(run_status(trained.options), RunStatus::kUnfinished);
    trained.options.resume = true;
    EXPECT_EQ(core::read_file(OpenedRun(trained.options).folder().state()), "half");
    trained.options.resume = false;
    trained.options.overwrite = true;
    OpenedRun opened(trained.options);
    EXPECT_FALSE(std::filesystem::exists(opened.folder().state()));
    trained.train(opened);
    opened.finish();
    trained.expect_replaced();
}

/// Killed after each step of what finish() does, the next command does the rest.
TEST(RunFolder, AKilledReplacementIsPutInItsPlaceByTheNextCommand) {
    const size_t files = RunFolder{"x"}.files().size();
    for (size_t moved = 0; moved <= 2 * files; ++moved) {
        SCOPED_TRACE(moved);
        Trained trained;
        {
            OpenedRun opened(trained.options);
            trained.train(opened);
        }
        const RunFolder whole{trained.run.root / "replacement.whole"}, moving{trained.run.root / "replacement.moving"};
        std::filesystem::rename(trained.run.replacement().root, whole.root);
        const auto own = trained.run.files(), next = moving.files();
        for (size_t i = 1; i < std::min(moved, files); ++i) std::filesystem::remove_all(own[i]);
        if (moved > files) std::filesystem::rename(whole.root, moving.root);
        for (size_t i = 1; i + files < moved; ++i) {
            if (std::filesystem::exists(next[i])) std::filesystem::rename(next[i], own[i]);
        }
        trained.options.overwrite = false;
        EXPECT_EQ(run_status(trained.options), RunStatus::kFinished);
        trained.expect_replaced();
    }
}

/// A file manager leaves files in every folder that it has shown.
TEST(RunFolder, WhatElseLiesInAReplacementDoesNotStandInTheWayOfTheNext) {
    const Trained trained;
    for (int round = 0; round < 2; ++round) {
        OpenedRun opened(trained.options);
        trained.train(opened);
        core::write_file(opened.folder().root / ".DS_Store", "icons");
        opened.finish();
        trained.expect_replaced();
        EXPECT_EQ(core::read_file(trained.run.root / ".DS_Store"), "icons");
    }
}

TEST(RunFolder, WhatCouldNotBeReplacedInTheEndIsRefusedBeforeTraining) {
    const Trained trained;
    const auto passed = trained.run.root / "replacement.moving";
    core::make_folders(passed);
    core::write_file(passed / "holiday.txt", "mine");
    EXPECT_NE(error_of(trained.options).find("move it away"), std::string::npos);
    EXPECT_EQ(core::read_file(passed / "holiday.txt"), "mine");
    std::filesystem::remove_all(passed);

    const test::TemporaryFolder other_disk;
    std::filesystem::rename(trained.run.weights(), other_disk / "weights");
    std::filesystem::create_directory_symlink(other_disk / "weights", trained.run.weights());
    EXPECT_NE(error_of(trained.options).find("is a link"), std::string::npos);
    trained.expect_as_it_was();
}

TEST(RunFolder, IsHeldAgainstOthers) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    {
        const OpenedRun run(options);
        EXPECT_NE(error_of(options).find("another process is writing into this folder"), std::string::npos);
        options.overwrite = true;
        EXPECT_NE(error_of(options).find("another process"), std::string::npos);
    }
    EXPECT_EQ(error_of(options), "");
}

/// trials/ goes with the run that it is replaced with, and the user's folder in it would.
TEST(RunFolder, AFolderOfTheUsersAmongTheTrialsIsNotRemoved) {
    const Trained trained;
    const auto mine = trained.run.trials() / "notes";
    core::make_folders(mine);
    core::write_file(mine / "diary.txt", "mine");
    EXPECT_NE(error_of(trained.options).find("something else than a run lies among the run's trials"),
              std::string::npos);
    EXPECT_EQ(core::read_file(mine / "diary.txt"), "mine");
    trained.expect_as_it_was();
}

TEST(RunFolder, ProblemsAreThoseThatOpeningItWouldFindAndNothingIsChanged) {
    Trained trained;
    const auto problems = [&] {
        const std::vector<core::Problem> found = problems_of_output(trained.options);
        return found.empty() ? std::string() : core::to_line(found.front());
    };
    const auto files = [&] {
        return std::distance(std::filesystem::recursive_directory_iterator(trained.run.root), {});
    };
    const auto before = files();
    EXPECT_EQ(problems(), "");
    trained.options.overwrite = false;
    EXPECT_EQ(problems(), error_of(trained.options));
    EXPECT_NE(problems().find("not empty"), std::string::npos);
    trained.options.resume = true;
    EXPECT_EQ(problems(), error_of(trained.options));
    EXPECT_NE(problems().find("another value"), std::string::npos);
    trained.options.output = trained.run.best().string();
    EXPECT_EQ(problems(), error_of(trained.options));
    trained.options.output = (trained.run.best() / "below").string();
    EXPECT_NE(problems().find("cannot make the folder"), std::string::npos);
    trained.options.output = (trained.run.root / "new").string();
    EXPECT_EQ(problems(), "");
    EXPECT_EQ(files(), before);
}

TEST(RunFolder, WhatAKilledProgramLeftHalfWrittenIsCleared) {
    const test::TemporaryFolder folder;
    const auto left = folder / ".config.yaml.partial-a1B2c3";
    Options options;
    options.output = folder.path();
    for (const bool resume : {false, true}) {
        for (const bool overwrite : {false, true}) {
            if (resume && overwrite) continue;
            std::filesystem::remove_all(folder / "config.yaml");
            std::filesystem::remove_all(folder / "weights");
            core::write_file(left, "half");
            options.resume = resume;
            options.overwrite = overwrite;
            EXPECT_EQ(run_status(options), RunStatus::kFree);
            EXPECT_EQ(error_of(options), "") << resume << overwrite;
            EXPECT_FALSE(std::filesystem::exists(left));
        }
    }
    core::write_file(folder / "weights" / ".best.safetensors.partial-a1B2c3", "half");
    EXPECT_EQ(error_of(options), "");
    EXPECT_TRUE(std::filesystem::is_empty(folder / "weights"));
}

TEST(RunFolder, AConfigOfTheUsersIsNoRun) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "config.yaml", "# mine\nseed: 3\n");
    Options options;
    options.output = folder.path();
    EXPECT_NE(error_of(options).find("not empty"), std::string::npos);
    options.overwrite = true;
    EXPECT_NE(error_of(options).find("something else"), std::string::npos);
    EXPECT_EQ(core::read_file(folder / "config.yaml"), "# mine\nseed: 3\n");
}

TEST(RunFolder, FoldersOfTheUsersAreNotTakenForAReplacement) {
    const test::TemporaryFolder folder;
    for (const char* name : {"replacement", "replacement.whole", "replacement.moving"}) {
        core::make_folders(folder / name);
        core::write_file(folder / name / "train.log", "mine");
    }
    Options options;
    options.output = folder.path();
    EXPECT_NE(error_of(options).find("not empty"), std::string::npos);
    for (const char* name : {"replacement", "replacement.whole", "replacement.moving"}) {
        EXPECT_EQ(core::read_file(folder / name / "train.log"), "mine");
    }
}

TEST(RunFolder, ResumeNamesEveryKeyThatDiffers) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    core::write_file(OpenedRun(options).folder().state(), "trained");
    options.resume = true;
    EXPECT_EQ(error_of(options), "");
    options.optimizer.lr = 0.25;
    options.seed = 9;
    options.threads = 1;  // how a run is made may change
    const std::string message = error_of(options);
    EXPECT_NE(message.find("optimizer.lr"), std::string::npos) << message;
    EXPECT_NE(message.find("seed"), std::string::npos) << message;
    EXPECT_EQ(message.find("threads"), std::string::npos) << message;
}

TEST(RunFolder, OfARunThatTrainedNothingIsFree) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder.path();
    const RunFolder run = OpenedRun(options).folder();
    EXPECT_EQ(error_of(options), "");
    core::write_file(run.best(), "weights");
    EXPECT_NE(error_of(options).find("not empty"), std::string::npos);
}

TEST(RunFolder, ResumeAndOverwriteAreForRunsOnly) {
    const test::TemporaryFolder folder;
    core::write_file(folder / "holiday.txt", "mine");
    Options options;
    options.output = folder.path();
    options.overwrite = true;
    EXPECT_NE(error_of(options).find("something else"), std::string::npos);
}

TEST(RunStatus, TellsWhatTheFolderHolds) {
    const test::TemporaryFolder folder;
    Options options;
    options.output = folder / "run";
    EXPECT_EQ(run_status(options), RunStatus::kFree);
    const RunFolder run = OpenedRun(options).folder();
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
    EXPECT_NE(error_of(options).find("not a folder"), std::string::npos);
}

}  // namespace
}  // namespace kaziranga::training
