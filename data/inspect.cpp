#include "data/inspect.hpp"

#include "core/files.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/decode.hpp"

#include <atomic>
#include <thread>

namespace kaziranga::data {
namespace {

/// No file that may pass is longer: eight bytes a pixel (16-bit RGBA, not compressed at all) and generous metadata.
uint64_t longest_file(int64_t max_pixels) {
    constexpr uint64_t kBytesPerPixel = 8, kMetadata = uint64_t{64} << 20;
    return static_cast<uint64_t>(max_pixels) * kBytesPerPixel + kMetadata;
}

Inspection inspect_sample(const Sample& sample, Depth depth, int64_t max_pixels) {
    if (sample.park) return {.content = sample.park->content(sample.drawn), .problem = {}};
    const std::filesystem::path& path = sample.path;
    Inspection inspection;
    try {
        const std::string bytes = core::read_file(path, longest_file(max_pixels));
        inspection.content = core::hash_bytes(bytes);
        if (depth == Depth::kDecode) {
            decode_image(bytes, path, max_pixels);
        } else {
            probe_image(bytes, path, max_pixels);
        }
    } catch (const core::Error& error) {
        inspection.problem = error.problems().front();
    }
    return inspection;
}

/// Counts steps of many threads and tells the display of them from the one that made it.
class SharedPhase {
  public:
    SharedPhase(std::string_view name, int64_t total) : phase_(name, total, "images") {}

    void step() {
        ++done_;
        if (std::this_thread::get_id() == owner_) tell();
    }
    void tell() {
        const int64_t now = done_;
        if (now > told_) phase_.advance(now - told_);
        told_ = now;
    }

  private:
    const std::thread::id owner_ = std::this_thread::get_id();
    std::atomic<int64_t> done_{0};
    int64_t told_ = 0;
    core::Phase phase_;
};

}  // namespace

std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers) {
    std::vector<Inspection> found(samples.size());
    if (samples.empty()) return found;
    SharedPhase phase(depth == Depth::kDecode ? "checking images" : "reading images",
                      static_cast<int64_t>(samples.size()));
    core::parallel_for(static_cast<int64_t>(samples.size()), workers > 0 ? workers : core::available_processors(),
                       [&](int64_t i) {
                           const auto at = static_cast<size_t>(i);
                           found[at] = inspect_sample(samples[at], depth, max_pixels);
                           phase.step();
                       });
    phase.tell();
    return found;
}

}  // namespace kaziranga::data
