#include "core/config/document.hpp"

#include "core/config/config.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace kaziranga::core::config {
namespace {

constexpr size_t kDeepest = 16;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Converts marks of the parser (lines and bytes from 0) and byte offsets into positions.
class Places {
  public:
    explicit Places(std::string_view text) : text_(text), starts_{0} {
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') starts_.push_back(i + 1);
        }
    }

    size_t offset(const YAML::Mark& mark) const {
        if (mark.line < 0 || mark.column < 0) return 0;
        const auto line = static_cast<size_t>(mark.line);
        if (line >= starts_.size()) return text_.size();
        return std::min(starts_[line] + static_cast<size_t>(mark.column), text_.size());
    }

    /// Counts columns from the position of the last call, so that a long line with many values is counted only once.
    Position at(size_t offset) {
        const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
        const auto line = static_cast<int64_t>(after - starts_.begin());
        const size_t start = *(after - 1);
        if (line != last_.line) {
            last_ = {line, 1};
            last_offset_ = start;
        }
        const size_t from = std::min(offset, last_offset_), to = std::max(offset, last_offset_);
        const auto between = static_cast<int64_t>(count_code_points(text_.substr(from, to - from)));
        last_.column += offset < last_offset_ ? -between : between;
        last_offset_ = offset;
        return last_;
    }

    Position at(const YAML::Mark& mark) { return at(offset(mark)); }

    std::string_view line_of(const YAML::Mark& mark) const {
        const size_t here = offset(mark);
        const size_t start = *(std::upper_bound(starts_.begin(), starts_.end(), here) - 1);
        return text_.substr(start, text_.find('\n', start) - start);
    }

    std::string_view rest(const YAML::Mark& mark) const { return text_.substr(offset(mark)); }

  private:
    std::string_view text_;
    std::vector<size_t> starts_;
    Position last_ = {};
    size_t last_offset_ = 0;
};

/// Thrown to stop parsing early, when the rest of the text cannot be interpreted.
struct Stop {};

/// Builds the tree of nodes from the parser's events.
class Builder : public YAML::EventHandler {
  public:
    Builder(Places& places, Document& document) : places_(places), document_(document) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ == 0) return;
        add(places_.at(mark),
            {.what = "the text goes on after the end of the config", .expected = "one YAML document"});
        throw Stop{};
    }
    void OnDocumentEnd() override {}

    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        add(places_.at(mark), {.what = "an anchor ('&" + shown(name) + "'), which configs do not have",
                               .remedy = "leave it out, or put text in quotes"});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        add(places_.at(mark), {.what = "an alias ('*'), which configs do not have",
                               .remedy = "write the value out, or put text in quotes"});
        accept({.kind = Node::Kind::kRefused, .position = places_.at(mark)});
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        // For a missing value, the parser's mark is the position of the next token.
        const bool written = is_written_null(places_.rest(mark));
        const bool has_key = !frames_.empty() && frames_.back().in_value;
        accept({.kind = Node::Kind::kNull,
                .position = !written && has_key ? frames_.back().key_position : places_.at(mark)});
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
        refuse_tag(mark, tag);
        if (is_unclosed(places_.rest(mark))) {
            add(places_.at(mark), {.what = "quotes that nothing closes", .remedy = "close the quotes"});
        }
        accept({.kind = Node::Kind::kScalar, .quoted = tag == "!", .text = value, .position = places_.at(mark)});
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::kList);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::kMap);
    }
    void OnMapEnd() override { close(); }

  private:
    /// A list or map that is not closed yet. For a map: also the key whose value comes next.
    struct Frame {
        Node node;
        std::string key = {};
        Position key_position = {};
        bool in_value = false;
        bool key_refused = false;
        std::unordered_map<std::string, Position> seen = {};
    };

    static bool is_written_null(std::string_view rest) {
        for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
            if (!rest.starts_with(word)) continue;
            const size_t next = rest.find_first_not_of(" \t\r", word.size());
            return next == std::string_view::npos || std::string_view("\n#,]}").find(rest[next]) < 5;
        }
        return false;
    }

    /// True if a quoted scalar has no closing quote. The parser accepts this if the config ends with a line end.
    static bool is_unclosed(std::string_view scalar) {
        const char quote = scalar.empty() ? '\0' : scalar.front();
        if (quote != '"' && quote != '\'') return false;
        for (size_t i = 1; i < scalar.size(); ++i) {
            const bool escaped = quote == '"' ? scalar[i] == '\\' : scalar.substr(i, 2) == "''";
            if (escaped) {
                ++i;
            } else if (scalar[i] == quote) {
                return false;
            }
        }
        return true;
    }

    std::string path() const {
        std::string path;
        for (const Frame& frame : frames_) {
            if (frame.in_value && !frame.key_refused) path = dotted(path, shown(frame.key));
        }
        return path;
    }

    void add(Position position, Problem problem) {
        if (document_.problems.size() > kMostProblems) return;
        const std::string key = path();
        if (!key.empty()) problem.what = key + ": " + problem.what;
        document_.problems.push_back({position, key, std::move(problem)});
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        // The parser gives the tag "?" to plain values and "!" to quoted values. A user can write "!", too.
        const bool implied = tag == "?" || tag.empty() || (tag == "!" && !places_.rest(mark).starts_with('!'));
        if (implied) return;
        add(places_.at(mark),
            {.what = "a tag ('!'), which configs do not have", .remedy = "leave it out, or put text in quotes"});
    }

    void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
        refuse_tag(mark, tag);
        if (frames_.size() >= kDeepest) {
            add(places_.at(mark),
                {.what = "nested too deep", .expected = "at most " + std::to_string(kDeepest) + " levels"});
            throw Stop{};
        }
        frames_.push_back({.node = {.kind = kind, .position = places_.at(mark)}});
    }

    void close() {
        Node node = std::move(frames_.back().node);
        frames_.pop_back();
        accept(std::move(node));
    }

    void accept(Node node) {
        if (frames_.empty()) {
            document_.root = std::move(node);
        } else if (frames_.back().node.kind == Node::Kind::kList) {
            frames_.back().node.items.push_back(std::move(node));
        } else if (!frames_.back().in_value) {
            accept_key(std::move(node));
        } else {
            Frame& frame = frames_.back();
            frame.in_value = false;
            if (frame.key_refused) return;
            frame.node.entries.push_back({std::move(frame.key), frame.key_position, std::move(node)});
        }
    }

    void accept_key(Node node) {
        if (node.kind != Node::Kind::kScalar && node.kind != Node::Kind::kRefused) {
            add(node.position, {.what = "a key that is not a word", .expected = "key: value"});
        }
        Frame& frame = frames_.back();
        frame.in_value = true;
        frame.key_refused = node.kind != Node::Kind::kScalar;
        frame.key = std::move(node.text);
        frame.key_position = node.position;
        if (frame.key_refused) return;
        const auto [first, fresh] = frame.seen.try_emplace(frame.key, node.position);
        if (fresh) return;
        add(node.position,
            {.what = "given twice", .remedy = "keep one; the first is on line " + std::to_string(first->second.line)});
    }

    Places& places_;
    Document& document_;
    std::vector<Frame> frames_;
    int documents_ = 0;
};

/// Converts an error of the parser into a problem with a remedy for the author of the file.
Problem syntax_problem(const YAML::Exception& error, const Places& places) {
    const std::string_view line = places.line_of(error.mark);
    const bool tab = line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
    Problem problem{.what = "not YAML: " + error.msg};
    if (tab) {
        problem.remedy = "indent with spaces, not with tabs";
    } else if (error.msg == YAML::ErrorMsg::MAP_VALUE) {
        problem.remedy = "put text that has ': ' in it in quotes, and check the indentation";
    } else if (error.msg == YAML::ErrorMsg::UNKNOWN_TOKEN || error.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR) {
        problem.remedy = "put text that begins with a sign in quotes";
    } else if (error.msg == YAML::ErrorMsg::EOF_IN_SCALAR) {
        problem.remedy = "close the quotes";
    } else if (error.msg == YAML::ErrorMsg::END_OF_MAP || error.msg == YAML::ErrorMsg::END_OF_SEQ) {
        problem.remedy = "check the indentation of this line and of those above it";
    } else if (error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW) {
        problem.remedy = "close the bracket";
    } else if (error.msg == YAML::ErrorMsg::INVALID_HEX || error.msg.starts_with(YAML::ErrorMsg::INVALID_ESCAPE)) {
        problem.remedy = "in double quotes write \\\\ for a backslash, or use single quotes";
    }
    return problem;
}

/// Finds the first byte that is not allowed in a text file: its offset and the problem. The parser would treat some of
/// these bytes as the end of the text, or replace them without an error.
std::optional<std::pair<size_t, Problem>> first_bad_byte(std::string_view text) {
    size_t at = 0;
    while (at < text.size()) {
        const size_t here = at;
        const std::optional<char32_t> point = next_code_point(text, at);
        if (!point) {
            return {{here, {.what = "not text in UTF-8", .remedy = "save the file as UTF-8"}}};
        }
        const bool lone_return = *point == '\r' && (at >= text.size() || text[at] != '\n');
        const bool control = (*point < 0x20 && *point != '\t' && *point != '\n' && *point != '\r') || *point == 0x7F;
        if (!lone_return && !control) continue;
        constexpr std::string_view kDigits = "0123456789abcdef";
        const std::array<char, 2> digits{kDigits[*point >> 4], kDigits[*point & 15]};
        return {{here,
                 {.what = "a control character",
                  .found = "byte 0x" + std::string(digits.data(), digits.size()),
                  .remedy = "in double quotes it can be written as \\x" + std::string(digits.data(), 2)}}};
    }
    return std::nullopt;
}

void parse(std::string_view text, Places& places, Document& document) {
    std::istringstream stream{std::string(text)};
    try {
        YAML::Parser parser(stream);
        Builder builder(places, document);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop&) {
        document.complete = false;
    } catch (const YAML::Exception& error) {
        document.complete = false;
        document.problems.push_back({places.at(error.mark), {}, syntax_problem(error, places)});
    }
}

}  // namespace

Document read_document(std::string_view text) {
    Document document;
    if (text.size() > kMaxConfigBytes) {
        document.complete = false;
        document.problems.push_back({{},
                                     {},
                                     {.what = "too long for a config",
                                      .expected = "at most " + std::to_string(kMaxConfigBytes) + " bytes",
                                      .found = std::to_string(text.size()) + " bytes"}});
        return document;
    }
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (const auto bad = first_bad_byte(text)) {
        document.complete = false;
        Places before(text.substr(0, bad->first));  // the rest may not be valid UTF-8
        document.problems.push_back({before.at(bad->first), {}, bad->second});
        return document;
    }
    Places places(text);
    parse(text, places, document);
    return document;
}

std::string dotted(const std::string& prefix, const std::string& key) {
    return prefix.empty() ? key : prefix + "." + key;
}

std::string shown(std::string_view text) {
    constexpr size_t kLongest = 80;
    if (text.size() <= kLongest) return std::string(text);
    size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

}  // namespace kaziranga::core::config
