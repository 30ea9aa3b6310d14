#pragma once

#include "core/lock.hpp"
#include "evaluation/report/findings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kaziranga::evaluation {

/// Findings and how they came about.
struct Report {
    Findings findings;
    std::string config;  ///< YAML
    double seconds = 0;
    std::map<std::string, std::string> drawings = {};  ///< SVG of each picture, by its name
};

/// Draws the pictures of a report that is complete.
Report drawn(Report report);

inline constexpr const char* kRecordName = "study.json";
inline constexpr const char* kPageName = "page.html";

/// Makes the folder where it is missing, and keeps other processes out of it.
/// @param study  Findings::name
/// @throws core::Error naming the folder where it holds anything but an earlier report of the same study, or where
///         another process works in it
[[nodiscard]] core::FolderLock open_report_folder(const std::filesystem::path& folder, const std::string& study);

/// Refuses a folder whose page.html is none of ours: no report lies beside it.
/// @param names  of the reports' folders
void require_collection_folder(const std::filesystem::path& folder, const std::vector<std::string>& names);

/// Of a drawn report: writes study.json, a CSV and an SVG (or JPEG) a picture, and the page.
void write_report(const std::filesystem::path& folder, const Report& report);

/// Writes the page of several drawn reports, contents first.
void write_collection(const std::filesystem::path& folder, const std::string& title,
                      const std::vector<Report>& reports);

/// study.json: {"format", "version", "study", "title", "question", "claims": [{"claim", "measured", "verdict"}],
/// "checks": [{"name", "measured", "tolerance", "unit", "passed"}], "figures": [{"name", "value", "unit", "low",
/// "high"}], "config", "seconds"}; low and high only where there is an interval.
std::string to_json(const Report& report);

/// `series,x,y,low,high`, a line a point; of a heat map its matrix.
std::string to_csv(const Picture& picture);

}  // namespace kaziranga::evaluation
