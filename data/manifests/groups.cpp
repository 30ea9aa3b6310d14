#include "data/manifests/groups.hpp"

#include "core/threads.hpp"
#include "data/formats/exif.hpp"
#include "data/manifests/clock.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

namespace kaziranga::data {
namespace {

std::string folder_of(const Sample& sample) {
    const std::string name = image_name(sample);
    const size_t slash = name.rfind('/');
    return slash == std::string::npos ? "." : name.substr(0, slash);
}

/// @return the number of images without a time
size_t set_bursts(std::vector<Sample*> samples, const DataOptions& options) {
    const size_t all = samples.size();
    std::erase_if(samples, [](const Sample* sample) { return !sample->time; });
    std::vector<std::tuple<std::string, int64_t, Sample*>> taken;  // folder and site
    for (Sample* sample : samples) {
        taken.emplace_back(folder_of(*sample) + '\n' + facts_of(*sample).site, *sample->time, sample);
    }
    std::ranges::sort(taken, [](const auto& a, const auto& b) {
        return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)->name) <
               std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b)->name);
    });
    for (size_t i = 0; i < taken.size(); ++i) {
        const auto& [place, time, sample] = taken[i];
        const bool goes_on =
            i > 0 && std::get<0>(taken[i - 1]) == place && time - std::get<1>(taken[i - 1]) <= options.burst_seconds;
        sample->group = goes_on ? std::get<2>(taken[i - 1])->group : image_name(*sample);
    }
    return all - samples.size();
}

}  // namespace

bool names_a_column(std::string_view group) {
    return group != kNoGroup && group != kFolderGroup && group != kBurstGroup;
}

void read_times(Samples& samples, int64_t workers) {
    core::parallel_for(static_cast<int64_t>(samples.size()), workers, [&](int64_t i) {
        Sample& sample = samples[static_cast<size_t>(i)];
        if (!sample.time && !sample.source) sample.time = seconds_of(formats::exif_time(sample.path));
    });
}

void set_groups(const DataOptions& options, const std::vector<Samples*>& lists, std::vector<core::Problem>& warnings) {
    if (options.group == kNoGroup) return;
    std::vector<Sample*> samples;
    for (Samples* list : lists) {
        for (Sample& sample : *list) samples.push_back(&sample);
    }
    size_t without = 0;
    if (options.group == kFolderGroup) {
        for (Sample* sample : samples) sample->group = folder_of(*sample);
    } else if (options.group == kBurstGroup) {
        for (Samples* list : lists) read_times(*list, options.workers);
        without = set_bursts(samples, options);
    } else {
        for (Sample* sample : samples) {
            if (sample->group.empty()) sample->group = stated_group(*sample, options.group);
        }
        without = static_cast<size_t>(
            std::ranges::count_if(samples, [](const Sample* sample) { return sample->group.empty(); }));
    }
    if (without == 0) return;
    const std::string what = options.group == kBurstGroup ? "time" : "group";
    if (without == samples.size()) {
        throw core::Error({.what = "no image has a " + what + " (data.group=" + options.group + ")",
                           .where = options.place(),
                           .remedy = options.group == kBurstGroup
                                         ? "times are read from EXIF or from a table's column 'time'; take another "
                                           "group, or data.group=none"
                                         : "name a column of a table, or take data.group=folder, burst or none"});
    }
    warnings.push_back({.what = counted(without, "image") + " without a " + what + ": each is a group of its own",
                        .where = options.place()});
}

}  // namespace kaziranga::data
