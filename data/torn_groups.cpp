#include "data/torn_groups.hpp"

#include "data/manifests/groups.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

/// Images that are looked at to see if a data set has times at all: reading those of a million takes a minute.
constexpr size_t kTried = 50;

bool have_times(const Samples& samples) {
    Samples some;
    const size_t step = std::max<size_t>(samples.size() / kTried, 1);
    for (size_t i = 0; i < samples.size(); i += step) some.push_back(samples[i]);
    read_times(some, /*workers=*/1);
    return std::ranges::any_of(some, [](const Sample& sample) { return sample.time.has_value(); });
}

/// The images of the judged split in whose group there is a training image.
/// @param group_of  the group of a sample; empty: none
template <class GroupOf>
size_t torn(const Samples& train, const Samples& judged, const GroupOf& group_of) {
    std::set<std::string> trained;
    for (const Sample& sample : train) {
        if (std::string group = group_of(sample); !group.empty()) trained.insert(std::move(group));
    }
    return static_cast<size_t>(
        std::ranges::count_if(judged, [&](const Sample& sample) { return trained.contains(group_of(sample)); }));
}

size_t torn_bursts(Samples train, Samples judged, DataOptions options) {
    if (!have_times(judged)) return 0;
    options.group = kBurstGroup;
    std::vector<core::Problem> unheard;
    set_groups(options, {&train, &judged}, unheard);
    return torn(train, judged, [](const Sample& sample) { return sample.group; });
}

size_t torn_by(std::string_view group, const Samples& train, const Samples& judged, const DataOptions& options) {
    if (group == kBurstGroup) return torn_bursts(train, judged, options);
    return torn(train, judged, [&](const Sample& sample) { return stated_group(sample, group); });
}

}  // namespace

std::optional<core::Problem> warning_of_torn_groups(const SplitImages& images, const DataOptions& options) {
    if (options.group != kNoGroup) return std::nullopt;
    const Samples& train = images.train.samples;
    const bool tested = !images.test.samples.empty();
    const Samples& judged = tested ? images.test.samples : images.val.samples;
    for (const std::string_view group : {kSequenceGroup, kBurstGroup, kSiteGroup}) {
        const size_t count = torn_by(group, train, judged, options);
        if (count == 0) continue;
        return core::Problem{
            .what = fmt::format("{} of {} {} images are of a {} of which training has images too: results on them "
                                "flatter the model",
                                count, judged.size(), tested ? "test" : "validation", group),
            .where = options.place(),
            .remedy = fmt::format("data.group={} keeps them in one split", group)};
    }
    return std::nullopt;
}

}  // namespace kaziranga::data
