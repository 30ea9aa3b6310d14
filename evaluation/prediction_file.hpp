#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "core/lock.hpp"
#include "evaluation/records.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// The refusal of a file that nobody has said may go.
core::Error output_is_there(const std::filesystem::path& path);

/// Whether a file that is there was written as predictions, or is empty: others are not replaced.
bool holds_predictions(const std::filesystem::path& path);

/// What a classifier says of many images, written as it says it: into `<path>.partial`, a line an image, from which the
/// same command goes on after a stop, and into the file itself, whole, when all are done. A line is taken over while
/// its image has the name, size and time of change that it had; what could not be read is tried again. Memory grows
/// with the images' names alone.
class PredictionFile {
  public:
    struct Contents {
        std::vector<std::string> classes;
        int64_t topk = 0;        ///< classes an image
        core::Hash128 identity;  ///< of all that decides what is said, the images aside
    };

    /// @param path       .csv or .json; its folder is there
    /// @param samples    all images, in their order; outlive this object
    /// @param overwrite  a file that is there, and what was collected of another model, may go
    /// @throws core::Error when either is there without it, the partial file cannot be written, or another process
    ///         writes it
    PredictionFile(std::filesystem::path path, Contents contents, const data::Samples& samples, bool overwrite);

    /// The images that no earlier sitting has done, in their order.
    data::Samples left() const;

    /// The next of those that were left. They outlive a kill from now on.
    void append(const std::vector<Prediction>& predictions);

    /// Writes the file and removes the partial one.
    void finish();

  private:
    void take_up(bool overwrite);
    void begin();
    template <class Visit>
    void each(Visit visit) const;

    std::filesystem::path path_, partial_;
    Contents contents_;
    const data::Samples& samples_;
    core::FileLock lock_;
    std::vector<core::Hash128> images_;  ///< of each sample: its name, size and time of change
    std::vector<int64_t> lines_;         ///< of each sample: where its line begins in the partial file
    std::vector<size_t> left_;           ///< samples without a line
    size_t appended_ = 0;                ///< of those left
    int64_t written_ = 0;                ///< bytes of the partial file
    std::ofstream out_;
};

}  // namespace kaziranga::evaluation
