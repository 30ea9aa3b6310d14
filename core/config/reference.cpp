#include "core/config/config.hpp"
#include "core/config/document.hpp"
#include "core/config/wording.hpp"
#include "core/text.hpp"

#include <nlohmann/json.hpp>

namespace kaziranga::core::config {
namespace {

using Json = nlohmann::ordered_json;

std::string in_cell(std::string_view text) {
    std::string cell;
    for (const char c : text) {
        if (c == '|') cell += '\\';
        cell += c == '\n' ? ' ' : c;
    }
    return cell;
}

/// Formats a Markdown code span; the text may contain backticks.
std::string as_code(const std::string& text) {
    if (text.find('`') == std::string::npos) return "`" + text + "`";
    return "`` " + text + " ``";
}

std::string allowed_text(const Field& field) {
    Strings choices;
    for (const std::string& choice : field.choices) choices.push_back(as_code(choice));
    if (!choices.empty()) return join(choices, ", ");
    const std::string bounds = bounds_text(field);
    return bounds.empty() && !field.unit.empty() ? "in " + field.unit : bounds;
}

std::string table_row(const Field& field, const Slot& slot) {
    const std::string meaning = field.help + (field.transient ? " (not kept in checkpoints)" : "");
    return "| " + in_cell(as_code(field.key)) + " | " + type_text(slot) + " | " + in_cell(as_code(yaml_value(slot))) +
           " | " + in_cell(allowed_text(field)) + " | " + in_cell(meaning) + " |\n";
}

/// Writes the fields of the group as one table, then each section under its own heading.
std::string tables(const Group& group, void* options, const std::string& prefix) {
    std::string rows, sections;
    for (const Group::Entry& entry : group.entries) {
        if (const auto* field = std::get_if<std::shared_ptr<Field>>(&entry.value)) {
            rows += table_row(**field, (*field)->slot(options));
        } else {
            const Group& section = *std::get<std::shared_ptr<Group>>(entry.value);
            const std::string key = dotted(prefix, section.key);
            sections += "\n## " + key + "\n\n" + section.help + "\n" + tables(section, section.inner(options), key);
        }
    }
    if (!rows.empty()) {
        rows = "\n| key | type | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n" + rows;
    }
    return rows + sections;
}

Json json_number(double value) {
    const std::string text = number_text(value);
    return Json::parse(text);
}

void add_bounds(Json& type, const Field& field) {
    if (field.low) type[field.low->inclusive ? "minimum" : "exclusiveMinimum"] = json_number(field.low->value);
    if (field.high) type[field.high->inclusive ? "maximum" : "exclusiveMaximum"] = json_number(field.high->value);
}

Json number_type(const char* name, const Field& field) {
    Json type = {{"type", name}};
    for (const std::string& choice : field.choices) type["enum"].push_back(Json::parse(choice));
    add_bounds(type, field);
    return type;
}

Json word_type(const Field& field) {
    Json type = {{"type", "string"}};
    if (!field.choices.empty()) type["enum"] = field.choices;
    return type;
}

Json either(Json first, Json second) {
    return {{"anyOf", Json::array({std::move(first), std::move(second)})}};
}

Json one_or_several(const Json& one) {
    return either(one, {{"type", "array"}, {"items", one}});
}

Json type_schema(const Field& field, const Slot& slot) {
    const Json automatic = {{"const", kAuto}};
    return std::visit(
        Overloaded{
            [&](bool*) -> Json { return {{"type", "boolean"}}; },
            [&](int64_t*) { return number_type("integer", field); },
            [&](double*) { return number_type("number", field); },
            [&](std::string*) { return word_type(field); },
            [&](Strings*) { return one_or_several(word_type(field)); },
            [&](Numbers*) { return one_or_several(number_type("integer", field)); },
            [&](Reals*) { return one_or_several(number_type("number", field)); },
            [&](Table*) -> Json {
                Json word = word_type(field);  // a YAML word may look like a number
                if (field.choices.empty()) word["type"] = {"string", "number", "boolean"};
                return {{"type", "object"}, {"additionalProperties", one_or_several(word)}};
            },
            [&](OrAuto<int64_t>*) { return either(number_type("integer", field), automatic); },
            [&](OrAuto<double>*) { return either(number_type("number", field), automatic); },
            [&](const EnumSlot& words) { return words.list ? one_or_several(word_type(field)) : word_type(field); },
        },
        slot);
}

template <class Number>
Json or_auto(const OrAuto<Number>& value) {
    return value.value ? Json(*value.value) : Json(kAuto);
}

Json default_value(const Slot& slot) {
    return std::visit(Overloaded{
                          [](const OrAuto<int64_t>* value) { return or_auto(*value); },
                          [](const OrAuto<double>* value) { return or_auto(*value); },
                          [](const Table* table) {
                              Json object = Json::object();
                              for (const auto& [key, words] : *table) object[key] = words;
                              return object;
                          },
                          [](const EnumSlot& value) {
                              const Strings words = value.words();
                              return value.list ? Json(words) : Json(words.at(0));
                          },
                          [](const auto* value) { return Json(*value); },
                      },
                      slot);
}

Json field_schema(const Field& field, const Slot& slot) {
    Json schema = {{"description", field.unit.empty() ? field.help : field.help + " (in " + field.unit + ")"}};
    schema.update(type_schema(field, slot));
    schema["default"] = default_value(slot);
    return schema;
}

Json group_schema(const Group& group, void* options) {
    Json properties = Json::object();
    for (const Group::Entry& entry : group.entries) {
        if (const auto* field = std::get_if<std::shared_ptr<Field>>(&entry.value)) {
            properties[(*field)->key] = field_schema(**field, (*field)->slot(options));
        } else {
            const Group& section = *std::get<std::shared_ptr<Group>>(entry.value);
            Json schema = {{"description", section.help}};
            schema.update(group_schema(section, section.inner(options)));
            properties[section.key] = std::move(schema);
        }
    }
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

}  // namespace

std::string markdown(const Group& group, const void* defaults, const std::string& title) {
    return "# " + title +
           "\n\nEvery key with its default. In a file the keys of a section stand indented below its name; on the "
           "command line a key is written `section.key=value`.\n" +
           tables(group, const_cast<void*>(defaults), "");
}

std::string json_schema(const Group& group, const void* defaults, const std::string& title) {
    Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
    schema.update(group_schema(group, const_cast<void*>(defaults)));
    return schema.dump(2) + "\n";
}

}  // namespace kaziranga::core::config
