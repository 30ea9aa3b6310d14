#pragma once

#include "evaluation/intervals.hpp"
#include "evaluation/report/chart.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kaziranga::evaluation {

/// The verdict of the numbers on a claim.
enum class Verdict { kSupported, kNotSupported, kUndecided };

/// "supported", "not supported", "undecided at this sample size".
std::string_view to_text(Verdict verdict);

/// The verdict on "the true value lies above the level": decided if the interval lies on one side of it.
Verdict is_above(const Interval& interval, double level);
Verdict is_below(const Interval& interval, double level);

/// The verdict on a claim that follows from facts without error bars.
Verdict holds(bool fact);

/// A claim and the result of its test.
struct Claim {
    std::string text;
    std::string measured;  ///< the numbers that decide it, in words
    Verdict verdict = Verdict::kUndecided;
};

/// A condition that must hold if the program is correct, or if the reader requested enough. A value that is not a
/// number fails.
struct Check {
    std::string name;
    double measured = 0;
    double tolerance = 0;
    std::string unit;
    std::string remedy = {};  ///< advice for the reader if it fails; empty if only the program can be at problem

    bool passed() const { return measured <= tolerance; }
};

/// A number to report.
struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<Interval> interval = {};
};

/// A picture and its numbers, as CSV.
struct Picture {
    std::string name;  ///< of its files, without extension
    std::string caption;
    std::variant<Chart, HeatMap> drawing;
};

/// A photograph or a sheet of them.
struct Photograph {
    std::string name;
    std::string caption;
    std::string jpeg;  ///< the file's bytes
};

struct Heading {
    std::string text;
};
struct Text {
    std::string text;
};
/// Rows of equal length; the first is the heading.
struct Grid {
    std::vector<std::vector<std::string>> rows;
};

using Part = std::variant<Heading, Text, Grid, Picture, Photograph>;

/// The results of a study, in the order of the report.
struct Findings {
    std::string name;  ///< of the study, a plain word
    std::string title;
    std::string question;
    std::vector<Claim> claims;
    std::vector<Check> checks;
    std::vector<Figure> figures;
    std::vector<Part> parts;

    bool passed() const;
};

/// "12.3 (11.9 to 12.7)".
std::string to_text(const Interval& interval, int digits = 2);

}  // namespace kaziranga::evaluation
