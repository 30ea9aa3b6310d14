#include "evaluation/report/findings_page.hpp"

#include "core/config/wording.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "evaluation/report/page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

namespace fs = std::filesystem;
using core::config::Overloaded;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "kaziranga study";
constexpr uint64_t kMaxRecordBytes = 16 << 20;

std::string shown(double value) {
    return fmt::format("{:.4g}", value);
}

/// JSON has no NaN and no infinity; such a number becomes null.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

Page::Tone tone_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kSupported:
            return Page::Tone::kGood;
        case Verdict::kNotSupported:
            return Page::Tone::kBad;
        case Verdict::kUndecided:
            break;
    }
    return Page::Tone::kOpen;
}

void add_part(Page& page, const Part& part, const Report& report) {
    std::visit(
        Overloaded{[&](const Heading& heading) { page.heading(heading.text); },
                   [&](const Text& text) { page.paragraph(text.text); },
                   [&](const Grid& grid) { page.table(grid.rows); },
                   [&](const Picture& picture) { page.picture(report.drawings.at(picture.name), picture.caption); },
                   [&](const Photograph& photograph) { page.picture(photograph.jpeg, photograph.caption); }},
        part);
}

void add_checks(Page& page, const std::vector<Check>& checks) {
    if (checks.empty()) return;
    page.heading("Checks");
    std::vector<std::vector<std::string>> rows = {{"what", "measured", "at most", "unit", "result"}};
    for (const Check& check : checks) {
        rows.push_back({check.name, shown(check.measured), shown(check.tolerance), check.unit,
                        check.passed() ? "passed" : "FAILED"});
    }
    page.table(rows);
}

void add_figures(Page& page, const std::vector<Figure>& figures) {
    if (figures.empty()) return;
    page.heading("Figures");
    std::vector<std::vector<std::string>> rows = {{"what", "value", "unit", "interval"}};
    for (const Figure& figure : figures) {
        const auto& interval = figure.interval;
        rows.push_back({figure.name, shown(figure.value), figure.unit,
                        interval ? shown(interval->low()) + " to " + shown(interval->high()) : ""});
    }
    page.table(rows);
}

void add_report(Page& page, const Report& report) {
    const Findings& findings = report.findings;
    page.section(findings.title);
    page.paragraph(findings.question);
    std::vector<Page::Claim> claims;
    for (const Claim& claim : findings.claims) {
        claims.push_back({claim.text, claim.measured, std::string(to_text(claim.verdict)), tone_of(claim.verdict)});
    }
    if (!claims.empty()) page.claims(claims);
    for (const Part& part : findings.parts) add_part(page, part, report);
    add_checks(page, findings.checks);
    add_figures(page, findings.figures);
    page.heading("Config");
    page.listing(report.config);
    page.paragraph(fmt::format("{:.0f} s.", report.seconds));
}

std::string csv_of(const Chart& chart) {
    std::string csv = "series,x,y,low,high\n";
    for (const Series& s : chart.series) {
        for (size_t i = 0; i < s.x.size(); ++i) {
            const std::string interval = s.low.empty() ? "," : fmt::format("{:.9g},{:.9g}", s.low[i], s.high[i]);
            csv += fmt::format("{},{:.9g},{:.9g},{}\n", core::csv_field(s.name), s.x[i], s.y[i], interval);
        }
    }
    return csv;
}

std::string csv_of(const HeatMap& map) {
    const at::Tensor values = map.values.to(at::kDouble).contiguous();
    std::string csv;
    for (int64_t row = 0; row < values.size(0); ++row) {
        for (int64_t column = 0; column < values.size(1); ++column) {
            csv += fmt::format("{}{:.9g}", column > 0 ? "," : "", values[row][column].item<double>());
        }
        csv += "\n";
    }
    return csv;
}

}  // namespace

core::FolderLock open_report_folder(const fs::path& folder, const std::string& study) {
    require_gnuplot();
    const std::string remedy = "name another folder with output=…";
    std::error_code code;
    if (!core::is_vacant(folder)) {
        const fs::path record = folder / kRecordName;
        const bool readable = fs::is_regular_file(record, code);
        const Json json = readable ? Json::parse(core::read_file(record, kMaxRecordBytes), nullptr, false) : Json();
        if (!json.is_object() || json.value("format", Json()) != kFormat) {
            throw core::Error({.what = fs::is_directory(folder, code) ? "the folder holds something else"
                                                                      : "there is something that is no folder",
                               .where = folder.string(),
                               .expected = study + "'s results, or nothing",
                               .remedy = remedy});
        }
        if (const Json held = json.value("study", Json()); held != study) {
            throw core::Error({.what = "the folder holds the results of something else",
                               .where = folder.string(),
                               .expected = study,
                               .found = held.is_string() ? held.get<std::string>() : held.dump(),
                               .remedy = remedy});
        }
    }
    core::FolderLock lock(folder, remedy);
    core::remove_partial_files(folder);
    return lock;
}

void require_collection_folder(const fs::path& folder, const std::vector<std::string>& names) {
    std::error_code code;
    if (!fs::exists(fs::symlink_status(folder / kPageName, code))) return;
    for (const std::string& name : names) {
        if (fs::exists(folder / name / kRecordName, code)) return;
    }
    throw core::Error({.what = "the folder holds a page of something else",
                       .where = (folder / kPageName).string(),
                       .remedy = "name another folder with output=…"});
}

std::string to_csv(const Picture& picture) {
    return std::visit([](const auto& drawing) { return csv_of(drawing); }, picture.drawing);
}

std::string to_json(const Report& report) {
    const Findings& findings = report.findings;
    Json claims = Json::array(), checks = Json::array(), figures = Json::array();
    for (const Claim& claim : findings.claims) {
        claims.push_back({{"claim", claim.text}, {"measured", claim.measured}, {"verdict", to_text(claim.verdict)}});
    }
    for (const Check& check : findings.checks) {
        checks.push_back({{"name", check.name},
                          {"measured", number(check.measured)},
                          {"tolerance", check.tolerance},
                          {"unit", check.unit},
                          {"passed", check.passed()}});
    }
    for (const Figure& figure : findings.figures) {
        Json json = {{"name", figure.name}, {"value", number(figure.value)}, {"unit", figure.unit}};
        if (figure.interval) {
            json["low"] = number(figure.interval->low());
            json["high"] = number(figure.interval->high());
        }
        figures.push_back(json);
    }
    const Json json = {{"format", kFormat},
                       {"version", 1},
                       {"study", findings.name},
                       {"title", findings.title},
                       {"question", findings.question},
                       {"claims", claims},
                       {"checks", checks},
                       {"figures", figures},
                       {"config", report.config},
                       {"seconds", report.seconds}};
    return json.dump(1) + "\n";
}

Report drawn(Report report) {
    for (const Part& part : report.findings.parts) {
        const auto* picture = std::get_if<Picture>(&part);
        if (picture == nullptr) continue;
        report.drawings[picture->name] = std::visit([](const auto& drawing) { return svg(drawing); }, picture->drawing);
    }
    return report;
}

void write_report(const fs::path& folder, const Report& report) {
    // This file is first, so that the folder can be identified if the rest is not written.
    core::write_file(folder / kRecordName, to_json(report));
    for (const Part& part : report.findings.parts) {
        if (const auto* picture = std::get_if<Picture>(&part)) {
            core::write_file(folder / (picture->name + ".csv"), to_csv(*picture));
            core::write_file(folder / (picture->name + ".svg"), report.drawings.at(picture->name));
        } else if (const auto* photograph = std::get_if<Photograph>(&part)) {
            core::write_file(folder / (photograph->name + ".jpg"), photograph->jpeg);
        }
    }
    std::string name = report.findings.name;
    std::ranges::replace(name, '_', ' ');
    write_collection(folder, "Kaziranga: " + name, {report});
}

void write_collection(const fs::path& folder, const std::string& title, const std::vector<Report>& reports) {
    Page page(title);
    for (const Report& report : reports) add_report(page, report);
    core::write_file(folder / kPageName, page.html());
}

}  // namespace kaziranga::evaluation
