#pragma once

#include "core/lock.hpp"
#include "evaluation/report/findings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// Findings, with the config, the time and the drawings.
struct Report {
    Findings findings;
    std::string config;  ///< YAML
    double seconds = 0;
    std::map<std::string, std::string> drawings = {};  ///< SVG of each picture, by its name
};

/// Draws the pictures of a complete report.
Report drawn(Report report);

inline constexpr const char* kRecordName = "study.json";
inline constexpr const char* kPageName = "page.html";

/// Creates the folder if it is missing, and locks it against other processes.
/// @param study  Findings::name
/// @throws core::Error with the folder when it holds anything but an earlier report of the same study, or when another
///         process works in it
[[nodiscard]] core::FolderLock open_report_folder(const std::filesystem::path& folder, const std::string& study);

/// Throws if the folder has a page.html of something else: no report lies beside it.
/// @param names  of the reports' folders
void require_collection_folder(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// Writes a drawn report: study.json, one CSV and one SVG (or JPEG) per picture, and the page.
void write_report(const std::filesystem::path& folder, const Report& report);

/// Writes the page of several drawn reports, starting with the contents.
void write_collection(const std::filesystem::path& folder, const std::string& title,
                      const std::vector<Report>& reports);

/// study.json: {"format", "version", "study", "title", "question", "claims": [{"claim", "measured", "verdict"}],
/// "checks": [{"name", "measured", "tolerance", "unit", "passed"}], "figures": [{"name", "value", "unit", "low",
/// "high"}], "config", "seconds"}; low and high only if there is an interval.
std::string to_json(const Report& report);

/// `series,x,y,low,high`, one line per point; for a heat map, its matrix.
std::string to_csv(const Picture& picture);

}  // namespace kaziranga::evaluation
