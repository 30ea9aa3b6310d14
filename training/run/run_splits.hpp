#pragma once

#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "training/options.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/usable_images.hpp"

#include <filesystem>
#include <string>
#include <unordered_set>
#include <vector>

namespace kaziranga::training {

using RunImages = data::SplitImages;

/// The text of splits.csv: `path,label,split,content`, one line per image that the run used. The split belongs to the
/// run: images that are added later do not change it.
std::string splits_csv(const RunImages& images, const std::vector<std::string>& classes);

/// The images that a run recorded.
class RunSplits {
  public:
    struct Row {
        std::string path, label, split;
        core::Hash128 content;
    };

    /// @throws core::Error when the file is not what splits_csv writes
    explicit RunSplits(const std::filesystem::path& file);

    /// The split on which the run was judged: test, or val if there is none.
    const std::string& judged() const { return judged_; }

    /// Finds the images of that split in the current data.
    /// @param manifest  the current contents of the run's data
    /// @param skip      leaves out images that are gone or have another label, instead of refusing
    /// @param notes     receives the images left out, and the number of images that the run does not know
    /// @throws core::Error listing the images that are gone or have another label
    data::Samples find(const data::Manifest& manifest, const std::vector<std::string>& classes, bool skip,
                       std::vector<core::Problem>& notes) const;

    /// The differences between these images and the recorded ones in training and validation; only a few of many.
    std::vector<core::Problem> differences(const RunImages& images, const std::vector<std::string>& classes) const;

    /// The images that have changed since the run was judged on them.
    std::vector<core::Problem> changed(const UsableImages& images) const;

    /// The number of images that the run was trained on, by content.
    size_t trained_on(const UsableImages& images) const;

  private:
    std::filesystem::path file_;
    std::vector<Row> rows_;
    std::string judged_;
    std::unordered_set<core::Hash128> trained_;
};

/// The reasons why resume cannot continue a run with these images; empty if the run has no state to continue.
std::vector<core::Problem> problems_of_resumed_images(const RunFolder& run, const RunImages& images,
                                                      const std::vector<std::string>& classes);

}  // namespace kaziranga::training
