#include "evaluation/prediction_file.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/log.hpp"
#include "core/system_problem.hpp"
#include "core/text.hpp"
#include "evaluation/events.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

namespace kaziranga::evaluation {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "kaziranga predictions 2";
constexpr int64_t kNone = -1;  ///< offset of a missing line

fs::path beside(const fs::path& path) {
    fs::path partial = path;
    return partial += ".partial";
}

std::string first_line(const PredictionFile::Contents& contents) {
    core::Hasher hasher;
    hasher.add(&contents.identity, sizeof contents.identity);
    const int64_t kept = contents.kept();
    hasher.add(&kept, sizeof kept);
    for (const std::string& name : contents.classes) hasher.add_text(name);
    return Json{{"format", kFormat}, {"of", hasher.digest().hex()}}.dump();
}

/// Distinguishes an image from one that replaces it. Without a file it uses only the name.
core::Hash128 image_of(const data::Sample& sample) {
    std::error_code code;
    const uint64_t size = fs::file_size(sample.path, code);
    const auto changed = fs::last_write_time(sample.path, code).time_since_epoch().count();
    core::Hasher hasher;
    hasher.add_text(sample.name);
    hasher.add(&size, sizeof size);
    hasher.add(&changed, sizeof changed);
    return hasher.digest();
}

std::string to_line(const Prediction& p, const core::Hash128& image) {
    Json line{{"image", image.hex()}};
    if (!p.problem.empty()) {
        line["problem"] = core::printable(p.problem);
    } else {
        line["classes"] = p.classes;
        line["confidence"] = p.confidence;
    }
    return line.dump() + "\n";
}

struct Line {
    core::Hash128 image;
    Prediction prediction;  ///< without its name
};

/// @return nothing if it is not a valid line: for example, cut off by a kill or a full disk
std::optional<Line> from_line(const std::string& text, size_t classes) {
    const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return {};
    Line line;
    try {
        const auto image = core::Hash128::from_hex(json.at("image").get<std::string>());
        if (!image) return {};
        line.image = *image;
        if (json.contains("problem")) {
            line.prediction.problem = json.at("problem");
            return line;
        }
        line.prediction.classes = json.at("classes").get<std::vector<int64_t>>();
        line.prediction.confidence = json.at("confidence").get<std::vector<double>>();
    } catch (const Json::exception&) {
        return {};
    }
    const Prediction& p = line.prediction;
    const bool known =
        std::ranges::all_of(p.classes, [&](int64_t k) { return k >= 0 && k < static_cast<int64_t>(classes); });
    if (!known || p.classes.empty() || p.classes.size() != p.confidence.size()) return {};
    return line;
}

std::string now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return time_text(std::chrono::duration_cast<std::chrono::seconds>(since).count(), 'T') + "Z";
}

/// Streams report that they failed, but not always why.
core::Error cannot_read(const fs::path& path) {
    return core::Error(core::system_problem("cannot read the file", path, errno != 0 ? errno : EIO));
}

}  // namespace

core::Error output_is_there(const fs::path& path) {
    return core::Error({.what = "the output is there already",
                        .where = path.string(),
                        .remedy = "name another file, or give --overwrite"});
}

bool holds_predictions(const fs::path& path) {
    constexpr std::streamsize kEnough = 64;
    std::ifstream in(path, std::ios::binary);
    std::string start(kEnough, '\0');
    in.read(start.data(), kEnough);
    start.resize(static_cast<size_t>(in.gcount()));
    return start.empty() || std::ranges::any_of(kPredictionFormats, [&](const PredictionFormat* format) {
               return format->recognises(start);
           });
}

PredictionFile::PredictionFile(fs::path path, Contents contents, const data::Samples& samples, bool overwrite)
    : path_(std::move(path)),
      partial_(beside(path_)),
      contents_(std::move(contents)),
      samples_(samples),
      lock_(partial_, "name another with --output"),
      lines_(samples.size(), kNone) {
    std::error_code code;
    if (!overwrite && fs::exists(path_, code)) {  // checked after locking: another process may have finished it
        if (fs::is_empty(partial_, code)) fs::remove(partial_, code);  // created by the lock
        throw output_is_there(path_);
    }
    images_.reserve(samples.size());
    for (const data::Sample& sample : samples) images_.push_back(image_of(sample));
    take_up(overwrite);
    for (size_t i = 0; i < lines_.size(); ++i) {
        if (lines_[i] == kNone) left_.push_back(i);
    }
    const size_t done = samples.size() - left_.size();
    if (done > 0) core::log().info("going on after {} images that were classified before", done);
}

/// Takes over the lines of an earlier run, and removes an incomplete line after a kill.
void PredictionFile::take_up(bool overwrite) {
    std::ifstream in(partial_, std::ios::binary);
    std::string text;
    const bool begun = static_cast<bool>(std::getline(in, text));
    if (!in.is_open() || in.bad()) throw cannot_read(partial_);
    if (!begun || (in.eof() && first_line(contents_).starts_with(text))) return begin();  // a line cut off by a kill
    if (text != first_line(contents_)) {
        if (!text.starts_with("{\"format\":\"kaziranga predictions")) {
            throw core::Error({.what = "there is something else where predictions are collected",
                               .where = partial_.string(),
                               .remedy = "move it away, or name another with --output"});
        }
        if (!overwrite) {
            throw core::Error({.what = "predictions of another model or another --topk are collected here",
                               .where = partial_.string(),
                               .remedy = "finish them with the command that began them, begin anew with --overwrite, "
                                         "or name another with --output"});
        }
        return begin();
    }
    std::unordered_map<core::Hash128, size_t> samples;
    for (size_t i = 0; i < images_.size(); ++i) samples.emplace(images_[i], i);
    written_ = static_cast<int64_t>(text.size()) + 1;
    while (std::getline(in, text) && !in.eof()) {
        const std::optional<Line> line = from_line(text, contents_.classes.size());
        if (!line) break;
        const auto sample = samples.find(line->image);
        if (sample != samples.end() && line->prediction.problem.empty()) lines_[sample->second] = written_;
        written_ += static_cast<int64_t>(text.size()) + 1;
    }
    if (in.bad()) throw cannot_read(partial_);
    in.close();
    fs::resize_file(partial_, static_cast<std::uintmax_t>(written_));
    out_.open(partial_, std::ios::binary | std::ios::app);
    if (!out_) throw core::Error(core::system_problem("cannot write the file", partial_, errno));
}

void PredictionFile::begin() {
    const std::string line = first_line(contents_) + "\n";
    fs::resize_file(partial_, 0);
    out_.open(partial_, std::ios::binary | std::ios::app);
    out_ << line << std::flush;
    if (!out_) throw core::Error(core::system_problem("cannot write the file", partial_, errno));
    written_ = static_cast<int64_t>(line.size());
}

data::Samples PredictionFile::left() const {
    data::Samples samples;
    samples.reserve(left_.size());
    for (const size_t i : left_) samples.push_back(samples_[i]);
    return samples;
}

void PredictionFile::append(const std::vector<Prediction>& predictions) {
    for (const Prediction& p : predictions) {
        const size_t sample = left_[appended_++];
        const std::string line = to_line(p, images_[sample]);
        lines_[sample] = written_;
        written_ += static_cast<int64_t>(line.size());
        out_ << line;
    }
    out_.flush();
    if (!out_) {
        core::Problem problem = core::system_problem("cannot write the file", partial_, errno);
        problem.remedy += "; the same command then goes on";
        throw core::Error(std::move(problem));
    }
}

template <class Visit>
void PredictionFile::each(Visit visit) const {
    std::ifstream in(partial_, std::ios::binary);
    std::string text;
    int64_t at = 0;
    for (size_t i = 0; i < samples_.size(); ++i) {
        if (at != lines_[i]) in.seekg(lines_[i]);  // this drops the read-ahead
        if (!std::getline(in, text)) throw cannot_read(partial_);
        at = lines_[i] + static_cast<int64_t>(text.size()) + 1;
        std::optional<Line> line = from_line(text, contents_.classes.size());
        if (!line || line->image != images_[i]) {
            throw core::Error({.what = "what was collected has been changed by another program",
                               .where = partial_.string(),
                               .remedy = "give the same command again"});
        }
        Prediction prediction = unanswered(samples_[i]);
        prediction.classes = std::move(line->prediction.classes);
        prediction.confidence = std::move(line->prediction.confidence);
        prediction.problem = std::move(line->prediction.problem);
        if (contents_.events) prediction.event = data::unit_name(samples_[i]);
        visit(prediction);
    }
}

void PredictionFile::finish() {
    const auto writer = writer_of(contents_, samples_);
    core::AtomicFile file(path_);
    EventAnswers events(class_count());
    file.write(writer->begin());
    each([&](Prediction& p) {
        if (contents_.events) events.add(p);
        shorten(p, contents_.topk);
        file.write(writer->row(p));
    });
    if (contents_.events) {
        events.each(contents_.topk, [&](const Prediction& event) { file.write(writer->event(event)); });
    }
    file.write(writer->end());
    file.commit();
    out_.close();
    std::error_code code;
    fs::remove(partial_, code);
}

std::unique_ptr<PredictionWriter> writer_of(const PredictionFile::Contents& contents, const data::Samples& samples) {
    return contents.format.writer({.classes = contents.classes,
                                   .shown = std::min(contents.topk, static_cast<int64_t>(contents.classes.size())),
                                   .samples = samples,
                                   .events = contents.events,
                                   .base = contents.base,
                                   .program = contents.program,
                                   .now = now()});
}

}  // namespace kaziranga::evaluation
