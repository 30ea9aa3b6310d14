#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "data/manifests/box_values.hpp"
#include "data/manifests/clock.hpp"
#include "data/manifests/rows.hpp"
#include "data/manifests/table.hpp"
#include "data/manifests/text_table.hpp"
#include "data/wording.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace kaziranga::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPackage = "datapackage.json";

/// A table of the package, whose columns are called as its standard says.
class Table {
  public:
    Table(fs::path file, const std::vector<std::string>& needed)
        : file_(std::move(file)), table_(read_text_table(file_)) {
        std::vector<core::Problem> problems;
        for (const auto& [line, problem] : table_.problems) {
            problems.push_back(problem);
            problems.back().where = fmt::format("{}:{}", file_.string(), line);
        }
        for (size_t i = 0; i < table_.header.fields.size(); ++i) columns_.emplace(table_.header.fields[i], i);
        for (const std::string& name : needed) {
            if (columns_.contains(name)) continue;
            problems.push_back({.what = "the table has no column '" + name + "'",
                                .where = file_.string() + ":1",
                                .expected = "a table of Camtrap DP (camtrap-dp.tdwg.org)"});
        }
        throw_if_any(std::move(problems));
    }

    const std::vector<CsvRecord>& rows() const { return table_.rows; }

    /// Empty if there is no such column.
    const std::string& value(const CsvRecord& row, const std::string& column) const {
        static const std::string kNone;
        const auto found = columns_.find(column);
        return found == columns_.end() ? kNone : row.fields[found->second];
    }

  private:
    fs::path file_;
    TextTable table_;
    std::map<std::string, size_t> columns_;
};

/// What an observation says of an image.
struct Observation {
    int64_t line = 0;
    std::string label;
    std::optional<RelativeBox> box;
    std::string event;
    bool by_machine = false;
    bool of_event = false;
};

struct Medium {
    std::string path, site, deployment;
    std::optional<int64_t> time, universal_time;
    std::vector<Observation> observations;
};

bool is_address(const std::string& path) {
    return path.find("://") != std::string::npos;
}

class Package {
  public:
    Package(const fs::path& folder, const DataOptions& options)
        : observations_(folder / "observations.csv",
                        {"observationID", "mediaID", "observationLevel", "observationType", "scientificName"}),
          builder_(folder / "observations.csv", options) {
        read_media(Table(folder / "media.csv", {"mediaID", "deploymentID", "timestamp", "filePath"}),
                   sites_in(folder / "deployments.csv"));
    }

    Manifest run() {
        for (const CsvRecord& row : observations_.rows()) {
            constexpr int64_t kBetweenLooks = 1024;
            if (row.line % kBetweenLooks == 0) core::throw_if_interrupted();
            read_observation(row);
        }
        for (const std::string& id : order_) add_rows(media_.at(id));
        warn();
        Manifest manifest = builder_.finish(/*splits=*/false);
        manifest.read_as = fmt::format("Camtrap DP, {} and {}", counted(media_.size(), "image"),
                                       counted(observations_.rows().size(), "observation"));
        return manifest;
    }

  private:
    /// The names of the sites, by deployment.
    static std::unordered_map<std::string, std::string> sites_in(const fs::path& file) {
        const Table table(file, {"deploymentID"});
        std::unordered_map<std::string, std::string> sites;
        for (const CsvRecord& row : table.rows()) {
            const std::string& id = table.value(row, "deploymentID");
            std::string site = id;
            for (const char* column : {"locationID", "locationName"}) {
                if (const std::string& name = table.value(row, column); !name.empty()) site = name;
            }
            sites.emplace(id, std::move(site));
        }
        return sites;
    }

    void read_media(const Table& table, const std::unordered_map<std::string, std::string>& sites) {
        for (const CsvRecord& row : table.rows()) {
            const std::string& type = table.value(row, "fileMediatype");
            if (!type.empty() && !type.starts_with("image/")) {
                ++others_;
                continue;
            }
            const std::string &path = table.value(row, "filePath"), &name = table.value(row, "fileName");
            const std::string& deployment = table.value(row, "deploymentID");
            const auto site = sites.find(deployment);
            const std::string& id = table.value(row, "mediaID");
            const bool is_new =
                media_
                    .emplace(id, Medium{.path = is_address(path) && !name.empty() ? name : path,
                                        .site = site == sites.end() ? deployment : site->second,
                                        .deployment = deployment,
                                        .time = seconds_of(table.value(row, "timestamp")),
                                        .universal_time = universal_seconds_of(table.value(row, "timestamp"))})
                    .second;
            if (is_new) order_.push_back(id);
        }
    }

    void read_observation(const CsvRecord& row) {
        const std::string& type = observations_.value(row, "observationType");
        std::string label = type == "animal" ? observations_.value(row, "scientificName") : type;
        if (label.empty() || label == "unknown" || label == "unclassified") {
            ++unnamed_;
            return;
        }
        std::vector<core::Problem> problems;
        Observation observation{.line = row.line,
                                .label = std::move(label),
                                .box = box_in(row, problems),
                                .event = observations_.value(row, "eventID"),
                                .by_machine = observations_.value(row, "classificationMethod") == "machine"};
        builder_.add_problems(row.line, std::move(problems));
        const std::string& id = observations_.value(row, "mediaID");
        if (!id.empty()) {
            const auto medium = media_.find(id);
            if (medium != media_.end()) medium->second.observations.push_back(std::move(observation));
            return;
        }
        observation.of_event = true;
        add_to_event(row, observation);
    }

    std::optional<RelativeBox> box_in(const CsvRecord& row, std::vector<core::Problem>& problems) const {
        Columns columns{.box_x = 0, .box_y = 1, .box_width = 2, .box_height = 3};
        const CsvRecord sides{row.line,
                              {observations_.value(row, "bboxX"), observations_.value(row, "bboxY"),
                               observations_.value(row, "bboxWidth"), observations_.value(row, "bboxHeight")}};
        return box_of(sides, columns, /*where=*/"", problems);
    }

    /// An observation of an event is one of all images of its deployment in its time.
    void add_to_event(const CsvRecord& row, const Observation& observation) {
        const auto from = universal_seconds_of(observations_.value(row, "eventStart"));
        const auto to = universal_seconds_of(observations_.value(row, "eventEnd"));
        if (!from || !to) return;
        if (by_deployment_.empty()) {
            for (const std::string& id : order_) {
                Medium& medium = media_.at(id);
                if (medium.universal_time) {
                    by_deployment_[medium.deployment].emplace(*medium.universal_time, &medium);
                }
            }
        }
        auto& media = by_deployment_[observations_.value(row, "deploymentID")];
        for (auto at = media.lower_bound(*from); at != media.end() && at->first <= *to; ++at) {
            at->second->observations.push_back(observation);
        }
    }

    /// People's observations go before those of machines, an image's own before those of its event, boxes before whole
    /// images.
    void add_rows(Medium& medium) {
        auto& all = medium.observations;
        const auto keep = [&](const auto& is_better) {
            if (std::ranges::any_of(all, is_better)) std::erase_if(all, [&](const auto& o) { return !is_better(o); });
        };
        keep([](const Observation& o) { return !o.by_machine; });
        keep([](const Observation& o) { return !o.of_event; });
        keep([](const Observation& o) { return o.box.has_value(); });
        if (all.empty()) {
            ++unlabelled_;
            return;
        }
        std::set<std::string> labels;
        for (const Observation& o : all) labels.insert(o.label);
        if (!all.front().box && labels.size() > 1) {
            ++of_several_;
            return;
        }
        if (!all.front().box) all.resize(1);
        of_events_ += all.front().of_event ? 1 : 0;
        for (const Observation& o : all) {
            builder_.add({.line = o.line,
                          .path = medium.path,
                          .label = o.label,
                          .box = o.box,
                          .site = medium.site,
                          .sequence = o.event,
                          .time = medium.time});
        }
    }

    void warn() {
        const auto say = [&](size_t count, const std::string& thing, const std::string& what) {
            if (count > 0) builder_.add_warning(1, {.what = counted(count, thing) + what});
        };
        say(unlabelled_, "image", " without an observation that names a class: passed over");
        say(unnamed_, "observation", " that names no class (unknown, unclassified): passed over");
        say(of_several_, "image", " with several species and no boxes: passed over");
        say(of_events_, "image", " labelled by an observation of the whole event: it may not show the animal");
        say(others_, "medium", " that is no image: passed over");
    }

    Table observations_;
    ManifestBuilder builder_;
    std::unordered_map<std::string, Medium> media_;
    std::vector<std::string> order_;  // of media
    std::unordered_map<std::string, std::multimap<int64_t, Medium*>> by_deployment_;
    size_t others_ = 0, unnamed_ = 0, unlabelled_ = 0, of_several_ = 0, of_events_ = 0;
};

fs::path folder_of(const fs::path& root) {
    return root.filename() == kPackage ? root.parent_path() : root;
}

bool is_package(const fs::path& root) {
    std::error_code code;
    const fs::path folder = folder_of(root);
    return fs::is_regular_file(folder / "media.csv", code) && fs::is_regular_file(folder / "observations.csv", code) &&
           fs::is_regular_file(folder / "deployments.csv", code);
}

Manifest read_package(const DataOptions& options) {
    return Package(folder_of(options.root), options).run();
}

}  // namespace

const ManifestFormat kCamtrapManifest = {.name = "camtrap-dp",
                                         .help = "a package of Camtrap DP, with boxes if it has them",
                                         .is = "a package of Camtrap DP",
                                         .to_set_aside = "set data.test_fraction, with data.group=site",
                                         .recognises = is_package,
                                         .read = read_package};

}  // namespace kaziranga::data
