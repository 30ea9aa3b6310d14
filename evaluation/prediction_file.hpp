#pragma once

#include "core/hash.hpp"
#include "core/lock.hpp"
#include "evaluation/records.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// What a classifier says of many images, written as it says it: into `<path>.partial`, a line an image, from which the
/// same command goes on after a stop, and into the file itself, whole, when all are done. Memory does not grow with the
/// number of images.
class PredictionFile {
  public:
    struct Contents {
        std::vector<std::string> classes;
        int64_t topk = 0;        ///< classes an image
        core::Hash128 identity;  ///< of all that decides what is said, the images' names aside
    };

    /// @param path     .csv or .json; its folder is there
    /// @param samples  all images, in their order; outlive this object
    /// @throws core::Error when the partial file cannot be written, or another process writes it
    PredictionFile(std::filesystem::path path, Contents contents, const data::Samples& samples);

    /// How many images, the first ones, an earlier sitting has done.
    size_t done() const { return done_; }
    /// Of all that are done.
    size_t unreadable() const { return unreadable_; }

    /// The next images. They outlive a kill from now on.
    void append(const std::vector<Prediction>& predictions);

    /// Writes the file and removes the partial one.
    void finish();

  private:
    void take_up();
    template <class Visit>
    void each(Visit visit) const;

    std::filesystem::path path_, partial_;
    Contents contents_;
    const data::Samples& samples_;
    core::FileLock lock_;
    std::ofstream out_;
    size_t done_ = 0, unreadable_ = 0;
};

}  // namespace kaziranga::evaluation
