#include "data/inspect.hpp"

#include "core/files.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/formats/decode.hpp"
#include "data/formats/probe.hpp"
#include "data/read_image.hpp"

namespace kaziranga::data {

namespace {

Inspection inspect_sample(const Sample& sample, Depth depth, int64_t max_pixels) {
    if (sample.source) return {.content = content_hash(sample)};
    const std::filesystem::path path = sample.path;
    Inspection inspection;
    try {
        const std::string bytes = core::read_file(path, longest_image_file(max_pixels));
        inspection.content = content_hash(sample, bytes);
        if (depth == Depth::kStructure) {
            probe_image(bytes, path, max_pixels);
        } else {
            const at::Tensor image = decode_image(bytes, path, {max_pixels});
            if (depth == Depth::kLook) inspection.look = look_hash(image);
        }
    } catch (const core::Error& error) {
        inspection.problem = error.problems().front();
    }
    return inspection;
}

}  // namespace

std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers) {
    std::vector<Inspection> found(samples.size());
    if (samples.empty()) return found;
    core::SharedPhase phase(depth == Depth::kStructure ? "reading images" : "checking images",
                            static_cast<int64_t>(samples.size()), "images");
    core::parallel_for(static_cast<int64_t>(samples.size()), workers > 0 ? workers : core::available_processors(),
                       [&](int64_t i) {
                           const auto at = static_cast<size_t>(i);
                           found[at] = inspect_sample(samples[at], depth, max_pixels);
                           phase.step();
                       });
    return found;
}

}  // namespace kaziranga::data
