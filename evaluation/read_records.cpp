#include "evaluation/read_records.hpp"

#include "core/error.hpp"
#include "data/csv_table.hpp"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& name, const std::string& expected, const std::string& found = {}) {
    throw core::Error({.what = "not the record of a run",
                       .where = name,
                       .expected = expected,
                       .found = found,
                       .remedy = "remove the run's folder and train it again"});
}

/// JSON has no NaN, which a loss may be at the end; it is written as null.
double number(const Json& json) {
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Metrics metrics_of(const Json& json) {
    return {.top1 = number(json.at("top1")),
            .top5 = number(json.at("top5")),
            .loss = number(json.at("loss")),
            .macro_f1 = number(json.at("macro_f1")),
            .ece = number(json.at("ece")),
            .n = json.at("n").get<int64_t>()};
}

}  // namespace

RunRecord parse_metrics(std::string_view json, const std::string& name) {
    try {
        const Json parsed = Json::parse(json);
        RunRecord record;
        for (const char* split : {"train", "val", "test"}) {
            if (parsed.contains(split)) record.splits[split] = metrics_of(parsed.at(split));
        }
        record.phases = parsed.at("seconds").get<std::map<std::string, double>>();
        record.seconds = parsed.at("seconds").at("total").get<double>();
        return record;
    } catch (const Json::exception& error) {
        refuse(name, "what a finished run writes", error.what());
    }
}

std::map<std::string, Judgement> parse_judgements(std::string_view csv, const std::string& name) {
    const data::CsvTable table = data::parse_csv(csv);
    const std::string columns = "columns path, label and top1";
    if (!table.problems.empty()) refuse(name, columns, table.problems.front().what);
    if (table.records.empty()) refuse(name, columns, "an empty file");
    const std::vector<std::string>& heading = table.records.front().fields;
    const std::vector<std::string> wanted = {"path", "label", "top1"};
    if (heading.size() < wanted.size() || !std::equal(wanted.begin(), wanted.end(), heading.begin())) {
        refuse(name, columns, "other columns");
    }
    const auto box = std::ranges::find(heading, "box_x") - heading.begin();  // the columns of a box follow each other
    constexpr std::ptrdiff_t kBoxSides = 4;
    std::map<std::string, Judgement> judgements;
    for (size_t i = 1; i < table.records.size(); ++i) {
        const std::vector<std::string>& fields = table.records[i].fields;
        if (fields.size() != heading.size())
            refuse(name, "as many fields in every line", "line " + std::to_string(i + 1));
        if (fields[1].empty()) refuse(name, "a label for every image", fields[0] + " without");
        std::string image = fields[0];
        for (auto side = box; side < box + kBoxSides && side < std::ssize(fields); ++side)
            image += ',' + fields[static_cast<size_t>(side)];
        judgements[image] = {.label = fields[1], .hit = fields[1] == fields[2]};
    }
    return judgements;
}

}  // namespace kaziranga::evaluation
