#include "data/inspect.hpp"

#include "core/files.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/formats/decode.hpp"
#include "data/formats/probe.hpp"
#include "data/read_image.hpp"

#include <span>

namespace kaziranga::data {

namespace {

bool is_same_file(const Sample& a, const Sample& b) {
    return a.source == b.source && a.place == b.place && a.path == b.path;
}

/// Inspects a file once for all samples of it, which differ in their boxes.
void inspect_file(std::span<const Sample> samples, Depth depth, int64_t max_pixels, std::span<Inspection> found) {
    if (samples.front().source) {
        for (size_t i = 0; i < samples.size(); ++i) found[i].content = content_hash(samples[i]);
        return;
    }
    const std::filesystem::path path = samples.front().path;
    Inspection file;
    try {
        const std::string bytes = core::read_file(path, longest_image_file(max_pixels));
        const core::Hash128 content = core::hash_bytes(bytes);
        for (size_t i = 0; i < samples.size(); ++i) found[i].content = content_hash(samples[i], content);
        if (depth == Depth::kStructure) {
            probe_image(bytes, path, max_pixels);
        } else {
            const at::Tensor image = decode_image(bytes, path, {max_pixels});
            if (depth == Depth::kLook) file.look = look_hash(image);
        }
    } catch (const core::Error& error) {
        file.problem = error.problems().front();
    }
    for (Inspection& inspection : found) {
        inspection.problem = file.problem;
        inspection.look = file.look;
    }
}

}  // namespace

std::vector<Inspection> inspect(const Samples& samples, Depth depth, int64_t max_pixels, int64_t workers) {
    std::vector<Inspection> found(samples.size());
    if (samples.empty()) return found;
    std::vector<size_t> ends;  // of runs of samples of one file
    for (size_t i = 1; i <= samples.size(); ++i) {
        if (i == samples.size() || !is_same_file(samples[i - 1], samples[i])) ends.push_back(i);
    }
    core::SharedPhase phase(depth == Depth::kStructure ? "reading images" : "checking images",
                            static_cast<int64_t>(samples.size()), "images");
    core::parallel_for(static_cast<int64_t>(ends.size()), workers, [&](int64_t run) {
        const auto at = static_cast<size_t>(run);
        const size_t first = at == 0 ? 0 : ends[at - 1], count = ends[at] - first;
        inspect_file(std::span(samples).subspan(first, count), depth, max_pixels,
                     std::span(found).subspan(first, count));
        phase.step(static_cast<int64_t>(count));
    });
    return found;
}

}  // namespace kaziranga::data
