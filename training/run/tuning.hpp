#pragma once

#include "core/error.hpp"
#include "training/options.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::training {

/// One setting that was tried, judged by training images that its trainings had not seen.
struct Trial {
    core::config::Strings overrides;  ///< key=value of every key of tune.grid
    double top1 = 0;                  ///< percent of the held-out images
    double error = 0;                 ///< standard error of top1, percent
    double loss = 0;                  ///< nats
    double seconds = 0;               ///< of its trainings, features included
    bool chosen = false;
};

/// What tuning came to.
struct Tuned {
    Options options;            ///< with the chosen values, tune.grid empty
    std::vector<Trial> trials;  ///< in the order in which they were tried
};

/// The values of the trial that was chosen; none where none was.
core::config::Strings chosen(const std::vector<Trial>& trials);

/// Of all trials.
double seconds_of(const std::vector<Trial>& trials);

/// Tries the values of a grid, {key: [first, others…]}, one key after another: each with the best values of the others
/// so far, their first ones to begin with, until a round changes nothing or `rounds` are done (coordinate search).
/// Where the best of a key's numbers is the first or the last of its list, by more than a standard error above the one
/// beside it, values beyond it are tried, in the ratio of the two at that end, until no such gain is left, kMostSteps
/// values were added there, or the next is not possible. The best has the highest top-1, of equal ones the lowest loss.
/// @param possible  whether key=value makes a config     @param judge  fills in what a setting came to
/// @return          all that were tried, in that order, one of them chosen
std::vector<Trial> search(const core::config::Table& grid, int64_t rounds,
                          const std::function<bool(const std::string&)>& possible,
                          const std::function<void(Trial&)>& judge);

inline constexpr int kMostSteps = 4;

/// What is wrong with the values of tune.grid that make no config.
std::vector<core::Problem> faults_of_settings(const Options& options);

/// Searches tune.grid. A setting is judged by tune.turns of tune.folds folds of the training images, drawn as
/// data.shots says; test images are never looked at. Every training is an ordinary run below `folder`, so that a
/// stopped search goes on where it was.
/// @throws core::Error with the setting that failed; core::Interrupted after saving
/// @param train  one run, to its end
Tuned tune(const Options& options, const std::filesystem::path& folder,
           const std::function<void(const Options&)>& train);

/// `<key>,…,cv_top1,standard_error,cv_loss,seconds,chosen`, a line a trial.
std::string tuning_csv(const std::vector<Trial>& trials);

/// @param name  how the file is called in messages
/// @throws core::Error when the text is not what tuning_csv writes
std::vector<Trial> parse_tuning(std::string_view csv, const std::string& name);

}  // namespace kaziranga::training
