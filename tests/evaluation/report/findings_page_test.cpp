#include "evaluation/report/findings_page.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <limits>

#include <ATen/ops/eye.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

Report made() {
    const Chart chart{
        .title = "it's <b> & `system(\"touch x\")`",
        .x_label = "x",
        .y_label = "y",
        .log_y = true,
        .series = {
            {.name = "a,b", .x = {1, 2, 3}, .y = {1, 0, 3}, .low = {1, 0, 2}, .high = {1, 1, 4}},
            {.name = "points", .x = {1}, .y = {std::numeric_limits<double>::quiet_NaN()}, .mark = Mark::kPoints}}};
    Findings findings{.name = "made", .title = "Title <script>alert(1)</script>", .question = "Is it & why?"};
    findings.claims = {{"it is", "1 of 1", Verdict::kSupported}, {"or not", "0", Verdict::kUndecided}};
    findings.checks = {{"small", 1e-12, 1e-10, "relative"},
                       {"no number", std::numeric_limits<double>::quiet_NaN(), 1, ""}};
    findings.figures = {{"length", 2, "m", Interval{2, 0.5}}};
    findings.parts = {Heading{"Part"}, Text{"text\x01 and \xff"}, Grid{{{"a", "b"}, {"1", "<2>"}}},
                      Picture{"curve", "A curve", chart}, Picture{"map", "A map", HeatMap{"Map", "value", at::eye(3)}}};
    return drawn({findings, "seed: 0\n", 1.5});
}

TEST(Verdict, IsWhatTheIntervalSays) {
    EXPECT_EQ(is_above({1, 0.5}, 0), Verdict::kSupported);
    EXPECT_EQ(is_above({-1, 0.5}, 0), Verdict::kNotSupported);
    EXPECT_EQ(is_above({0.1, 0.5}, 0), Verdict::kUndecided);
    EXPECT_EQ(is_below({-1, 0.5}, 0), Verdict::kSupported);
    EXPECT_EQ(is_below({1, 0.5}, 0), Verdict::kNotSupported);
    EXPECT_EQ(to_text(Verdict::kUndecided), "undecided at this sample size");
}

TEST(Check, OfAValueThatIsNoNumberFails) {
    EXPECT_TRUE((Check{"", 1, 1, ""}).passed());
    EXPECT_FALSE((Check{"", 1.1, 1, ""}).passed());
    EXPECT_FALSE((Check{"", std::numeric_limits<double>::quiet_NaN(), 1, ""}).passed());
}

TEST(Report, WritesEveryFileAndNothingOfATextIsTakenForMarkup) {
    const test::TemporaryFolder folder;
    write_report(folder.path(), made());
    for (const char* name : {"study.json", "page.html", "curve.csv", "curve.svg", "map.csv", "map.svg"}) {
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
    }
    EXPECT_FALSE(std::filesystem::exists("x"));
    const std::string page = core::read_file(folder / kPageName);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("&lt;script"), std::string::npos);
    EXPECT_NE(page.find("&lt;2&gt;"), std::string::npos);
    EXPECT_NE(page.find("undecided at this sample size"), std::string::npos);
    EXPECT_NE(page.find("data:image/svg+xml;base64,"), std::string::npos);
    EXPECT_EQ(page.find('\x01'), std::string::npos);
    EXPECT_EQ(page.find('\xff'), std::string::npos);
    const std::string svg = core::read_file(folder / "curve.svg");
    EXPECT_NE(svg.find("it's &lt;b"), std::string::npos);
    EXPECT_EQ(core::read_file(folder / "curve.csv").substr(0, 50),
              "series,x,y,low,high\n\"a,b\",1,1,1,1\n\"a,b\",2,0,0,1\n\"a");
}

TEST(Report, SaysInJsonWhatWasMeasured) {
    const auto json = nlohmann::json::parse(to_json(made()));
    EXPECT_EQ(json.at("claims")[0].at("verdict"), "supported");
    EXPECT_EQ(json.at("checks")[0].at("passed"), true);
    EXPECT_EQ(json.at("checks")[1].at("passed"), false);
    EXPECT_TRUE(json.at("checks")[1].at("measured").is_null());
    EXPECT_EQ(json.at("figures")[0].at("low"), 1.5);
}

TEST(Report, GoesIntoNoFolderOfSomethingElse) {
    const test::TemporaryFolder folder;
    const std::string study = made().findings.name;
    {
        const core::FolderLock lock = open_report_folder(folder / "new", study);
    }
    core::write_file(folder / "photo.txt", "mine");
    EXPECT_THROW(static_cast<void>(open_report_folder(folder.path(), study)), core::Error);
    core::write_file(folder / kRecordName, "{\"format\": \"another\"}");
    EXPECT_THROW(static_cast<void>(open_report_folder(folder.path(), study)), core::Error);
    core::write_file(folder / kRecordName, to_json(made()));
    EXPECT_NO_THROW(static_cast<void>(open_report_folder(folder.path(), study)));
    EXPECT_THROW(static_cast<void>(open_report_folder(folder.path(), "another_study")), core::Error);
}

}  // namespace
}  // namespace kaziranga::evaluation
