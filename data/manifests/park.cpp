#include "data/manifests/park.hpp"

#include "data/listing.hpp"
#include "data/manifests/table.hpp"
#include "data/synthetic/park.hpp"
#include "data/synthetic/renderer.hpp"

#include <ATen/ops/empty.h>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <unistd.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// Must change whenever the same image of a park would be drawn differently, so that cached features of the old picture
/// are not used.
constexpr uint64_t kDrawingVersion = 1;

constexpr auto kSplitCount = static_cast<int64_t>(synthetic::kSplits.size());
constexpr int64_t kMostImages = int64_t{1} << 32;  // per species and split

/// Returns the memory for cached pictures, bytes.
int64_t memory_for_pictures() {
    constexpr int64_t kShare = 4;
    static const int64_t bytes = ::sysconf(_SC_PHYS_PAGES) / kShare * ::sysconf(_SC_PAGESIZE);
    return bytes;
}

}  // namespace

Park::Park(synthetic::ParkRecord record) : record_(std::move(record)) {
    cv::setNumThreads(0);  // the loader already draws in parallel
    const synthetic::ParkOptions& o = record_.options;
    for (int64_t i = 0; i < o.species; ++i) {
        species_.push_back(synthetic::species_traits(o.park, i, o.shift, static_cast<uint64_t>(record_.seed)));
    }
}

at::Tensor Park::open(int64_t place) const {
    {
        const std::lock_guard lock(guard_);
        if (const auto found = kept_.find(place); found != kept_.end()) return found->second;
    }
    at::Tensor picture = drawn(image_at(place));
    const std::lock_guard lock(guard_);
    if ((static_cast<int64_t>(kept_.size()) + 1) * static_cast<int64_t>(picture.nbytes()) <= memory_for_pictures())
        kept_.emplace(place, picture);
    return picture;
}

int64_t Park::place_of(const ParkImage& image) const {
    return (image.species * kSplitCount + image.split) * kMostImages + image.number;
}

ParkImage Park::image_at(int64_t place) const {
    const int64_t set = place / kMostImages;
    return {.species = set / kSplitCount, .split = set % kSplitCount, .number = place % kMostImages};
}

at::Tensor Park::drawn(const ParkImage& image) const {
    const int64_t size = record_.options.size;
    const int64_t index = synthetic::image_index(static_cast<int>(image.split), image.number);
    const cv::Mat drawn = synthetic::draw_animal(species_.at(static_cast<size_t>(image.species)), index, size);
    at::Tensor tensor = at::empty({size, size, 3}, at::kByte);
    cv::Mat rgb(static_cast<int>(size), static_cast<int>(size), CV_8UC3, tensor.data_ptr());
    cv::cvtColor(drawn, rgb, cv::COLOR_BGR2RGB);
    return tensor;
}

core::Hash128 Park::identity(int64_t at) const {
    const ParkImage image = image_at(at);
    const synthetic::ParkOptions& o = record_.options;
    core::Hasher hasher;
    hasher.add_text("drawn " + o.park);
    const std::array<int64_t, 6> place = {
        static_cast<int64_t>(kDrawingVersion), record_.seed, o.size, image.species, image.split, image.number};
    hasher.add(place.data(), sizeof place);
    hasher.add(&o.shift, sizeof o.shift);
    return hasher.digest();
}

Samples park_samples(const std::shared_ptr<const Park>& park, int64_t split) {
    const synthetic::ParkRecord& record = park->record();
    const auto s = static_cast<size_t>(split);
    Samples samples;
    for (size_t species = 0; species < record.species.size(); ++species) {
        const std::string folder = std::string(synthetic::kSplits[s]) + "/" + record.species[species] + "/";
        for (int64_t number = 0; number < synthetic::images_of(record.options)[s]; ++number) {
            const auto label = static_cast<int64_t>(species);
            const std::string name = folder + synthetic::image_name(number);
            samples.push_back({.path = name,
                               .name = name,
                               .label = label,
                               .source = park,
                               .place = park->place_of({label, split, number})});
        }
    }
    return samples;
}

namespace {

fs::path record_in(const fs::path& root) {
    return fs::is_directory(root) ? root / synthetic::kRecordName : root;
}

bool is_park(const fs::path& root) {
    std::error_code code;
    const fs::path file = record_in(root);
    if (file.filename() != synthetic::kRecordName || !fs::is_regular_file(file, code)) return false;
    return file == root || list_entries(root).folders.empty();  // else its images are there as files
}

Manifest read_park(const DataOptions& options) {
    const fs::path file = record_in(options.root);
    const auto park = std::make_shared<const Park>(synthetic::read_record(file));
    return {.root = file.parent_path(),
            .classes = park->record().species,
            .train = park_samples(park, 0),
            .val = park_samples(park, 1),
            .test = park_samples(park, 2)};
}

}  // namespace

const ManifestFormat kParkManifest = {.name = "park",
                                      .help = "a made-up park by its park.json, each image drawn when it is needed",
                                      .is = "a folder of images",
                                      .to_set_aside = "make a folder test/ beside train/, or set data.val_fraction",
                                      .recognises = is_park,
                                      .read = read_park};

}  // namespace kaziranga::data
