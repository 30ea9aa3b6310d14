#include "data/synthetic/park.hpp"

#include "core/encode_jpeg.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/interrupt.hpp"
#include "core/lock.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/threads.hpp"
#include "data/synthetic/park_folder.hpp"
#include "data/synthetic/renderer.hpp"

#include <atomic>
#include <chrono>

#include <opencv2/core/utility.hpp>

namespace kaziranga::data::synthetic {
namespace {

namespace fs = std::filesystem;

void make_class_folders(const fs::path& folder, const ParkRecord& record) {
    for (size_t split = 0; split < kSplits.size(); ++split) {
        if (images_of(record.options)[split] == 0) continue;
        for (const std::string& name : record.species) core::make_folders(folder / kSplits[split] / name);
    }
}

/// One image of a park.
struct Job {
    size_t species;
    int split;
    int64_t number;
};

Job job_at(const std::array<int64_t, 3>& images, int64_t i) {
    const int64_t each = images[0] + images[1] + images[2];
    int64_t number = i % each;
    int split = 0;
    while (number >= images[static_cast<size_t>(split)]) number -= images[static_cast<size_t>(split++)];
    return {static_cast<size_t>(i / each), split, number};
}

int64_t draw_images(const PartialFolder& folder, const ParkRecord& record, int64_t threads) {
    const ParkOptions& o = record.options;
    std::vector<SpeciesTraits> traits;
    for (int64_t i = 0; i < o.species; ++i) {
        traits.push_back(species_traits(o.park, i, o.shift, static_cast<uint64_t>(record.seed)));
    }
    const std::array<int64_t, 3> images = images_of(o);
    const int64_t total = o.species * (images[0] + images[1] + images[2]);
    core::SharedPhase progress("drawing " + o.park, total, "images");
    std::atomic<int64_t> bytes{0};
    core::parallel_for(total, threads, [&](int64_t i) {
        const Job job = job_at(images, i);
        const cv::Mat image = draw_animal(traits[job.species], image_index(job.split, job.number), o.size);
        const std::string file =
            core::encode_jpeg({image.data, image.cols, image.rows, image.step}, static_cast<int>(o.jpeg_quality));
        const fs::path name = fs::path(kSplits[static_cast<size_t>(job.split)]) / record.species[job.species];
        folder.write(name / image_name(job.number), file.data(), file.size());
        bytes += static_cast<int64_t>(file.size());
        progress.step();
    });
    return bytes;
}

ParkSummary generate_park(const fs::path& destination, const ParkOptions& options, const GenerateOptions& all) {
    const auto start = std::chrono::steady_clock::now();
    const ParkRecord record = record_of(options, all.seed);
    PartialFolder folder(destination);
    int64_t bytes = 0;
    if (all.store) {
        make_class_folders(folder.path(), record);
        bytes = draw_images(folder, record, all.threads > 0 ? all.threads : core::available_processors());
    }
    const std::string json = to_json(record);
    folder.write(kRecordName, json.data(), json.size());
    // A stop may have been requested while the last images were drawn: the park must not appear then.
    core::throw_if_interrupted();
    // Drawing takes a long time, so this is checked again before anything is replaced.
    check_replaceable(destination, all.overwrite);
    folder.commit();
    const std::array<int64_t, 3> images = images_of(options);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return {options.park, destination,    options.species, options.species * (images[0] + images[1] + images[2]),
            bytes,        seconds.count()};
}

/// If some of several parks are complete, for example after a kill, removes these from `wanted`.
void leave_out_drawn(std::vector<ParkOptions>& wanted, const GenerateOptions& options) {
    if (options.overwrite) return;
    std::vector<ParkOptions> missing;
    for (const ParkOptions& park : wanted) {
        const fs::path folder = fs::path(options.output) / park.park;
        if (!is_drawn(folder, record_of(park, options.seed), options.store)) missing.push_back(park);
    }
    if (missing.empty() || missing.size() == wanted.size()) return;  // none is missing: the caller refuses them
    wanted = std::move(missing);
    core::log().info("generate: going on with {}, the other park is drawn", wanted.front().park);
}

}  // namespace

int64_t image_index(int split, int64_t number) {
    constexpr int64_t kMostInASplit = int64_t{1} << 32;
    return split * kMostInASplit + number;
}

GenerateSummary generate_parks(const GenerateOptions& options) {
    // The images are already drawn in parallel.
    cv::setNumThreads(0);
    std::vector<ParkOptions> wanted;
    for (const auto& [name, park] :
         {std::pair("kaziranga", options.kaziranga), std::pair("olympic", options.olympic)}) {
        if (park.species == 0) continue;
        wanted.push_back(park);
        wanted.back().park = name;
    }
    const fs::path output(options.output);
    const core::FolderLock lock(output, "give another output folder");
    for (const ParkOptions& park : wanted) remove_partial_folders(output, park.park);
    leave_out_drawn(wanted, options);
    for (const ParkOptions& park : wanted) check_replaceable(output / park.park, options.overwrite);
    GenerateSummary summary;
    for (const ParkOptions& park : wanted) summary.parks.push_back(generate_park(output / park.park, park, options));
    return summary;
}

}  // namespace kaziranga::data::synthetic
