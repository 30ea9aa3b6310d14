#include "models/weights/safetensors.hpp"

#include "core/files.hpp"
#include "tests/models/weights/weight_files.hpp"

#include <torch/types.h>

namespace kaziranga::models {
namespace {

using namespace testing_files;

std::string entry(const std::string& name, const std::string& type, const std::string& shape, const std::string& span) {
    return "\"" + name + R"(":{"dtype":")" + type + R"(","shape":[)" + shape + R"(],"data_offsets":[)" + span + "]}";
}

std::string header_error(const std::string& header, const std::string& data = {}) {
    return message_of([&] { parse_safetensors(safetensors(header, data), "x.safetensors"); });
}

const std::string kEight = "12345678";

TEST(SafeTensors, ReadsTensorsInTheOrderOfTheirBytes) {
    const std::string header = R"({"__metadata__":{"note":"yes"},)" + entry("b", "F32", "1", "4,8") + "," +
                               entry("a", "U8", "2,2", "0,4") + "," + entry("none", "I64", "0,7", "8,8") + "}  ";
    const SafeTensors file = parse_safetensors(safetensors(header, kEight), "x");
    ASSERT_EQ(file.tensors.size(), 3U);
    EXPECT_EQ(file.tensors[0].first, "a");
    EXPECT_EQ(file.tensors[0].second[1][1].item<int64_t>(), '4');
    EXPECT_EQ(file.tensors[1].first, "b");
    EXPECT_EQ(file.tensors[2].second.sizes(), (std::vector<int64_t>{0, 7}));
    EXPECT_EQ(file.metadata, (Metadata{{"note", "yes"}}));
}

TEST(SafeTensors, SurvivesEveryPrefixAndFlippedBits) {
    const std::string header = R"({"__metadata__":{"format":"pt"},)" + entry("a", "F32", "1", "0,4") + "," +
                               entry("b", "BF16", "2,1", "4,8") + "}";
    expect_robust(safetensors(header, kEight), 8000);
}

TEST(SafeTensors, OffsetsCoverTheDataExactly) {
    const auto two = [](const std::string& first, const std::string& second) {
        return "{" + entry("a", "U8", "4", first) + "," + entry("b", "U8", "4", second) + "}";
    };
    EXPECT_NO_THROW(parse_safetensors(safetensors(two("0,4", "4,8"), kEight), "x"));
    EXPECT_CONTAINS(header_error(std::string("{}\0 ", 4)), "zero byte");
    EXPECT_CONTAINS(header_error(two("0,4", "5,9"), kEight + "9"), "does not follow");
    EXPECT_CONTAINS(header_error(two("0,4", "3,7"), kEight), "does not follow");
    EXPECT_CONTAINS(header_error(two("0,4", "0,4"), kEight.substr(4)), "does not follow");
    EXPECT_CONTAINS(header_error(two("1,5", "5,9"), kEight + "9"), "does not follow");
    EXPECT_CONTAINS(header_error(two("0,4", "4,8"), kEight + "9"), "does not end");
    EXPECT_CONTAINS(header_error(two("0,4", "4,8"), kEight.substr(1)), "does not end");
    EXPECT_CONTAINS(header_error(two("4,0", "4,8"), kEight), "does not follow");
    EXPECT_CONTAINS(header_error(two("0,5", "5,9"), kEight + "9"), "size of its shape");
    EXPECT_CONTAINS(header_error("{}", "x"), "does not end");
}

TEST(SafeTensors, ShapesThatOverflow) {
    const std::string big = "4294967296,4294967296";
    EXPECT_CONTAINS(header_error("{" + entry("a", "F32", big, "0,0") + "}"), "too large");
    EXPECT_CONTAINS(header_error("{" + entry("a", "F32", big + ",0", "0,0") + "}"), "too large");
    EXPECT_CONTAINS(header_error("{" + entry("a", "F64", "2305843009213693952", "0,0") + "}"), "too large");
    EXPECT_CONTAINS(header_error("{" + entry("a", "F64", "18446744073709551615", "0,0") + "}"), "too large");
    std::string many = "1";
    for (int i = 0; i < 100; ++i) many += ",1";
    EXPECT_CONTAINS(header_error("{" + entry("a", "U8", many, "0,1") + "}", "x"), "too large");
}

TEST(SafeTensors, HeadersThatBreakTheRules) {
    const std::string good = entry("a", "U8", "4", "0,4");
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"{" + good + "," + good + "}", "appears twice in the header"},
        {R"({"__metadata__":{},"__metadata__":{}})", "appears twice in the header"},
        {R"({"__metadata__":{"a":"b","a":"c"}})", "appears twice in one entry"},
        {R"({"a":{"dtype":"U8","dtype":"U8","shape":[4],"data_offsets":[0,4]}})", "appears twice in one entry"},
        {R"({"a":{"dtype":"U8","shape":[4]}})", "lacks one of"},
        {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}})", "fewer than two"},
        {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,8]}})", "more than two"},
        {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}})", "unknown field"},
        {R"({"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":"U8","shape":[[4]],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":"U8","shape":"4","data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":["U8"],"shape":[4],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":8,"shape":[4],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":null,"shape":[4],"data_offsets":[0,4]}})", "wrong type"},
        {R"({"a":{"dtype":"C64","shape":[4],"data_offsets":[0,4]}})", "found C64"},
        {R"({"__metadata__":{"a":1}})", "wrong type"},
        {R"({"__metadata__":{"a":{}}})", "wrong type"},
        {R"({"__metadata__":"a"})", "wrong type"},
        {R"({"a":[]})", "wrong type"},
        {R"({"a":true})", "wrong type"},
        {"{" + good + "} x", "not valid JSON"},
        {"{" + good + ",}", "not valid JSON"},
        {"{\"\xff\":{}}", "not valid JSON"},
        {"{" + good + "}{}", "not valid JSON"},
        {" {" + good + "}", "does not begin"},
        {"", "does not begin"},
        {std::string(100000, '{'), "not valid JSON"},
        {"{\"a\":" + std::string(100000, '['), "wrong type"},
    };
    for (const auto& [header, message] : cases) EXPECT_CONTAINS(header_error(header, "1234"), message);
    EXPECT_CONTAINS(message_of([] { parse_safetensors(raw<uint64_t>(32'000'001) + "{", "x"); }),
                    "too long (expected at most 32000000 bytes, found 32000001 bytes)");
    EXPECT_CONTAINS(message_of([] { parse_safetensors(raw<uint64_t>(~0ULL) + "{", "x"); }), "too long");
    EXPECT_CONTAINS(message_of([] { parse_safetensors(raw<uint64_t>(10) + "{}", "x"); }), "inside its header");
}

TEST(SafeTensors, MoreNamesThanAnyNetworkHas) {
    const auto many = [](size_t count) {
        std::string header = "{";
        for (size_t i = 0; i < count; ++i) {
            header += (i > 0 ? "," : "") + entry(std::to_string(i), "U8", "0", "0,0");
        }
        return header + "}";
    };
    EXPECT_EQ(stored_safetensors(safetensors(many(100'000)), "x").tensors.size(), 100'000U);
    EXPECT_CONTAINS(header_error(many(100'001)), "more tensors than any network");
    std::string notes = R"({"__metadata__":{"a":"b")";
    for (int i = 0; i < 100'001; ++i) notes += ",\"" + std::to_string(i) + R"(":"")";
    EXPECT_CONTAINS(header_error(notes + "}}"), "more notes than any network");
    EXPECT_CONTAINS(header_error("{" + entry(std::string(257, 'x'), "U8", "4", "0,4") + "}", "1234"),
                    "too long (expected at most 256, found 257 letters)");
}

TEST(SafeTensors, BooleansAreZeroOrOne) {
    EXPECT_CONTAINS(header_error("{" + entry("a", "BOOL", "2", "0,2") + "}", "\1\2"), "neither 0 nor 1");
}

TEST(SafeTensors, WhatIsWrittenIsRead) {
    torch::manual_seed(1);
    const StateDict tensors = {{"odd", torch::arange(3, torch::kByte)},
                               {"z", torch::randn({2, 3, 4}).permute({2, 0, 1})},
                               {"a \"quoted\"\n name", torch::randn({5}).to(torch::kHalf)},
                               {"scalar", torch::tensor(int64_t{-7})},
                               {"double", torch::randn({2}, torch::kDouble)},
                               {"brain", torch::randn({3}).to(torch::kBFloat16)},
                               {"small", torch::tensor({-1, 5}, torch::kChar)},
                               {"short", torch::tensor({-1, 5}, torch::kShort)},
                               {"int", torch::tensor({-1, 5}, torch::kInt)},
                               {"truth", torch::tensor({1, 0, 1}).to(torch::kBool)},
                               {"none", torch::empty({0, 3})}};
    const TemporaryFile file("");
    write_safetensors(file.path(), tensors, {{"b", "2"}, {"a", "1\n"}});
    const std::string bytes = core::read_file(file.path());
    const SafeTensors back = read_safetensors(file.path());
    EXPECT_EQ(back.metadata, (Metadata{{"a", "1\n"}, {"b", "2"}}));
    ASSERT_EQ(back.tensors.size(), tensors.size());
    for (size_t i = 0; i < tensors.size(); ++i) {
        EXPECT_EQ(back.tensors[i].first, tensors[i].first);
        EXPECT_EQ(back.tensors[i].second.scalar_type(), tensors[i].second.scalar_type());
        EXPECT_TRUE(back.tensors[i].second.equal(tensors[i].second)) << tensors[i].first;
    }
    EXPECT_EQ(bytes[8], '{');
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    EXPECT_EQ(length % 8, 0U);
    write_safetensors(file.path(), back.tensors, back.metadata);
    EXPECT_EQ(core::read_file(file.path()), bytes);
}

TEST(SafeTensors, WhatCannotBeWritten) {
    const TemporaryFile file("before");
    const torch::Tensor one = torch::ones(1);
    EXPECT_THROW(write_safetensors(file.path(), {{"a", one}, {"a", one}}, {}), c10::Error);
    EXPECT_THROW(write_safetensors(file.path(), {{"__metadata__", one}}, {}), c10::Error);
    EXPECT_THROW(write_safetensors(file.path(), {{"a", one.to(torch::kComplexFloat)}}, {}), c10::Error);
    EXPECT_THROW(write_safetensors(file.path(), {{"a\xff", one}}, {}), core::Error);
    EXPECT_THROW(write_safetensors(file.path(), {{"a", one}}, {{"note", "\xff"}}), core::Error);
    EXPECT_EQ(core::read_file(file.path()), "before");
}

}  // namespace
}  // namespace kaziranga::models
