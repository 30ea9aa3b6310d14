#include "evaluation/read_records.hpp"

#include "core/error.hpp"
#include "evaluation/records.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace kaziranga::evaluation {
namespace {

template <class Work>
std::string error_of(const Work& work) {
    try {
        work();
        return {};
    } catch (const core::Error& error) {
        return error.what();
    }
}

TEST(ParseMetrics, ReadsWhatIsWritten) {
    const Metrics test{.top1 = 62.5, .top5 = 90, .loss = 1.25, .macro_f1 = 0.5, .ece = 0.125, .n = 8};
    const RunRecord record =
        parse_metrics(metrics_json({{"test", test}}, {{"train", 1}, {"total", 2.5}}, {}), "m.json");
    ASSERT_EQ(record.splits.size(), 1U);
    const Metrics& read = record.splits.at("test");
    EXPECT_EQ(read.top1, 62.5);
    EXPECT_EQ(read.top5, 90);
    EXPECT_EQ(read.loss, 1.25);
    EXPECT_EQ(read.macro_f1, 0.5);
    EXPECT_EQ(read.ece, 0.125);
    EXPECT_EQ(read.n, 8);
    EXPECT_EQ(record.seconds, 2.5);
}

TEST(ParseMetrics, ALossThatIsNoNumberStaysNone) {
    const Metrics test{.loss = std::numeric_limits<double>::quiet_NaN(), .n = 1};
    const RunRecord record = parse_metrics(metrics_json({{"test", test}}, {{"total", 1}}, {}), "m.json");
    EXPECT_TRUE(std::isnan(record.splits.at("test").loss));
}

TEST(ParseMetrics, RefusesAnythingElse) {
    for (const char* text :
         {"", "[]", "{", "{\"test\": 3}", "{\"seconds\": {\"total\": \"x\"}}", "{\"test\": {\"top1\": 1}}"}) {
        const std::string said = error_of([&] { parse_metrics(text, "m.json"); });
        EXPECT_NE(said.find("m.json: not the record of a run"), std::string::npos) << text << said;
    }
}

TEST(ParseJudgements, ReadsWhatIsWritten) {
    const std::vector<std::string> classes = {"deer", "a,\"b\""};
    const data::Samples samples = {{"/x/1.jpg", "x/1.jpg", 0}, {"/x,2.jpg", "x,2.jpg", 0}, {"/3.jpg", "3.jpg", 1}};
    const at::Tensor logits = at::tensor({0.9, 0.1, 0.2, 0.8, 0.3, 0.7}).view({3, 2}).log();
    const std::map<std::string, Judgement> expected = {
        {"x/1.jpg", {"deer", true}}, {"x,2.jpg", {"deer", false}}, {"3.jpg", {"a,\"b\"", true}}};
    EXPECT_EQ(parse_judgements(predictions_csv(logits, samples, classes, 2), "p.csv"), expected);
}

TEST(ParseJudgements, RefusesAnythingElse) {
    for (const char* text : {"", "a,b\n", "path,label,top1\nx.jpg,deer\n", "path,label,top1\nx.jpg,,deer\n"}) {
        EXPECT_NE(error_of([&] { parse_judgements(text, "p.csv"); }).find("p.csv: not the record"), std::string::npos)
            << text;
    }
}

}  // namespace
}  // namespace kaziranga::evaluation
