#include "data/csv_table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace kaziranga::data {
namespace {

std::string_view without_mark(std::string_view text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

class Parser {
  public:
    Parser(std::string_view text, char separator) : text_(without_mark(text)), separator_(separator) {}

    CsvTable run() {
        while (next_ < text_.size()) read_record();
        return std::move(table_);
    }

  private:
    void read_record() {
        CsvRecord record{line_, {}};
        const size_t start = next_;
        do {
            std::optional<std::string> field = at('"') ? quoted_field(record.line) : plain_field(record.line);
            if (!field) return skip_line();
            record.fields.push_back(std::move(*field));
        } while (take_separator());
        const bool blank = text_.substr(start, next_ - start).find_first_not_of(" \t") == std::string_view::npos;
        take_line_end();
        if (!blank) table_.records.push_back(std::move(record));
    }

    std::optional<std::string> plain_field(int64_t line) {
        const size_t start = next_;
        next_ = std::min(text_.find_first_of(ends_of_plain_field_, start), text_.size());
        if (at('"')) return problem(line, "a quote inside a field that is not quoted");
        return std::string(text_.substr(start, next_ - start));
    }

    std::optional<std::string> quoted_field(int64_t line) {
        std::string field;
        ++next_;
        while (next_ < text_.size()) {
            if (!at('"')) {
                if (at('\n')) ++line_;
                field += text_[next_++];
                continue;
            }
            ++next_;
            if (!at('"')) return end_of_quotes(line, std::move(field));
            field += text_[next_++];
        }
        return problem(line, "a quoted field without its closing quote");
    }

    std::optional<std::string> end_of_quotes(int64_t line, std::string field) {
        if (next_ == text_.size() || at(separator_) || at('\r') || at('\n')) return field;
        return problem(line, "text after the closing quote of a field");
    }

    std::nullopt_t problem(int64_t line, std::string what) {
        table_.problems.push_back({line, std::move(what)});
        return std::nullopt;
    }

    bool at(char c) const { return next_ < text_.size() && text_[next_] == c; }

    bool take_separator() {
        if (!at(separator_)) return false;
        ++next_;
        return true;
    }

    void take_line_end() {
        if (next_ == text_.size()) return;
        if (at('\r')) ++next_;
        if (at('\n')) ++next_;
        ++line_;
    }

    void skip_line() {
        next_ = std::min(text_.find_first_of("\r\n", next_), text_.size());
        take_line_end();
    }

    std::string_view text_;
    char separator_;
    std::string ends_of_plain_field_{separator_, '"', '\r', '\n'};
    size_t next_ = 0;
    int64_t line_ = 1;
    CsvTable table_;
};

}  // namespace

CsvTable parse_csv(std::string_view text, char separator) {
    return Parser(text, separator).run();
}

char separator_of(std::string_view text) {
    constexpr std::string_view kSeparators = ",;\t";
    std::array<int64_t, kSeparators.size()> counts{};
    bool quoted = false;
    for (const char c : without_mark(text)) {
        if (!quoted && (c == '\r' || c == '\n')) break;
        if (c == '"') quoted = !quoted;
        const size_t which = kSeparators.find(c);
        if (!quoted && which != std::string_view::npos) ++counts[which];
    }
    return kSeparators[static_cast<size_t>(std::ranges::max_element(counts) - counts.begin())];
}

}  // namespace kaziranga::data
