#pragma once

#include "core/error.hpp"
#include "training/options.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::training {

/// A setting that was tried, evaluated on training images that its trainings did not use.
struct Trial {
    core::config::Strings overrides;  ///< key=value of every key of tune.grid
    double top1 = 0;                  ///< percent of the held-out images
    double error = 0;                 ///< standard error of top1, percent
    double loss = 0;                  ///< nats
    double seconds = 0;               ///< of its trainings, including features
    bool chosen = false;
};

/// The result of tuning.
struct Tuned {
    Options options;            ///< with the chosen values, tune.grid empty
    std::vector<Trial> trials;  ///< in the order in which they were tried
};

/// The values of the chosen trial; none if no trial was chosen.
core::config::Strings chosen(const std::vector<Trial>& trials);

/// The total over all trials.
double seconds_of(const std::vector<Trial>& trials);

/// Tries the values of a grid, {key: [first, others…]}, one key after another. Each value is tried with the best values
/// of the other keys so far, at first with their first ones. The search ends when a round changes nothing or `rounds`
/// are done (coordinate search). If the best number of a key is the first or the last of its list and is better than
/// its neighbour by more than a standard error, values beyond it are tried, in the ratio of the two values at that end.
/// This ends when there is no such gain, when kMostSteps values were added there, or when the next value is not
/// possible. The best setting has the highest top-1, and of equal ones the lowest loss.
/// @param possible  true if key=value makes a config     @param judge  fills in the results of a setting
/// @return          all settings that were tried, in that order; one of them is chosen
std::vector<Trial> search(const core::config::Table& grid, int64_t rounds,
                          const std::function<bool(const std::string&)>& possible,
                          const std::function<void(Trial&)>& judge);

inline constexpr int kMostSteps = 4;

/// The problems of the values of tune.grid that do not make a valid config.
std::vector<core::Problem> problems_of_settings(const Options& options);

/// Searches tune.grid. A setting is evaluated on tune.turns of tune.folds folds of the training images, drawn as
/// data.shots says; test images are never used. Every training is an ordinary run below `folder`, so that a stopped
/// search can continue.
/// @throws core::Error with the setting that failed; core::Interrupted after saving
/// @param train  trains one run to its end
Tuned tune(const Options& options, const std::filesystem::path& folder,
           const std::function<void(const Options&)>& train);

/// The CSV table `<key>,…,cv_top1,standard_error,cv_loss,seconds,chosen`, one line per trial.
std::string tuning_csv(const std::vector<Trial>& trials);

/// @param name  name of the file in messages
/// @throws core::Error when the text is not what tuning_csv writes
std::vector<Trial> parse_tuning(std::string_view csv, const std::string& name);

}  // namespace kaziranga::training
