#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "core/lock.hpp"
#include "evaluation/formats/table.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// The error for an output file that exists and must not be overwritten.
core::Error output_is_there(const std::filesystem::path& path);

/// True if an existing file holds predictions in any form or is empty; other files are not replaced.
bool holds_predictions(const std::filesystem::path& path);

/// The predictions of a classifier for many images, written while it makes them. `<path>.partial` gets one line per
/// image, and after a stop the same command continues from it. The file itself is written completely at the end. A line
/// is reused if its image still has the same name, size and modification time; images that could not be read are tried
/// again. Memory grows only with the names of the images, and with
/// events times classes.
class PredictionFile {
  public:
    struct Contents {
        std::vector<std::string> classes;
        int64_t topk = 0;        ///< classes per image
        core::Hash128 identity;  ///< hash of everything that determines the predictions, except the images
        const PredictionFormat& format;
        bool events = false;       ///< answers for the groups of the samples follow those of images
        std::string base = {};     ///< as PredictionContext::base
        std::string program = {};  ///< as PredictionContext::program

        /// Classes of the predictions that append() takes: answers for events need all.
        int64_t kept() const { return events ? static_cast<int64_t>(classes.size()) : topk; }
    };

    /// @param path       its folder exists
    /// @param samples    all images, in order; must outlive this object
    /// @param overwrite  an existing file, and predictions collected for another model, may be replaced
    /// @throws core::Error when either exists and may not be replaced, the partial file cannot be written, or another
    ///         process writes it
    PredictionFile(std::filesystem::path path, Contents contents, const data::Samples& samples, bool overwrite);

    /// The images that no earlier run has finished, in order.
    data::Samples left() const;

    /// Adds the predictions of the next images of left(), each with Contents::kept() classes. They survive a kill from
    /// now on.
    void append(const std::vector<Prediction>& predictions);

    /// Writes the file and removes the partial one.
    void finish();

  private:
    void take_up(bool overwrite);
    void begin();
    int64_t class_count() const { return static_cast<int64_t>(contents_.classes.size()); }
    template <class Visit>
    void each(Visit visit) const;

    std::filesystem::path path_, partial_;
    Contents contents_;
    const data::Samples& samples_;
    core::FileLock lock_;
    std::vector<core::Hash128> images_;  ///< of each sample: hash of its name (and box), size and modification time
    std::vector<int64_t> lines_;         ///< of each sample: offset of its line in the partial file
    std::vector<size_t> left_;           ///< samples without a line
    size_t appended_ = 0;                ///< number of those in left_
    int64_t written_ = 0;                ///< bytes of the partial file
    std::ofstream out_;
};

/// A writer for these contents, for another place than a file.
/// @param samples  must outlive it
std::unique_ptr<PredictionWriter> writer_of(const PredictionFile::Contents& contents, const data::Samples& samples);

}  // namespace kaziranga::evaluation
