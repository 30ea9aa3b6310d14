#pragma once

#include "core/error.hpp"
#include "core/hash.hpp"
#include "data/dataset.hpp"
#include "data/inspect.hpp"

#include <cstdint>
#include <vector>

namespace kaziranga::training {

using data::UsableImages;

/// Keeps what can be used of a list of images, and what was wrong with the rest.
class ImageSieve {
  public:
    /// @param depth  how inspect() looks: kStructure where unusable pixels show in time when images are decoded
    ImageSieve(data::ErrorPolicy on_error, data::Depth depth, int64_t max_pixels, int64_t workers);

    /// Images that were found unusable before.
    void set_aside(const std::vector<core::Problem>& unusable);

    /// Reads and inspects the files; those that cannot be used are set aside.
    UsableImages inspect(const data::Samples& samples);

    /// Takes out the samples that turned out unusable later, when decoding.
    /// @param failed  positions in `images`, ascending     @return the positions that stay
    std::vector<int64_t> drop(UsableImages& images, const std::vector<std::pair<int64_t, core::Problem>>& failed);

    /// @throws core::Error listing all that was set aside so far, when on_error is refuse; else logs what is new
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
