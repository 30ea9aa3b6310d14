#include "core/config/config.hpp"
#include "core/config/document.hpp"
#include "core/config/key_index.hpp"
#include "core/config/problem_list.hpp"
#include "core/config/value.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

#include <map>
#include <optional>
#include <utility>

namespace kaziranga::core::config {
namespace {

/// A parsed override. `told` is its text in messages.
struct Setting {
    std::string key = {};
    std::string value = {};
    std::string told = {};
    std::string source = {};
};

class Reader {
  public:
    Reader(const Group& group, void* options, const std::string& name) : keys_(group, options), problems_(name) {}

    void read_text(std::string_view yaml) {
        Document document = read_document(yaml);
        for (PlacedProblem& placed : document.problems) problems_.add(std::move(placed));
        readable_ = document.complete;
        if (readable_) read_section("", document.root);
    }

    void apply(const Override& written) {
        const std::string& text = written.text;
        const size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0) {
            refuse({.told = shown(text), .source = written.source},
                   {.what = "not a setting", .expected = "section.key=value"});
            return;
        }
        const Setting given{text.substr(0, equals), text.substr(equals + 1), shown(text), written.source};
        if (const std::optional<Problem> problem = problem_of_key(given)) {
            refuse(given, *problem);
            return;
        }
        overridden_[given.key] = given.source;
        const Target& target = *keys_.find(given.key);
        const Slot slot = target.field->slot(target.owner);
        for (PlacedProblem& placed : read_value(*target.field, slot, value_node(given, slot))) {
            refuse(given, std::move(placed.problem));
        }
    }

    void check_together();

    void finish() { problems_.throw_if_any(); }

  private:
    class CheckProblems;

    void read_section(const std::string& key, const Node& node) {
        if (node.kind == Node::Kind::kNull || node.kind == Node::Kind::kRefused) return;  // null: nothing written
        if (node.kind != Node::Kind::kMap) {
            refuse(key, node.position,
                   {.what = "not a section",
                    .expected = "keys and values (key: value)",
                    .found = node.kind == Node::Kind::kList ? "a list" : shown(node.text)});
            return;
        }
        for (const Entry& entry : node.entries) read_entry(key, entry);
    }

    void read_entry(const std::string& section, const Entry& entry) {
        const bool is_name = !entry.key.empty() && entry.key.find('.') == std::string::npos;
        const std::string key = dotted(section, entry.key);
        const Target* target = is_name ? keys_.find(key) : nullptr;
        if (!target) {
            const std::string remedy = problems_.is_full() ? "" : keys_.remedy_in_text(section, entry.key);
            refuse(dotted(section, shown(entry.key)), entry.position, {.what = "unknown key", .remedy = remedy});
            return;
        }
        positions_[key] = entry.value.position;
        if (target->section) {
            read_section(key, entry.value);
            return;
        }
        for (PlacedProblem& placed : read_value(*target->field, target->field->slot(target->owner), entry.value)) {
            refuse(key, placed.position, std::move(placed.problem));
        }
    }

    void refuse(const std::string& key, Position position, Problem problem) {
        if (!key.empty()) problem.what = key + ": " + problem.what;
        problems_.add({position, key, std::move(problem)});
    }

    void refuse(const Setting& given, Problem problem) {
        problem.what = given.told + ": " + problem.what;
        problems_.add({{}, given.key, std::move(problem)}, given.source);
    }

    std::optional<Problem> problem_of_key(const Setting& given) const {
        const std::string& key = given.key;
        const Target* target = keys_.find(key);
        if (!target) {
            return Problem{.what = "unknown key", .remedy = problems_.is_full() ? "" : keys_.remedy_in_override(key)};
        }
        if (target->section) {
            Strings names = keys_.keys_of(key);
            for (std::string& name : names) name = dotted(key, name);
            return Problem{.what = "a section, which has no value of its own",
                           .remedy = "set one of " + join(names, ", ")};
        }
        const auto before = overridden_.find(key);
        const bool twice = before != overridden_.end() && before->second == given.source;
        if (twice) return Problem{.what = "given twice", .remedy = "keep one"};
        return std::nullopt;
    }

    /// Converts the value of an override into a node. Values of text fields are used literally, so that paths need no
    /// quotes. An empty value of a list field is an empty list. Other values are parsed as YAML.
    Node value_node(const Setting& given, const Slot& slot) {
        const char first = given.value.empty() ? '\0' : given.value[0];
        const auto* words = std::get_if<EnumSlot>(&slot);
        const bool is_list = words != nullptr ? words->list : std::holds_alternative<Strings*>(slot);
        const bool is_text = words != nullptr ? !words->list : std::holds_alternative<std::string*>(slot);
        const bool literal = (is_text && first != '"' && first != '\'') || (is_list && first != '[');
        if (literal && is_utf8(given.value)) {
            if (is_list && given.value.empty()) return {.kind = Node::Kind::kList};
            return {.kind = Node::Kind::kScalar, .quoted = true, .text = given.value};
        }
        Document document = read_document(given.value);
        for (PlacedProblem& placed : document.problems) refuse(given, std::move(placed.problem));
        if (!document.problems.empty()) return {.kind = Node::Kind::kRefused};
        return std::move(document.root);
    }

    KeyIndex keys_;
    ProblemList problems_;
    std::map<std::string, Position> positions_;      // positions of values in the text, by key
    std::map<std::string, std::string> overridden_;  // sources of overrides, by key
    bool readable_ = true;
};

/// Adds the positions of the named keys to the problems of a cross-key check.
class Reader::CheckProblems : public Problems {
  public:
    CheckProblems(Reader& reader, std::string section) : reader_(reader), section_(std::move(section)) {}

    void add(const std::string& key, const std::string& what, const std::string& remedy) override {
        const std::string full = key.empty() ? section_ : dotted(section_, key);
        const auto found = reader_.positions_.find(full);
        const Position position = found == reader_.positions_.end() ? Position{} : found->second;
        const auto overridden = reader_.overridden_.find(full);
        const std::string source = overridden == reader_.overridden_.end() ? "" : overridden->second;
        const std::string start = full.empty() ? "" : full + ": ";
        reader_.problems_.add({position, full, {.what = start + what, .remedy = remedy}}, source);
    }

  private:
    Reader& reader_;
    std::string section_;
};

void Reader::check_together() {
    if (!readable_) return;
    // Selects the sections before any check runs, so that the problems of one check do not disable another check.
    std::vector<std::pair<std::string, Target>> clean;
    for (const auto& [key, target] : keys_.targets()) {
        if (target.section && problems_.is_clean(key)) clean.emplace_back(key, target);
    }
    for (const auto& [key, target] : clean) {
        CheckProblems problems(*this, key);
        for (const auto& check : target.section->checks) check(target.owner, problems);
    }
}

}  // namespace

void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<Override>& overrides) {
    Reader reader(group, options, name);
    reader.read_text(yaml);
    for (const Override& written : overrides) reader.apply(written);
    reader.check_together();
    reader.finish();
}

void read_into(const Group& group, void* options, std::string_view yaml, const std::string& name,
               const std::vector<std::string>& overrides) {
    std::vector<Override> typed;
    for (const std::string& text : overrides) typed.push_back({text});
    read_into(group, options, yaml, name, typed);
}

Strings top_keys(const Group& group) {
    Strings keys;
    for (const Group::Entry& entry : group.entries) {
        keys.push_back(std::visit([](const auto& value) { return value->key; }, entry.value));
    }
    return keys;
}

Strings top_keys(std::string_view yaml) {
    Strings keys;
    for (const Entry& entry : read_document(yaml).root.entries) keys.push_back(entry.key);
    return keys;
}

std::string read_config_file(const std::filesystem::path& path) {
    return read_file(path, kMaxConfigBytes);
}

}  // namespace kaziranga::core::config
