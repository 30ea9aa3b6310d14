#pragma once

#include "core/config/words.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kaziranga::core::config {

/// A number, or the word `auto`. `auto` means no value: the program chooses one.
template <class Number>
struct OrAuto {
    std::optional<Number> value;
    bool is_auto() const { return !value.has_value(); }
    bool operator==(const OrAuto&) const = default;
};

using Strings = std::vector<std::string>;

using Numbers = std::vector<int64_t>;

using Reals = std::vector<double>;

/// Maps names that the user chooses to a word or a list of words, in the order of the file.
using Table = std::vector<std::pair<std::string, Strings>>;

/// Access to a field that holds one enum value or a list of enum values. Values are read and written as words.
struct EnumSlot {
    bool list = false;  ///< true: accepts a word or a list of words; false: one word
    std::function<Strings()> words;
    std::function<void(const Strings&)> take;  ///< every word must be one of the field's choices
};

/// Pointer to the value of a field inside an options struct. The alternatives are all types that a field may have.
/// Strings accepts a word or a list of words. Numbers and Reals accept a number or a list of numbers. Table accepts
/// keys whose values are words or lists of words.
using Slot = std::variant<bool*, int64_t*, double*, std::string*, Strings*, Numbers*, Reals*, Table*, OrAuto<int64_t>*,
                          OrAuto<double>*, EnumSlot>;

constexpr const char* kAuto = "auto";

inline Slot slot_of(auto* value) {
    return value;
}

template <Worded Enum>
Slot slot_of(Enum* value) {
    return EnumSlot{.words = [value] { return Strings{word_of(*value)}; },
                    .take = [value](const Strings& words) { *value = value_of<Enum>(words.at(0)); }};
}

template <Worded Enum>
Slot slot_of(OrAuto<Enum>* value) {
    return EnumSlot{.words = [value] { return Strings{value->is_auto() ? kAuto : word_of(*value->value)}; },
                    .take =
                        [value](const Strings& words) {
                            value->value.reset();
                            if (words.at(0) != kAuto) value->value = value_of<Enum>(words.at(0));
                        }};
}

template <Worded Enum>
Slot slot_of(std::vector<Enum>* values) {
    return EnumSlot{.list = true,
                    .words = [values] { return words_of_all(*values); },
                    .take =
                        [values](const Strings& words) {
                            values->clear();
                            for (const std::string& word : words) values->push_back(value_of<Enum>(word));
                        }};
}

/// The words that a field of type Value accepts. Empty: the words are not limited.
template <class Value>
struct Choices {
    static Strings all() { return {}; }
};
template <Worded Enum>
struct Choices<Enum> {
    static Strings all() { return words<Enum>(); }
};
template <Worded Enum>
struct Choices<std::vector<Enum>> : Choices<Enum> {};
template <Worded Enum>
struct Choices<OrAuto<Enum>> {
    static Strings all() {
        Strings all = words<Enum>();
        all.insert(all.begin(), kAuto);
        return all;
    }
};

struct Bound {
    double value = 0;
    bool inclusive = true;
};

/// One key with a value.
struct Field {
    std::string key;
    std::string help;
    std::string unit;
    Strings synonyms;          ///< names of this option in other programs; only for suggestions, not accepted as keys
    Strings choices;           ///< allowed words; empty: any
    std::optional<Bound> low;  ///< lower bound of a number
    std::optional<Bound> high;
    bool path = false;       ///< the value, or each of a Table's, is a path; ~/ at its start means the home folder
    bool transient = false;  ///< tells where or how a run is made, not what it is; not stored in checkpoints
    std::function<Slot(void*)> slot;
};

/// Collects the problems of cross-key checks. Keys are relative to the options struct that is checked.
class Problems {
  public:
    virtual ~Problems() = default;
    virtual void add(const std::string& key, const std::string& what, const std::string& remedy = {}) = 0;
};

/// Description of one options struct: its fields and sections, in the order of declaration.
struct Group {
    struct Entry {
        std::variant<std::shared_ptr<Field>, std::shared_ptr<Group>> value;
    };
    std::string key;  ///< empty at the root
    std::string help;
    std::function<void*(void*)> inner;  ///< maps a pointer to the parent's struct to this struct
    std::vector<Entry> entries;
    std::vector<std::function<void(const void*, Problems&)>> checks;
};

/// Sets properties of the field that was just declared.
class FieldBuilder {
  public:
    explicit FieldBuilder(std::shared_ptr<Field> field) : field_(std::move(field)) {}
    FieldBuilder& unit(std::string text) { return field_->unit = std::move(text), *this; }
    FieldBuilder& at_least(double low) { return field_->low = Bound{low, true}, *this; }
    FieldBuilder& greater_than(double low) { return field_->low = Bound{low, false}, *this; }
    FieldBuilder& at_most(double high) { return field_->high = Bound{high, true}, *this; }
    FieldBuilder& less_than(double high) { return field_->high = Bound{high, false}, *this; }
    FieldBuilder& one_of(Strings words) { return field_->choices = std::move(words), *this; }
    FieldBuilder& synonyms(Strings names) { return field_->synonyms = std::move(names), *this; }
    FieldBuilder& path() { return field_->path = true, *this; }
    FieldBuilder& transient() { return field_->transient = true, *this; }

  private:
    std::shared_ptr<Field> field_;
};

/// Filled by `static void describe(Description<Struct>&)` of an options struct. The reader, the overrides, the resolved
/// config, the bounds, the reference page and the schema are all generated from this description.
template <class Struct>
class Description {
  public:
    explicit Description(Group& group) : group_(group) {}

    /// @param help  one sentence without the unit and the bounds, which are set separately
    template <class Value>
    FieldBuilder field(std::string key, Value Struct::* member, std::string help) {
        auto field = std::make_shared<Field>();
        field->key = std::move(key);
        field->help = std::move(help);
        field->choices = Choices<Value>::all();
        field->slot = [member](void* options) { return slot_of(&(static_cast<Struct*>(options)->*member)); };
        group_.entries.push_back({field});
        return FieldBuilder(field);
    }

    /// Adds the options of another struct as a section with its own key.
    template <class Inner>
    void section(std::string key, Inner Struct::* member, std::string help) {
        auto group = std::make_shared<Group>();
        group->key = std::move(key);
        group->help = std::move(help);
        group->inner = [member](void* options) -> void* { return &(static_cast<Struct*>(options)->*member); };
        Description<Inner> inner(*group);
        Inner::describe(inner);
        group_.entries.push_back({group});
    }

    /// Adds a check for keys that contradict each other. It runs only when every single key is valid.
    void check(std::function<void(const Struct&, Problems&)> test) {
        group_.checks.push_back([test = std::move(test)](const void* options, Problems& problems) {
            test(*static_cast<const Struct*>(options), problems);
        });
    }

  private:
    Group& group_;
};

/// Returns the description of an options struct. It is built once.
template <class Struct>
const Group& group_of() {
    static const Group group = [] {
        Group made;
        Description<Struct> description(made);
        Struct::describe(description);
        return made;
    }();
    return group;
}

}  // namespace kaziranga::core::config
