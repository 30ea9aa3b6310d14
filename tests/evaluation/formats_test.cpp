#include "evaluation/class_kinds.hpp"
#include "evaluation/events.hpp"
#include "evaluation/formats/table.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

const std::vector<std::string> kClasses = {"deer", "empty", "=cmd"};
constexpr data::RelativeBox kLeft = {.x = 0.1F, .y = 0.2F, .width = 0.3F, .height = 0.4F, .confidence = 0.9F};
constexpr data::RelativeBox kRight = {.x = 0.6F, .y = 0.2F, .width = 0.3F, .height = 0.4F, .confidence = 0.1F};
constexpr int64_t kTime = 1'780'000'000;  // 2026-05-28 20:26:40

data::Sample sample(const std::string& name, std::optional<data::RelativeBox> box = {}) {
    const data::ImageFacts facts = {.site = "north",
                                    .sequence = "s1",
                                    .detections = {{kLeft, "animal"}, {kRight, "person"}, {kRight, "bicycle"}},
                                    .examined = true};
    data::Sample made{.path = name, .name = box ? data::name_of_box(name, *box) : name, .box = box};
    made.time = kTime;
    if (box) made.facts = std::make_shared<const data::ImageFacts>(facts);
    return made;
}

Prediction answer(const data::Sample& of, std::vector<int64_t> classes, std::vector<double> confidence) {
    Prediction p = unanswered(of);
    p.classes = std::move(classes);
    p.confidence = std::move(confidence);
    return p;
}

/// One image with a box, one without a detector, one that cannot be read.
std::string written(const PredictionFormat& format, bool events = false) {
    const data::Samples samples = {sample("cards/a/1.jpg", kLeft), sample("cards/b/2.jpg"), sample("cards/b/3.jpg")};
    const auto writer = format.writer({.classes = kClasses,
                                       .shown = 2,
                                       .samples = samples,
                                       .events = events,
                                       .base = "cards/",
                                       .program = "kaziranga 1",
                                       .now = "2026-06-01T10:00:00Z"});
    std::string text = writer->begin();
    text += writer->row(answer(samples[0], {0, 1}, {0.75, 0.25}));
    text += writer->row(answer(samples[1], {2, 0}, {0.5, 0.3}));
    Prediction failed = unanswered(samples[2]);
    failed.problem = "truncated";
    text += writer->row(failed);
    if (events) {
        const Prediction event{.classes = {1, 0},
                               .confidence = {0.9, 0.1},
                               .time = kTime,
                               .last_time = kTime + 5,
                               .event = "e1",
                               .first_image = "cards/b/2.jpg"};
        text += writer->event(event);
    }
    return text + writer->end();
}

TEST(PredictionFormats, EachRecognisesItsOwnFilesAndNoOther) {
    for (const PredictionFormat* format : kPredictionFormats) {
        const std::string text = written(*format);
        for (const PredictionFormat* other : kPredictionFormats) {
            EXPECT_EQ(other->recognises(text), other == format) << format->name << " by " << other->name;
        }
        EXPECT_FALSE(format->recognises("name,age\n"));
        EXPECT_EQ(prediction_format_named(format->name), format);
    }
    EXPECT_EQ(prediction_format_with(".json"), &kJsonPredictions);
    EXPECT_EQ(prediction_format_with(".csv"), &kCsvPredictions);
    EXPECT_EQ(prediction_format_with(".xml"), nullptr);
}

TEST(PredictionFormats, CsvTellsWhatIsKnownOfImages) {
    EXPECT_EQ(written(kCsvPredictions, /*events=*/true),
              "path,label,top1,top1_index,confidence,top2,top2_confidence,box_x,box_y,box_width,box_height,"
              "box_confidence,site,sequence,time,event,problem\n"
              "cards/a/1.jpg,,deer,0,0.750000,empty,0.250000,0.1,0.2,0.3,0.4,0.9,north,s1,2026-05-28 20:26:40,,\n"
              "cards/b/2.jpg,,'=cmd,2,0.500000,deer,0.300000,,,,,,,,2026-05-28 20:26:40,,\n"
              "cards/b/3.jpg,,,,,,,,,,,,,,2026-05-28 20:26:40,,truncated\n"
              ",,empty,1,0.900000,deer,0.100000,,,,,,,,2026-05-28 20:26:40,e1,\n");
}

TEST(PredictionFormats, MegadetectorKeepsAllThatTheDetectorFound) {
    const auto json = nlohmann::json::parse(written(kMegadetectorPredictions));
    EXPECT_EQ(json["info"]["classifier"], "kaziranga 1");
    EXPECT_EQ(json["detection_categories"],
              nlohmann::json({{"1", "animal"}, {"2", "person"}, {"3", "vehicle"}, {"4", "bicycle"}}));
    EXPECT_EQ(json["classification_categories"]["2"], "=cmd");
    ASSERT_EQ(json["images"].size(), 3U);
    const auto& boxes = json["images"][0];
    EXPECT_EQ(boxes["file"], "a/1.jpg");
    ASSERT_EQ(boxes["detections"].size(), 3U);
    EXPECT_EQ(boxes["detections"][0]["classifications"], nlohmann::json::parse(R"([["0", 0.75], ["1", 0.25]])"));
    EXPECT_EQ(boxes["detections"][0]["conf"], 0.9);
    EXPECT_FALSE(boxes["detections"][1].contains("classifications"));
    EXPECT_EQ(boxes["detections"][1]["category"], "2");
    const auto& whole = json["images"][1]["detections"];
    ASSERT_EQ(whole.size(), 1U);
    EXPECT_EQ(whole[0]["bbox"], nlohmann::json::parse("[0.0, 0.0, 1.0, 1.0]"));
    EXPECT_EQ(whole[0]["conf"], 1.0);
    EXPECT_EQ(json["images"][2]["failure"], "truncated");
    EXPECT_TRUE(json["images"][2]["detections"].is_null());
}

TEST(PredictionFormats, CamtrapObservationsHaveTheirDeploymentAndTime) {
    const std::string text = written(kCamtrapPredictions, /*events=*/true);
    EXPECT_NE(text.find("\n\"a/1.jpg#xywh=percent:10,20,30,40\",north,a/1.jpg,s1,2026-05-28T20:26:40Z,"
                        "2026-05-28T20:26:40Z,media,animal,,deer,,,,,,,,,0.1000,0.2000,0.3000,0.4000,machine,"
                        "kaziranga 1,2026-06-01T10:00:00Z,0.7500,,\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("\nb/3.jpg,b,b/3.jpg,,2026-05-28T20:26:40Z,2026-05-28T20:26:40Z,media,unclassified,"),
              std::string::npos);
    EXPECT_NE(text.find("\nevent e1,b,,e1,2026-05-28T20:26:40Z,2026-05-28T20:26:45Z,event,blank,,,"),
              std::string::npos);
    const auto fields = [](const std::string& line) { return 1 + std::ranges::count(line, ','); };
    EXPECT_EQ(fields(text.substr(0, text.find('\n'))), 28);
}

TEST(PredictionFormats, TimelapseFindsFilesBelowItsFolder) {
    EXPECT_EQ(written(kTimelapsePredictions),
              "File,RelativePath,DateTime,Species,Confidence,Animals\n"
              "1.jpg,a,2026-05-28 20:26:40,deer,0.7500,1\n"
              "2.jpg,b,2026-05-28 20:26:40,'=cmd,0.5000,\n"
              "3.jpg,b,2026-05-28 20:26:40,,,\n");
}

/// The mean of logits, against the same computed by hand.
TEST(Events, AreTheSoftmaxOfMeanLogits) {
    EventAnswers events(3);
    const std::vector<std::vector<double>> logits = {{1, 2, 0}, {3, 0, -1}, {0, 0, 2}};
    for (const auto& row : logits) {
        const double total = std::exp(row[0]) + std::exp(row[1]) + std::exp(row[2]);
        Prediction p{.event = "e"};
        for (size_t k = 0; k < row.size(); ++k) {
            p.classes.push_back(static_cast<int64_t>(k));
            p.confidence.push_back(std::exp(row[k]) / total);
        }
        events.add(p);
    }
    events.add({.problem = "truncated", .event = "e"});
    std::vector<Prediction> answers;
    events.each(2, [&](const Prediction& answer) { answers.push_back(answer); });
    ASSERT_EQ(answers.size(), 1U);
    const std::vector<double> mean = {4.0 / 3, 2.0 / 3, 1.0 / 3};
    const double total = std::exp(mean[0]) + std::exp(mean[1]) + std::exp(mean[2]);
    EXPECT_EQ(answers[0].classes, (std::vector<int64_t>{0, 1}));
    EXPECT_NEAR(answers[0].confidence[0], std::exp(mean[0]) / total, 1e-12);
    EXPECT_NEAR(answers[0].confidence[1], std::exp(mean[1]) / total, 1e-12);
}

/// A class that cannot occur in one of the images cannot be the event's.
TEST(Events, HaveNoClassThatCannotOccur) {
    EventAnswers events(3);
    events.add({.classes = {0, 1, 2}, .confidence = {0.9, 0.1, 0}, .event = "e"});
    events.add({.classes = {2, 1, 0}, .confidence = {0.8, 0.2, 0}, .event = "e"});
    std::vector<Prediction> answers;
    events.each(3, [&](const Prediction& answer) { answers.push_back(answer); });
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].classes, std::vector<int64_t>{1});
    EXPECT_EQ(answers[0].confidence, std::vector<double>{1});
}

TEST(ClassKinds, AreToldByNamesInAnySpelling) {
    for (const char* name : {"Homo_sapiens", "homo-sapiens", "Person", "HUMAN"}) {
        EXPECT_EQ(kind_of_class(name), "human") << name;
    }
    EXPECT_EQ(kind_of_class("no_animal"), "blank");
    EXPECT_EQ(kind_of_class("Carp"), "animal");
}

}  // namespace
}  // namespace kaziranga::evaluation
