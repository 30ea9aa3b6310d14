#include "evaluation/prediction_file.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "kaziranga predictions 1";

fs::path beside(const fs::path& path) {
    fs::path partial = path;
    return partial += ".partial";
}

/// The names are not repeated in every line, and need be no UTF-8.
std::string first_line(const PredictionFile::Contents& contents, const data::Samples& samples) {
    core::Hasher hasher;
    hasher.add(&contents.identity, sizeof contents.identity);
    hasher.add(&contents.topk, sizeof contents.topk);
    for (const std::string& name : contents.classes) hasher.add_text(name);
    for (const data::Sample& sample : samples) hasher.add_text(sample.name);
    return Json{{"format", kFormat}, {"of", hasher.digest().hex()}, {"images", samples.size()}}.dump();
}

std::string to_line(const Prediction& p) {
    if (!p.problem.empty()) return Json{{"problem", core::printable(p.problem)}}.dump() + "\n";
    return Json{{"classes", p.classes}, {"confidence", p.confidence}}.dump() + "\n";
}

Prediction from_line(const std::string& line, const data::Sample& sample) {
    const Json json = Json::parse(line);
    Prediction p{.name = sample.name};
    if (json.contains("problem")) {
        p.problem = json.at("problem");
    } else {
        p.classes = json.at("classes").get<std::vector<int64_t>>();
        p.confidence = json.at("confidence").get<std::vector<double>>();
    }
    return p;
}

/// Streams say that they failed, not always why.
core::Error cannot_read(const fs::path& path) {
    return core::Error(core::system_problem("cannot read the file", path, errno != 0 ? errno : EIO));
}

}  // namespace

PredictionFile::PredictionFile(fs::path path, Contents contents, const data::Samples& samples)
    : path_(std::move(path)),
      partial_(beside(path_)),
      contents_(std::move(contents)),
      samples_(samples),
      lock_(partial_, "name another with --output") {
    take_up();
    out_.open(partial_, std::ios::binary | std::ios::app);
    if (done_ == 0) {
        fs::resize_file(partial_, 0);
        out_ << first_line(contents_, samples_) << '\n' << std::flush;
    }
    if (!out_) {
        throw core::Error(core::system_problem("cannot write the file", partial_, errno));
    }
}

/// Takes what an earlier sitting left, and cuts off what a kill left of a line.
void PredictionFile::take_up() {
    std::ifstream in(partial_, std::ios::binary);
    std::string line;
    const bool begun = static_cast<bool>(std::getline(in, line));
    if (!in.is_open() || in.bad()) throw cannot_read(partial_);
    if (!begun) return;
    if (line != first_line(contents_, samples_)) {
        if (!line.starts_with("{\"format\":\"kaziranga predictions")) {
            throw core::Error({.what = "there is something else where predictions are collected",
                               .where = partial_.string(),
                               .remedy = "move it away, or name another with --output"});
        }
        core::log().info("{}: of another model or other images; beginning anew", partial_.string());
        return;
    }
    auto whole = static_cast<std::uintmax_t>(in.tellg());
    while (done_ < samples_.size() && std::getline(in, line) && !in.eof()) {
        try {
            unreadable_ += from_line(line, samples_[done_]).problem.empty() ? 0 : 1;
        } catch (const Json::exception&) {
            break;  // cut off where the disk was full, say
        }
        whole += line.size() + 1;
        ++done_;
    }
    if (in.bad()) throw cannot_read(partial_);
    in.close();
    fs::resize_file(partial_, whole);
    if (done_ > 0) core::log().info("going on after {} images that were classified before", done_);
}

void PredictionFile::append(const std::vector<Prediction>& predictions) {
    for (const Prediction& p : predictions) {
        out_ << to_line(p);
        unreadable_ += p.problem.empty() ? 0 : 1;
    }
    out_.flush();
    if (!out_) {
        core::Problem problem = core::system_problem("cannot write the file", partial_, errno);
        problem.remedy += "; the same command then goes on";
        throw core::Error(std::move(problem));
    }
    done_ += predictions.size();
}

template <class Visit>
void PredictionFile::each(Visit visit) const {
    std::ifstream in(partial_, std::ios::binary);
    std::string line;
    std::getline(in, line);
    for (const data::Sample& sample : samples_) {
        if (!std::getline(in, line)) throw cannot_read(partial_);
        visit(from_line(line, sample));
    }
}

void PredictionFile::finish() {
    core::AtomicFile file(path_);
    if (path_.extension() == ".csv") {
        const auto shown = std::min<int64_t>(contents_.topk, static_cast<int64_t>(contents_.classes.size()));
        file.write(predictions_csv_header(shown, Problems::kListed));
        each([&](const Prediction& p) {
            file.write(predictions_csv_line(p, contents_.classes, shown, Problems::kListed));
        });
    } else {
        std::string before = "[\n";
        each([&](const Prediction& p) {
            file.write(before + prediction_json(p, contents_.classes));
            before = ",\n";
        });
        file.write(samples_.empty() ? "[]\n" : "\n]\n");
    }
    file.commit();
    out_.close();
    std::error_code code;
    fs::remove(partial_, code);
}

}  // namespace kaziranga::evaluation
