#include "evaluation/records.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/topk.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

using Json = nlohmann::ordered_json;

const std::string& class_name(const std::vector<std::string>& classes, int64_t index) {
    return classes.at(static_cast<size_t>(index));
}

/// Names from a file system may be invalid UTF-8; JSON must be valid.
std::string dump(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Rounds to six decimals, which is enough for any split of images: 55.6, not 55.60000000000001.
double rounded(double value) {
    return std::round(value * 1e6) / 1e6;
}

Json to_json(const Metrics& metrics) {
    return {{"top1", rounded(metrics.top1)},         {"top5", rounded(metrics.top5)}, {"loss", rounded(metrics.loss)},
            {"macro_f1", rounded(metrics.macro_f1)}, {"ece", rounded(metrics.ece)},   {"n", metrics.n}};
}

}  // namespace

at::Tensor labels_of(const data::Samples& samples) {
    std::vector<int64_t> labels;
    labels.reserve(samples.size());
    for (const data::Sample& sample : samples) labels.push_back(sample.label);
    return at::tensor(labels, at::kLong);
}

std::vector<Prediction> rank(const at::Tensor& logits, const data::Samples& samples,
                             const std::vector<std::string>& classes, int64_t topk) {
    TORCH_CHECK(logits.size(0) == static_cast<int64_t>(samples.size()), "one row of logits a sample");
    const int64_t shown = std::min(topk, logits.size(1));
    const auto [values, indices] = logits.detach().cpu().to(at::kDouble).softmax(1).topk(shown, 1);
    const auto confidence = values.accessor<double, 2>();
    const auto index = indices.accessor<int64_t, 2>();

    std::vector<Prediction> predictions(samples.size());
    for (size_t i = 0; i < samples.size(); ++i) {
        const auto row = static_cast<int64_t>(i);
        predictions[i] = unanswered(samples[i]);
        if (samples[i].label >= 0) predictions[i].label = class_name(classes, samples[i].label);
        for (int64_t k = 0; k < shown; ++k) {
            predictions[i].classes.push_back(index[row][k]);
            predictions[i].confidence.push_back(confidence[row][k]);
        }
    }
    return predictions;
}

PredictionColumns columns_of(const data::Samples& samples, int64_t shown) {
    PredictionColumns columns{.shown = shown};
    for (const data::Sample& sample : samples) {
        columns.boxes |= sample.box.has_value();
        columns.sites |= !data::facts_of(sample).site.empty();
        columns.sequences |= !data::facts_of(sample).sequence.empty();
        columns.times |= sample.time.has_value();
    }
    return columns;
}

std::string predictions_csv_header(const PredictionColumns& columns) {
    std::string csv = "path,label,top1,top1_index,confidence";
    for (int64_t k = 2; k <= columns.shown; ++k) csv += fmt::format(",top{},top{}_confidence", k, k);
    if (columns.boxes) csv += ",box_x,box_y,box_width,box_height,box_confidence";
    if (columns.sites) csv += ",site";
    if (columns.sequences) csv += ",sequence";
    if (columns.times) csv += ",time";
    if (columns.events) csv += ",event";
    if (columns.problems) csv += ",problem";
    return csv + '\n';
}

std::string predictions_csv_line(const Prediction& p, const std::vector<std::string>& classes,
                                 const PredictionColumns& columns) {
    std::string csv = core::csv_field(p.name) + ',' + core::csv_field(p.label);
    for (size_t k = 0; k < p.classes.size(); ++k) {
        csv += ',' + core::csv_field(class_name(classes, p.classes[k]));
        if (k == 0) csv += fmt::format(",{}", p.classes[k]);
        csv += fmt::format(",{:.6f}", p.confidence[k]);
    }
    const auto answers = static_cast<int64_t>(p.classes.size());
    csv.append(static_cast<size_t>(2 * (columns.shown - answers) + (answers == 0 ? 1 : 0)), ',');
    if (columns.boxes && p.box) {
        csv += fmt::format(",{:.6g},{:.6g},{:.6g},{:.6g},{:.6g}", p.box->x, p.box->y, p.box->width, p.box->height,
                           p.box->confidence);
    } else if (columns.boxes) {
        csv += ",,,,,";
    }
    if (columns.sites) csv += ',' + core::csv_field(p.facts ? p.facts->site : "");
    if (columns.sequences) csv += ',' + core::csv_field(p.facts ? p.facts->sequence : "");
    if (columns.times) csv += ',' + (p.time ? time_text(*p.time, ' ') : "");
    if (columns.events) csv += ',' + core::csv_field(p.event);
    if (columns.problems) csv += ',' + core::csv_field(p.problem);
    return csv + '\n';
}

std::string predictions_csv(const at::Tensor& logits, const data::Samples& samples,
                            const std::vector<std::string>& classes, int64_t topk) {
    const PredictionColumns columns = columns_of(samples, std::min(topk, logits.size(1)));
    std::string csv = predictions_csv_header(columns);
    for (const Prediction& p : rank(logits, samples, classes, topk)) csv += predictions_csv_line(p, classes, columns);
    return csv;
}

std::string prediction_json(const Prediction& p, const std::vector<std::string>& classes) {
    Json entry;
    if (!p.name.empty()) entry["path"] = p.name;
    if (!p.label.empty()) entry["label"] = p.label;
    if (p.facts && !p.facts->site.empty()) entry["site"] = p.facts->site;
    if (p.facts && !p.facts->sequence.empty()) entry["sequence"] = p.facts->sequence;
    if (p.time) entry["time"] = time_text(*p.time, ' ');
    if (!p.event.empty()) entry["event"] = p.event;
    if (p.box) {
        entry["box"] = {rounded(p.box->x), rounded(p.box->y), rounded(p.box->width), rounded(p.box->height)};
        entry["box_confidence"] = rounded(p.box->confidence);
    }
    if (!p.problem.empty()) {
        entry["problem"] = p.problem;
    } else {
        entry["predictions"] = Json::array();
        for (size_t k = 0; k < p.classes.size(); ++k) {
            entry["predictions"].push_back({{"class", class_name(classes, p.classes[k])},
                                            {"index", p.classes[k]},
                                            {"confidence", p.confidence[k]}});
        }
    }
    return entry.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string per_class_csv(const std::vector<ClassMetrics>& metrics, const std::vector<std::string>& classes) {
    std::string csv = "class,n,predicted,precision,recall,f1,most_confused_with,confusions\n";
    for (size_t k = 0; k < metrics.size(); ++k) {
        const ClassMetrics& c = metrics[k];
        const std::string other = c.most_confused >= 0 ? class_name(classes, c.most_confused) : "";
        const auto of_images = [&](double value) { return c.n > 0 ? fmt::format("{:.4f}", value) : std::string(); };
        csv += fmt::format("{},{},{},{:.4f},{},{},{},{}\n", core::csv_field(classes.at(k)), c.n, c.predicted,
                           c.precision, of_images(c.recall), of_images(c.f1), core::csv_field(other), c.confusions);
    }
    return csv;
}

std::string metrics_json(const std::map<std::string, Metrics>& splits,
                         const std::vector<std::pair<std::string, double>>& seconds,
                         const std::map<std::string, std::string>& facts) {
    Json json;
    for (const char* split : {"train", "val", "test"}) {
        const auto found = splits.find(split);
        if (found != splits.end()) json[split] = to_json(found->second);
    }
    for (const auto& [phase, value] : seconds) json["seconds"][phase] = rounded(value);
    for (const auto& [key, value] : facts) json[key] = value;
    return dump(json);
}

}  // namespace kaziranga::evaluation
