#include "data/manifests/boxes.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"
#include "data/manifests/table_paths.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

/// The answers of a detector, by image.
class Detections {
  public:
    /// @param folder  of relative paths
    Detections(const fs::path& file, const std::vector<DetectedImage>& images, const DataOptions& options,
               const fs::path& folder)
        : file_(file), images_(images), paths_(folder, options) {
        for (const DetectedImage& image : images_) by_file_.emplace(key(paths_.file_of(image.path)), &image);
    }

    bool names_one_of(const std::vector<Samples*>& lists) const {
        return std::ranges::any_of(lists, [&](const Samples* samples) {
            return std::ranges::any_of(*samples, [&](const Sample& sample) { return find(sample) != nullptr; });
        });
    }

    /// What the detector says about an image; null if it says nothing.
    const DetectedImage* find(const Sample& sample) const {
        const auto found = by_file_.find(key(sample.path));
        return found == by_file_.end() ? nullptr : found->second;
    }

    core::Problem names_no_image(const Samples& samples) const {
        const std::string remedy = moved_line(samples);
        return {.what = "the detector's file names none of the images",
                .where = file_.string(),
                .expected = samples.front().path,
                .found = images_.front().path,
                .remedy = !remedy.empty() ? remedy
                                          : "set data.base to the folder of its paths, or data.moved if they are of "
                                            "another machine"};
    }

  private:
    /// Says which line finds images of the same name: where most paths of the detector and of the images differ at
    /// their start alone.
    std::string moved_line(const Samples& samples) const {
        constexpr size_t kTried = 200;
        std::unordered_map<std::string, std::string> by_name;
        for (const Sample& sample : samples) {
            const fs::path path = fs::path(sample.path).lexically_normal();
            by_name.emplace(path.filename().string(), path.string());
        }
        std::map<std::pair<std::string, std::string>, size_t> votes;
        for (size_t i = 0; i < std::min(images_.size(), kTried); ++i) {
            std::string written = images_[i].path;
            std::ranges::replace(written, '\\', '/');
            const auto found = by_name.find(fs::path(written).filename().string());
            if (found == by_name.end()) continue;
            fs::path from = written, to = found->second;
            while (from.has_relative_path() && to.has_relative_path() && from.filename() == to.filename()) {
                from = from.parent_path();
                to = to.parent_path();
            }
            if (!from.empty()) ++votes[{from.string(), to.empty() ? "." : to.string()}];
        }
        if (votes.empty()) return {};
        const auto& [from, to] = std::ranges::max_element(votes, {}, [](const auto& v) { return v.second; })->first;
        return fmt::format("images with the same names are below {1}; set data.moved='{{\"{0}\": \"{1}\"}}'", from, to);
    }

    static std::string key(const fs::path& file) {
        return core::composed(fs::absolute(file).lexically_normal().string());
    }

    fs::path file_;
    const std::vector<DetectedImage>& images_;
    TablePaths paths_;
    std::unordered_map<std::string, const DetectedImage*> by_file_;
};

/// Replaces images by their boxes, and counts.
class Boxing {
  public:
    Boxing(const Detections& detections, const CropOptions& crop) : detections_(detections), crop_(crop) {
        for (const std::string& category : crop.categories) categories_.push_back(core::lower(category));
    }

    void replace(Samples& samples) {
        Samples boxes;
        for (Sample& sample : samples) {
            if (sample.box) {
                boxes.push_back(std::move(sample));
            } else {
                add(sample, boxes);
            }
        }
        samples = std::move(boxes);
    }

    void tell(const fs::path& file, std::vector<core::Problem>& warnings) const {
        const std::string fate = crop_.without_box == WithoutBox::kSkip ? "left out" : "used whole";
        if (without_ > 0) {
            warnings.push_back({.what = fmt::format("{} without a box of {} of confidence {:g} or more: {}",
                                                    counted(without_, "image"), core::join(categories_, " or "),
                                                    crop_.min_confidence, fate),
                                .where = file.string(),
                                .remedy = "data.crop.without_box says what becomes of them"});
        }
        if (unknown_ > 0) {
            warnings.push_back({.what = fmt::format("{} without an answer in the detector's file: {}",
                                                    counted(unknown_, "image"), fate),
                                .where = file.string(),
                                .remedy = "run the detector on them too"});
        }
    }

  private:
    void add(Sample& sample, Samples& boxes) {
        const DetectedImage* image = detections_.find(sample);
        if (image != nullptr && !image->facts.examined) image = nullptr;
        const size_t before = boxes.size();
        if (image != nullptr) {
            auto facts = std::make_shared<ImageFacts>(facts_of(sample));
            facts->detections = image->facts.detections;
            facts->examined = true;
            sample.facts = std::move(facts);
            for (const Detection& detection : image->facts.detections) {
                if (!takes(detection)) continue;
                const std::string name = name_of_box(sample.name, detection.box);
                const auto first = boxes.begin() + static_cast<std::ptrdiff_t>(before);
                if (std::any_of(first, boxes.end(), [&](const Sample& other) { return other.name == name; })) continue;
                boxes.push_back(sample);
                boxes.back().name = name;
                boxes.back().box = detection.box;
            }
        }
        if (boxes.size() > before) return;
        ++(image == nullptr ? unknown_ : without_);
        if (crop_.without_box == WithoutBox::kImage) boxes.push_back(std::move(sample));
    }

    bool takes(const Detection& detection) const {
        return detection.box.confidence >= crop_.min_confidence &&
               std::ranges::count(categories_, detection.category) > 0;
    }

    const Detections& detections_;
    const CropOptions& crop_;
    std::vector<std::string> categories_;
    size_t unknown_ = 0, without_ = 0;  // images
};

}  // namespace

void add_boxes(const DataOptions& options, const std::vector<fs::path>& folders, const std::vector<Samples*>& lists,
               std::vector<core::Problem>& warnings) {
    if (options.detections.empty()) return;
    add_boxes_of(options.detections, read_detections(options.detections, options.columns, TableOf::kDetections),
                 options, folders, lists, warnings);
}

void add_boxes_of(const fs::path& file, const std::vector<DetectedImage>& images, const DataOptions& options,
                  const std::vector<fs::path>& folders, const std::vector<Samples*>& lists,
                  std::vector<core::Problem>& warnings) {
    const auto filled = std::ranges::find_if(lists, [](const Samples* samples) { return !samples->empty(); });
    if (filled == lists.end()) return;
    for (const fs::path& folder : folders) {
        const Detections detections(file, images, options, folder);
        if (!detections.names_one_of(lists)) continue;
        Boxing boxing(detections, options.crop);
        for (Samples* samples : lists) boxing.replace(*samples);
        return boxing.tell(file, warnings);
    }
    throw core::Error(Detections(file, images, options, folders.front()).names_no_image(**filled));
}

}  // namespace kaziranga::data
