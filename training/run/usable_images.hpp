#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/inspect.hpp"

#include <cstdint>
#include <vector>

namespace kaziranga::training {

using data::UsableImages;

/// Keeps the usable images of a list, and the problems of the others.
class ImageSieve {
  public:
    /// @param depth  depth of inspect(); kStructure if unusable pixels are found in time when images are decoded
    ImageSieve(data::ErrorPolicy on_error, data::Depth depth, int64_t max_pixels, int64_t workers);

    /// Adds images that were found unusable before.
    void set_aside(const std::vector<core::Problem>& unusable);

    /// Reads and inspects the files; those that cannot be used are set aside.
    UsableImages inspect(const data::Samples& samples);

    /// Removes the samples that turned out unusable later, during decoding.
    /// @param failed  positions in `images`, ascending     @return the positions that stay
    std::vector<int64_t> drop(UsableImages& images, const std::vector<std::pair<int64_t, core::Problem>>& failed);

    /// @throws core::Error listing all images set aside so far, if on_error is refuse; else logs the new ones
    void settle();

    const std::vector<core::Problem>& skipped() const { return skipped_; }

  private:
    data::ErrorPolicy on_error_;
    data::Depth depth_;
    int64_t max_pixels_;
    int64_t workers_;
    std::vector<core::Problem> skipped_;
    size_t logged_ = 0;
};

}  // namespace kaziranga::training
