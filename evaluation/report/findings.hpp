#pragma once

#include "evaluation/intervals.hpp"
#include "evaluation/report/chart.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kaziranga::evaluation {

/// What the numbers say of a claim.
enum class Verdict { kSupported, kNotSupported, kUndecided };

/// "supported", "not supported", "undecided at this sample size".
std::string_view to_text(Verdict verdict);

/// Of "the true value lies above the level": decided where the interval lies on one side of it.
Verdict is_above(const Interval& interval, double level);
Verdict is_below(const Interval& interval, double level);

/// Of a claim that follows from facts without error bars.
Verdict holds(bool fact);

/// A claim put to the test.
struct Claim {
    std::string text;
    std::string measured;  ///< the numbers that decide it, in words
    Verdict verdict = Verdict::kUndecided;
};

/// Something that must hold if the program is right, or if the reader asked for enough. A value that is no number
/// fails.
struct Check {
    std::string name;
    double measured = 0;
    double tolerance = 0;
    std::string unit;
    std::string remedy = {};  ///< what the reader can do where it fails; empty where only the program can be at fault

    bool passed() const { return measured <= tolerance; }
};

/// A number worth knowing.
struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<Interval> interval = {};
};

/// A picture and, as CSV, the numbers in it.
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
/// Rows of equal length, the first the heading.
struct Grid {
    std::vector<std::vector<std::string>> rows;
};

using Part = std::variant<Heading, Text, Grid, Picture, Photograph>;

/// What a study found, in the order in which it is told.
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
