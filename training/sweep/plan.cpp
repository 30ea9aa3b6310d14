#include "training/sweep/plan.hpp"

#include "core/config/config.hpp"
#include "core/error.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "training/run/requirements.hpp"
#include "training/run/run_folder.hpp"
#include "training/run/workflow.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace kaziranga::training {
namespace {

namespace fs = std::filesystem;
using core::Problem;
using core::config::Strings;

constexpr size_t kLongestName = 200;  // bytes; a file system takes 255
constexpr size_t kMostProblems = 100;

std::string quoted(const std::string& name) {
    return "'" + name + "'";
}

/// "variant 'a'", "variants 'a', 'b' and 7 more".
std::string called(const std::vector<std::string>& names) {
    constexpr size_t kShown = 3;
    Strings shown;
    for (size_t i = 0; i < std::min(kShown, names.size()); ++i) shown.push_back(quoted(names[i]));
    const std::string more = names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "";
    return (names.size() == 1 ? "variant " : "variants ") + core::join(shown, ", ") + more;
}

/// The reason why a name cannot be a folder beside the tables; empty if it can.
std::string problem_of_name(const std::string& name) {
    if (name.empty()) return "an empty name";
    if (!core::is_plain_text(name)) return "not plain text on one line";
    if (name.size() > kLongestName) return fmt::format("longer than {} bytes", kLongestName);
    if (name.front() == '.') return "begins with '.'";
    if (name.find('/') != std::string::npos) return "has a '/'";
    for (const char* table : {kRunsTable, kSummaryTable, kSummaryPage}) {
        if (name == table) return "the name of a table of the sweep";
    }
    return {};
}

/// For keys that the sweep itself sets, the place for the value instead; empty for all other keys.
std::string remedy_for_key(const std::string& key, const SweepOptions& options) {
    if (key == "output") return "name the sweep's folder in output of the sweep";
    if (key == "seed") return "write it into seeds";
    if (key == "resume") return "leave it out; a sweep goes on by itself";
    if (key == "overwrite") return "use overwrite of the sweep";
    if (key == "data.shots" && !options.shots.empty()) return "write it into shots, or leave shots out";
    return {};
}

void refuse_own_keys(const Strings& overrides, const std::string& where, const SweepOptions& options,
                     std::vector<Problem>& problems) {
    for (const std::string& text : overrides) {
        const std::string remedy = remedy_for_key(text.substr(0, text.find('=')), options);
        if (remedy.empty()) continue;
        problems.push_back({.what = text + ": is the sweep's to set", .where = where, .remedy = remedy});
    }
}

/// A folder name for any values of a grid. It has only letters, digits and "._=,+-"; if the name had others, a hash
/// keeps folders distinct.
std::string folder_of(const std::string& name) {
    constexpr size_t kLongest = 150;
    constexpr std::string_view kPlain = "._=,+-";
    std::string folder = name.substr(0, kLongest);
    for (char& c : folder) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && kPlain.find(c) == std::string_view::npos) c = '_';
    }
    if (folder.front() == '.') folder.front() = '_';
    return folder == name ? folder : fmt::format("{}-{:016x}", folder, core::hash64(name));
}

/// Every combination of the grid's values.
std::vector<Variant> combinations(const core::config::Table& grid) {
    int64_t count = 1;
    for (const auto& [key, values] : grid) {
        count *= static_cast<int64_t>(values.size());
        if (count > kMostRuns) {
            throw core::Error(
                {.what = "too many combinations", .where = "grid", .expected = fmt::format("at most {}", kMostRuns)});
        }
    }
    std::vector<Variant> variants(1);
    for (const auto& [key, values] : grid) {
        std::vector<Variant> longer;
        for (const Variant& variant : variants) {
            for (const std::string& value : values) {
                longer.push_back(variant);
                longer.back().overrides.push_back(key + "=" + value);
            }
        }
        variants = std::move(longer);
    }
    for (Variant& variant : variants) {
        variant.name = core::printable(core::join(variant.overrides, ","));
        variant.folder = folder_of(variant.name);
    }
    return variants;
}

/// The problems of the runs' configs. One that many variants share is reported once, with their names. One that all
/// variants have because of base or set is reported without names.
class RunProblems {
  public:
    /// Name of a variant's overrides while its config is read.
    static constexpr const char* kOwn = "variant";

    void add(const std::string& variant, const core::Error& error) {
        for (Problem problem : error.problems()) {
            if (problem.where == "config") problem.where = kOwn;
            const auto [place, fresh] = index_.try_emplace(core::to_line(problem), problems_.size());
            if (fresh) problems_.push_back({problem, {}});
            std::vector<std::string>& names = problems_[place->second].variants;
            if (std::find(names.begin(), names.end(), variant) == names.end()) names.push_back(variant);
        }
    }

    void tell(size_t variants, std::vector<Problem>& problems) const {
        for (const auto& [problem, names] : problems_) {
            problems.push_back(problem);
            std::string& where = problems.back().where;
            if (where == kOwn) {
                where = called(names);
            } else if (names.size() < variants) {
                where = called(names) + ": " + where;
            }
        }
    }

  private:
    struct SharedProblem {
        Problem problem;
        std::vector<std::string> variants;
    };
    std::vector<SharedProblem> problems_;
    std::map<std::string, size_t> index_;
};

std::string read_base(const fs::path& path) {
    try {
        return core::config::read_config_file(path);
    } catch (const core::Error& error) {
        Problem problem = error.problems().front();
        problem.remedy = "base is a path relative to the folder of the sweep's own file";
        throw core::Error(std::move(problem));
    }
}

/// Looks into a run's folder and decides how the run starts.
void look_into_folder(PlannedRun& run, bool overwrite, std::vector<Problem>& problems) {
    Options& options = run.options;
    RunStatus status = RunStatus::kFree;
    try {
        status = run_status(options);
    } catch (const core::Error& error) {
        problems.insert(problems.end(), error.problems().begin(), error.problems().end());
        return;
    }
    run.finished = status == RunStatus::kFinished;
    options.overwrite = overwrite && (status == RunStatus::kOther || status == RunStatus::kUnfinished);
    options.resume = !options.overwrite;
    if (status != RunStatus::kOther || overwrite) return;
    const auto differences = config_differences({options.output}, options);
    const std::string more = differences.size() > 1 ? fmt::format(" and {} more", differences.size() - 1) : "";
    problems.push_back({.what = "holds a run of another config",
                        .where = options.output,
                        .expected = differences.front().asked + more,
                        .found = differences.front().saved,
                        .remedy = "replace such runs with overwrite=true, or name another folder with output=…"});
}

void throw_problems(std::vector<Problem> problems, const std::string& where) {
    if (problems.empty()) return;
    if (problems.size() > kMostProblems) {
        problems.resize(kMostProblems);
        problems.push_back({.what = "more problems than these", .where = where, .remedy = "mend these first"});
    }
    throw core::Error(std::move(problems));
}

/// The variants; adds everything that is wrong with them to problems.
std::vector<Variant> expand(const SweepOptions& options, std::vector<Problem>& problems) {
    std::vector<Variant> variants;
    if (options.grid.empty()) {
        for (const auto& [name, overrides] : options.variants) {
            const std::string problem = problem_of_name(name);
            if (!problem.empty()) {
                problems.push_back({.what = "cannot be the name of a folder: " + problem,
                                    .where = called({name}),
                                    .remedy = "give the variant another name"});
            }
            variants.push_back({name, name, overrides});
        }
    } else {
        variants = combinations(options.grid);
    }
    refuse_own_keys(options.set, "set", options, problems);
    std::set<std::string> folders;
    for (const Variant& variant : variants) {
        refuse_own_keys(variant.overrides, called({variant.name}), options, problems);
        if (folders.insert(variant.folder).second) continue;
        problems.push_back({.what = "given twice", .where = called({variant.name}), .remedy = "keep one"});
    }
    return variants;
}

/// Resolves the runs one by one.
class Planner {
  public:
    Planner(const SweepOptions& options, const fs::path& file)
        : options_(options),
          file_(file.string()),
          base_((file.parent_path() / options.base).lexically_normal()),
          text_(read_base(base_)) {}

    SweepPlan plan() {
        SweepPlan plan{
            .output = options_.output, .confidence = options_.confidence, .variants = expand(options_, problems_)};
        const size_t draws = std::max<size_t>(1, options_.shots.size());
        if (plan.variants.size() * draws * options_.seeds.size() > static_cast<size_t>(kMostRuns)) {
            throw core::Error(
                {.what = "too many runs", .where = file_, .expected = fmt::format("at most {}", kMostRuns)});
        }
        for (size_t draw = 0; draw < draws; ++draw) {
            for (const int64_t seed : options_.seeds) {
                for (size_t v = 0; v < plan.variants.size(); ++v) add(plan, {.variant = v, .draw = draw, .seed = seed});
            }
        }
        run_problems_.tell(plan.variants.size(), problems_);
        if (problems_.empty()) {
            for (PlannedRun& run : plan.runs) look_into_folder(run, options_.overwrite, problems_);
        }
        throw_problems(std::move(problems_), file_);
        return plan;
    }

  private:
    void add(SweepPlan& plan, PlannedRun run) {
        const Variant& variant = plan.variants[run.variant];
        try {
            resolve(run, variant);
        } catch (const core::Error& error) {
            run_problems_.add(variant.name, error);
            return;
        }
        plan.runs.push_back(std::move(run));
    }

    void resolve(PlannedRun& run, const Variant& variant) const {
        std::vector<core::config::Override> overrides;
        for (const std::string& text : options_.set) overrides.push_back({text, "set"});
        for (const std::string& text : variant.overrides) overrides.push_back({text, RunProblems::kOwn});
        overrides.push_back({fmt::format("seed={}", run.seed), "seeds"});
        fs::path folder = fs::path(options_.output) / variant.folder;
        if (!options_.shots.empty()) {
            const int64_t shots = options_.shots[run.draw];
            overrides.push_back({fmt::format("data.shots={}", shots), "shots"});
            folder /= fmt::format("shots_{}", shots);
        }
        Options& options = run.options;
        core::config::read_into(core::config::group_of<Options>(), &options, text_, base_.string(), overrides);
        options.output = (folder / fmt::format("seed_{}", run.seed)).string();
        refuse(problems_of_options(options));
    }

    const SweepOptions& options_;
    const std::string file_;
    const fs::path base_;
    const std::string text_;
    RunProblems run_problems_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Variant> variants_of(const SweepOptions& options) {
    std::vector<Problem> problems;
    std::vector<Variant> variants = expand(options, problems);
    throw_problems(std::move(problems), "variants");
    return variants;
}

SweepPlan plan_sweep(const SweepOptions& options, const fs::path& file) {
    return Planner(options, file).plan();
}

}  // namespace kaziranga::training
