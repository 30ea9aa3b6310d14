#include "evaluation/records.hpp"

#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

const std::vector<std::string> kClasses = {"deer", "a,\"b\"", "象"};

const at::Tensor kLogits = at::tensor({0.0, 2.0, 1.0, 5.0, 0.0, 0.0}).view({2, 3});
const data::Samples kSamples = {{"/x/one.jpg", "one.jpg", 1}, {"/x/two,2.jpg", "two,2.jpg", -1}};

std::vector<Prediction> two_predictions(int64_t topk) {
    return rank(kLogits, kSamples, kClasses, topk);
}

TEST(Rank, PutsTheMostProbableFirstAndSumsToOne) {
    const auto predictions = two_predictions(3);
    EXPECT_EQ(predictions[0].classes, (std::vector<int64_t>{1, 2, 0}));
    EXPECT_EQ(predictions[1].classes.front(), 0);
    double sum = 0;
    for (const double p : predictions[0].confidence) sum += p;
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ(two_predictions(99)[0].classes.size(), 3U);
}

TEST(PredictionsCsv, QuotesNamesAndNumbersItsColumns) {
    EXPECT_EQ(predictions_csv(kLogits, kSamples, kClasses, 2),
              "path,label,top1,top1_index,confidence,top2,top2_confidence\n"
              "one.jpg,\"a,\"\"b\"\"\",\"a,\"\"b\"\"\",1,0.665241,象,0.244728\n"
              "\"two,2.jpg\",,deer,0,0.986703,\"a,\"\"b\"\"\",0.006648\n");
}

TEST(PredictionsCsv, AnImageThatCannotBeReadHasAsManyFields) {
    EXPECT_EQ(predictions_csv_header({.shown = 2, .problems = true}),
              "path,label,top1,top1_index,confidence,top2,top2_confidence,problem\n");
    EXPECT_EQ(predictions_csv_line({.name = "a.jpg", .problem = "cut, off"}, kClasses, {.shown = 2, .problems = true}),
              "a.jpg,,,,,,,\"cut, off\"\n");
    EXPECT_EQ(predictions_csv_line(two_predictions(1)[1], kClasses, {.shown = 1, .problems = true}),
              "\"two,2.jpg\",,deer,0,0.986703,\n");
}

TEST(PredictionsJson, IsValidJsonWithTheSameContent) {
    const auto predictions = two_predictions(1);
    const auto labelled = nlohmann::json::parse(prediction_json(predictions[0], kClasses));
    EXPECT_EQ(labelled["label"], "a,\"b\"");
    EXPECT_EQ(labelled["predictions"][0]["class"], "a,\"b\"");
    EXPECT_FALSE(nlohmann::json::parse(prediction_json(predictions[1], kClasses)).contains("label"));
    const auto unreadable = nlohmann::json::parse(prediction_json({.name = "a.jpg", .problem = "truncated"}, kClasses));
    EXPECT_EQ(unreadable["problem"], "truncated");
    EXPECT_FALSE(unreadable.contains("predictions"));
}

TEST(PredictionsJson, SurvivesFileNamesThatAreNotUtf8) {
    auto predictions = two_predictions(1);
    predictions[0].name = "bad\xff.jpg";
    EXPECT_NO_THROW(nlohmann::json::parse(prediction_json(predictions[0], kClasses)));
}

TEST(MetricsJson, LeavesOutWhatWasNotMeasured) {
    const auto json = nlohmann::json::parse(metrics_json({{"test", {.top1 = 50, .n = 2}}}, {{"train", 1.5}}, {}));
    EXPECT_FALSE(json.contains("val"));
    EXPECT_EQ(json["test"]["top1"], 50.0);
    EXPECT_EQ(json["test"]["n"], 2);
    EXPECT_EQ(json["seconds"]["train"], 1.5);
}

}  // namespace
}  // namespace kaziranga::evaluation
