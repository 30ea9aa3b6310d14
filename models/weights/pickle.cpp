#include "models/weights/pickle.hpp"

#include "core/utf8.hpp"
#include "models/weights/byte_reader.hpp"
#include "models/weights/pickle_globals.hpp"
#include "models/weights/pickle_opcodes.hpp"

#include <bit>
#include <optional>
#include <unordered_map>

namespace kaziranga::models::pickle {
namespace {

/// Limit of values and items of containers together. A checkpoint with its optimiser has a few thousand.
constexpr size_t kMostValues = 2'000'000;
constexpr uint8_t kNewestProtocol = 5;

/// Python's stack machine for pickles. It only describes the values.
class Machine {
  public:
    Machine(std::string_view bytes, const std::string& where) : failure_(where), reader_(bytes, Ended{this}) {}

    Document run() {
        for (Op op = next(); op != Op::stop; op = next()) step(op);
        if (stack_.size() != 1 || !marks_.empty()) failure_.damaged("the pickle ends with an unfinished value");
        document_.root = stack_.back();
        document_.length = reader_.position();
        return std::move(document_);
    }

  private:
    struct Ended {
        Machine* machine;
        [[noreturn]] void operator()(uint64_t wanted, uint64_t left) const {
            machine->failure_.damaged("the pickle ends in the middle", std::to_string(wanted) + " bytes more",
                                      std::to_string(left));
        }
    };

    Op next() { return static_cast<Op>(reader_.number<uint8_t>()); }
    void step(Op op);
    std::optional<Value> constant(Op op);
    bool step_container(Op op);
    bool step_memory(Op op);
    bool step_object(Op op);

    void charge(size_t count);
    void push(Value value);
    Ref pop();
    std::vector<Ref> pop_to_mark();
    std::vector<Ref> pop_last(size_t count);
    Value text(uint64_t length);
    Value bytes(uint64_t length) {
        reader_.take(length);
        return Opaque{};
    }
    Value integer(uint64_t length);
    double big_endian_double();

    void add_to_list(const std::vector<Ref>& items);
    void add_to_dict(const std::vector<Ref>& items);
    void store(uint64_t index);
    void load(uint64_t index);
    void call(bool new_object);
    void build();

    Failure failure_;
    ByteReader<Ended> reader_;
    Document document_;
    std::vector<Ref> stack_;
    std::vector<size_t> marks_;
    std::unordered_map<uint64_t, Ref> memo_;
    size_t charged_ = 0;
};

void Machine::step(Op op) {
    if (std::optional<Value> value = constant(op)) return push(std::move(*value));
    if (step_container(op) || step_memory(op) || step_object(op)) return;
    failure_.refused("pickle opcode " + std::to_string(static_cast<int>(op)) + " at byte " +
                     std::to_string(reader_.position() - 1) + " is not allowed in a weight file");
}

std::optional<Value> Machine::constant(Op op) {
    switch (op) {
        case Op::none:
            return None{};
        case Op::new_true:
            return true;
        case Op::new_false:
            return false;
        case Op::bin_int:
            return int64_t{reader_.number<int32_t>()};
        case Op::bin_int1:
            return int64_t{reader_.number<uint8_t>()};
        case Op::bin_int2:
            return int64_t{reader_.number<uint16_t>()};
        case Op::long1:
            return integer(reader_.number<uint8_t>());
        case Op::long4:
            return integer(reader_.number<uint32_t>());
        case Op::bin_float:
            return big_endian_double();
        case Op::bin_unicode:
            return text(reader_.number<uint32_t>());
        case Op::short_bin_unicode:
            return text(reader_.number<uint8_t>());
        case Op::bin_unicode8:
            return text(reader_.number<uint64_t>());
        case Op::bin_string:
            return text(reader_.number<uint32_t>());
        case Op::short_bin_string:
            return text(reader_.number<uint8_t>());
        case Op::bin_bytes:
            return bytes(reader_.number<uint32_t>());
        case Op::short_bin_bytes:
            return bytes(reader_.number<uint8_t>());
        case Op::bin_bytes8:
        case Op::byte_array8:
            return bytes(reader_.number<uint64_t>());
        default:
            return std::nullopt;
    }
}

bool Machine::step_container(Op op) {
    switch (op) {
        case Op::empty_dict:
            push(Dict{});
            return true;
        case Op::empty_list:
            push(List{});
            return true;
        case Op::empty_tuple:
            push(Tuple{});
            return true;
        case Op::empty_set:
            push(Opaque{});
            return true;
        case Op::tuple:
            push(Tuple{pop_to_mark()});
            return true;
        case Op::tuple1:
            push(Tuple{pop_last(1)});
            return true;
        case Op::tuple2:
            push(Tuple{pop_last(2)});
            return true;
        case Op::tuple3:
            push(Tuple{pop_last(3)});
            return true;
        case Op::append:
            add_to_list(pop_last(1));
            return true;
        case Op::appends:
        case Op::add_items:
            add_to_list(pop_to_mark());
            return true;
        case Op::set_item:
            add_to_dict(pop_last(2));
            return true;
        case Op::set_items:
            add_to_dict(pop_to_mark());
            return true;
        case Op::frozen_set:
            pop_to_mark();
            push(Opaque{});
            return true;
        default:
            return false;
    }
}

bool Machine::step_memory(Op op) {
    switch (op) {
        case Op::mark:
            charge(1);
            marks_.push_back(stack_.size());
            return true;
        case Op::pop:
            pop();
            return true;
        case Op::pop_mark:
            pop_to_mark();
            return true;
        case Op::bin_put:
            store(reader_.number<uint8_t>());
            return true;
        case Op::long_bin_put:
            store(reader_.number<uint32_t>());
            return true;
        case Op::memoize:
            store(memo_.size());
            return true;
        case Op::bin_get:
            load(reader_.number<uint8_t>());
            return true;
        case Op::long_bin_get:
            load(reader_.number<uint32_t>());
            return true;
        case Op::frame:
            if (reader_.number<uint64_t>() > reader_.left()) failure_.damaged("the pickle ends in the middle");
            return true;
        case Op::proto:
            if (reader_.number<uint8_t>() > kNewestProtocol) failure_.refused("the pickle's protocol is too new");
            return true;
        default:
            return false;
    }
}

bool Machine::step_object(Op op) {
    switch (op) {
        case Op::global: {
            const std::string_view module = reader_.line();
            push(find_global(module, reader_.line(), failure_));
            return true;
        }
        case Op::stack_global: {
            const std::vector<Ref> names = pop_last(2);
            const std::string* module = document_.get_if<std::string>(names[0]);
            const std::string* name = document_.get_if<std::string>(names[1]);
            if (module == nullptr || name == nullptr) failure_.damaged("a name in the pickle is no text");
            push(find_global(*module, *name, failure_));
            return true;
        }
        case Op::bin_pers_id:
            push(find_storage(document_, pop(), failure_));
            return true;
        case Op::reduce:
            call(false);
            return true;
        case Op::new_obj_ex:
            pop();
            [[fallthrough]];
        case Op::new_obj:
            call(true);
            return true;
        case Op::build:
            build();
            return true;
        default:
            return false;
    }
}

void Machine::charge(size_t count) {
    charged_ += count;
    if (charged_ > kMostValues) {
        failure_.refused("the pickle holds more than two million values", "at most " + std::to_string(kMostValues),
                         "more");
    }
}

void Machine::push(Value value) {
    charge(1);
    document_.values.push_back(std::move(value));
    stack_.push_back(static_cast<Ref>(document_.values.size() - 1));
}

Ref Machine::pop() {
    return pop_last(1)[0];
}

std::vector<Ref> Machine::pop_last(size_t count) {
    const size_t floor = marks_.empty() ? 0 : marks_.back();
    if (stack_.size() - floor < count) failure_.damaged("the pickle takes more values than it has");
    std::vector<Ref> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
}

std::vector<Ref> Machine::pop_to_mark() {
    if (marks_.empty()) failure_.damaged("the pickle takes more values than it has");
    std::vector<Ref> items = pop_last(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
}

/// Text that is not UTF-8 (a path with other bytes, strings of Python 2) cannot be a name here.
Value Machine::text(uint64_t length) {
    const std::string_view bytes = reader_.take(length);
    if (!core::is_utf8(bytes)) return Opaque{};
    return std::string(bytes);
}

Value Machine::integer(uint64_t length) {
    const std::string_view bytes = reader_.take(length);
    if (bytes.size() > sizeof(int64_t)) return BigInteger{std::string(bytes)};
    const bool negative = !bytes.empty() && (static_cast<uint8_t>(bytes.back()) & 0x80) != 0;
    int64_t value = negative ? -1 : 0;
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
}

double Machine::big_endian_double() {
    return std::bit_cast<double>(__builtin_bswap64(reader_.number<uint64_t>()));
}

void Machine::add_to_list(const std::vector<Ref>& items) {
    if (stack_.empty()) failure_.damaged("the pickle takes more values than it has");
    Value& target = document_.values[stack_.back()];
    if (List* list = std::get_if<List>(&target)) {
        list->items.insert(list->items.end(), items.begin(), items.end());
    } else if (!std::holds_alternative<Opaque>(target)) {
        failure_.damaged("the pickle appends to " + kind_of(target));
    }
}

void Machine::add_to_dict(const std::vector<Ref>& items) {
    if (stack_.empty() || items.size() % 2 != 0) failure_.damaged("the pickle takes more values than it has");
    Value& target = document_.values[stack_.back()];
    if (Dict* dict = std::get_if<Dict>(&target)) {
        dict->items.insert(dict->items.end(), items.begin(), items.end());
    } else if (std::holds_alternative<Opaque>(target)) {
        target = Dict{items};  // a custom class that is a dict: EasyDict, AttributeDict
    } else {
        failure_.damaged("the pickle puts items into " + kind_of(target));
    }
}

void Machine::store(uint64_t index) {
    if (stack_.empty()) failure_.damaged("the pickle takes more values than it has");
    charge(1);
    memo_[index] = stack_.back();
}

void Machine::load(uint64_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) failure_.damaged("the pickle refers to a value that it does not have");
    charge(1);
    stack_.push_back(found->second);
}

void Machine::call(bool new_object) {
    const std::vector<Ref> items = pop_last(2);
    const Global* global = document_.get_if<Global>(items[0]);
    const Tuple* arguments = document_.get_if<Tuple>(items[1]);
    if (global == nullptr || (arguments == nullptr && !new_object))
        failure_.damaged("the pickle calls what is no name");
    if (new_object && global->callable != Callable::inert && global->callable != Callable::unknown) {
        failure_.damaged("the pickle makes an object of a function");
    }
    Value value =
        new_object ? Value(Opaque{.of = global->name}) : pickle::call(document_, *global, *arguments, failure_);
    if (const Dict* dict = std::get_if<Dict>(&value)) charge(dict->items.size());
    if (const Tuple* tuple = std::get_if<Tuple>(&value)) charge(tuple->items.size());
    if (const Tensor* tensor = std::get_if<Tensor>(&value)) charge(2 * tensor->sizes.size());
    push(std::move(value));
}

/// Reads attributes of an object (an OrderedDict's `_metadata`, a namespace's values) and keeps none of them.
void Machine::build() {
    pop();
    if (stack_.empty()) failure_.damaged("the pickle takes more values than it has");
    const Value& target = document_.values[stack_.back()];
    const bool has_attributes = std::holds_alternative<Dict>(target) || std::holds_alternative<Opaque>(target) ||
                                std::holds_alternative<Tensor>(target);
    if (!has_attributes) failure_.damaged("the pickle gives attributes to " + kind_of(target));
}

}  // namespace

Document parse(std::string_view bytes, const std::string& where) {
    return Machine(bytes, where).run();
}

}  // namespace kaziranga::models::pickle
