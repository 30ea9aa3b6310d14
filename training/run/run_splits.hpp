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

/// splits.csv: `path,label,split,content`, a line an image that the run used. The split belongs to the run: images that
/// come later change nothing in it.
std::string splits_csv(const RunImages& images, const std::vector<std::string>& classes);

/// What a run recorded of its images.
class RunSplits {
  public:
    struct Row {
        std::string path, label, split;
        core::Hash128 content;
    };

    /// @throws core::Error when the file is not what splits_csv writes
    explicit RunSplits(const std::filesystem::path& file);

    /// The split that the run was judged on: test, or val where it has none.
    const std::string& judged() const { return judged_; }

    /// The images of that split as they are found now.
    /// @param manifest  what the run's data holds now
    /// @param skip      leaves out what is gone or has another label instead of refusing
    /// @param notes     takes what was left out, and how many images the run does not know
    /// @throws core::Error listing what is gone or has another label
    data::Samples find(const data::Manifest& manifest, const std::vector<std::string>& classes, bool skip,
                       std::vector<core::Problem>& notes) const;

    /// What a run of these images would train and validate on otherwise than this one did; a few of many.
    std::vector<core::Problem> differences(const RunImages& images, const std::vector<std::string>& classes) const;

    /// The images that are no longer what the run was judged on.
    std::vector<core::Problem> changed(const UsableImages& images) const;

    /// How many of the images the run was trained on, by content.
    size_t trained_on(const UsableImages& images) const;

  private:
    std::filesystem::path file_;
    std::vector<Row> rows_;
    std::string judged_;
    std::unordered_set<core::Hash128> trained_;
};

/// Why resume cannot go on with a run whose images these are; nothing where it has no state to go on with.
std::vector<core::Problem> faults_of_resumed_images(const RunFolder& run, const RunImages& images,
                                                    const std::vector<std::string>& classes);

}  // namespace kaziranga::training
