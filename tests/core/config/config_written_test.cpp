#include "core/random.hpp"
#include "tests/core/config/config_options.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kaziranga::core::config {
namespace {

using namespace testing_options;

RootOptions read(std::string_view yaml) {
    return parse<RootOptions>(yaml, "c.yaml");
}

std::string random_text(RandomStream& random) {
    static const std::vector<std::string> kPieces = {":",
                                                     ": ",
                                                     " #",
                                                     "#",
                                                     " ",
                                                     "\n",
                                                     "\r",
                                                     "\t",
                                                     "'",
                                                     "\"",
                                                     "\\",
                                                     "é",
                                                     "日本",
                                                     "😀",
                                                     "true",
                                                     "1e3",
                                                     "~",
                                                     "null",
                                                     "-",
                                                     "- ",
                                                     "[",
                                                     "]",
                                                     "{",
                                                     "}",
                                                     ",",
                                                     "&",
                                                     "*",
                                                     "!",
                                                     "|",
                                                     ">",
                                                     "%",
                                                     "@",
                                                     "`",
                                                     "?",
                                                     "yes",
                                                     "0x1",
                                                     ".5",
                                                     "1:30",
                                                     "a",
                                                     "Z9",
                                                     "_",
                                                     "/",
                                                     std::string(1, '\0'),
                                                     "\x01",
                                                     "\x1B[2J",
                                                     "\x7F",
                                                     "\xC2\x85",
                                                     "\xC2\xA0",
                                                     "\xE2\x80\xA8",
                                                     "\xEF\xBB\xBF",
                                                     "\xEF\xBF\xBF",
                                                     "---",
                                                     "...",
                                                     "<<",
                                                     "=",
                                                     "auto",
                                                     "\\n",
                                                     "\x04"};
    std::string text;
    for (uint64_t left = random.below(6); left > 0; --left) text += kPieces[random.below(kPieces.size())];
    return text;
}

double random_double(RandomStream& random) {
    double value = 0;
    do {
        const uint64_t bits = random();
        std::memcpy(&value, &bits, sizeof value);
    } while (!std::isfinite(value));
    return random.below(2) ? std::abs(value) : std::floor(random.uniform(0, 1e6));
}

RootOptions random_options(RandomStream& random) {
    RootOptions options;
    options.title = random_text(random);
    options.seed = static_cast<int64_t>(random());
    options.tags.clear();
    for (uint64_t left = random.below(4); left > 0; --left) options.tags.push_back(random_text(random));
    options.batch.value.reset();
    if (random.below(2)) options.batch.value = static_cast<int64_t>(random() >> 1) | 1;
    options.wait = random_double(random);
    options.workers = static_cast<int64_t>(random.below(100));
    options.optimizer.lr = random.uniform(1e-9, 100);
    options.optimizer.nesterov = random.below(2) == 0;
    if (random.below(2)) options.optimizer.decay.value = random_double(random);
    options.optimizer.inner.label = random_text(random);
    options.run.out = random_text(random);
    if (options.seed == 13 || options.optimizer.lr == 77) options = {};
    return options;
}

TEST(ConfigWritten, WhatIsWrittenReadsBackAsItWas) {
    for (uint64_t i = 0; i < 3000; ++i) {
        RandomStream random(2, Purpose::kTest, {i});
        const RootOptions options = random_options(random);
        const std::string yaml = to_yaml(options);
        ASSERT_EQ(read(yaml), options) << yaml;
        ASSERT_EQ(to_yaml(read(yaml)), yaml);
    }
    for (const double value : {0.0, 5e-324, 1.7976931348623157e308, 1e21, 0.1, 1.0 / 3, 1e22, 123456789012345680.0}) {
        RootOptions options;
        options.wait = value;
        EXPECT_EQ(read(to_yaml(options)).wait, value);
    }
}

TEST(ConfigWritten, WritesEveryKeyInOrder) {
    RootOptions options;
    options.title = "yes";
    options.wait = 1e-5;
    EXPECT_EQ(to_yaml(options),
              "title: \"yes\"\nseed: 7\ntags: [a, b]\nbatch: 32\nwait: 1.0e-05\nworkers: 0\noptimizer:\n  name: sgd\n"
              "  lr: 0.1\n  momentum: 0.9\n  nesterov: false\n  decay: auto\n  inner:\n    label: inner\n    depth: 2\n"
              "run:\n  out: runs\n");
    EXPECT_EQ(
        to_yaml(options, Include::kWithoutTransient),
        "title: \"yes\"\nseed: 7\ntags: [a, b]\nbatch: 32\nwait: 1.0e-05\noptimizer:\n  name: sgd\n"
        "  lr: 0.1\n  momentum: 0.9\n  nesterov: false\n  decay: auto\n  inner:\n    label: inner\n    depth: 2\n");
    options.wait = 3;
    EXPECT_NE(to_yaml(options).find("wait: 3.0\n"), std::string::npos);
}

TEST(ConfigWritten, EscapesWhatMovesACursorOrBreaksALine) {
    RootOptions options;
    options.title = "é\x1B\x7F\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\"\\\n";
    EXPECT_TRUE(to_yaml(options).starts_with(R"(title: "é\x1b\x7f\x85\u2028\ufeff\"\\\n")"
                                             "\n"));
}

TEST(ConfigWritten, RefusesToWriteWhatYamlCannotSay) {
    RootOptions options;
    options.title = "a\xFF";
    EXPECT_THROW(to_yaml(options), Error);
    options = {};
    options.wait = std::numeric_limits<double>::quiet_NaN();
    EXPECT_ANY_THROW(to_yaml(options));
}

TEST(ConfigWritten, ReferencePageTellsEveryKey) {
    const RootOptions defaults;
    const std::string page = markdown(group_of<RootOptions>(), &defaults, "Options");
    EXPECT_TRUE(page.starts_with("# Options\n\n"));
    for (const char* line : {"| `title` | text | `\"\"` |  | Free text |\n",
                             "| `batch` | whole number or auto | `32` | >= 1 images | Images a step |\n",
                             "| `workers` | whole number | `0` | >= 0 | Threads (not kept in checkpoints) |\n",
                             "\n## optimizer\n\nHow weights move.\n\n| key | type | default | allowed | meaning |\n",
                             "| `name` | text | `sgd` | `sgd`, `adamw`, `lbfgs` | The method |\n",
                             "| `lr` | number | `0.1` | > 0 and <= 100 | Step size |\n", "Share kept \\| of a step",
                             "\n## optimizer.inner\n", "| `decay` | number or auto | `auto` | >= 0 | Weight decay |\n",
                             "| `tags` | list of words | `[a, b]` |  | Words |\n"}) {
        EXPECT_NE(page.find(line), std::string::npos) << line << "\n" << page;
    }
    EXPECT_LT(page.find("`title`"), page.find("## optimizer"));
}

TEST(ConfigWritten, SchemaTellsTypesBoundsAndDefaults) {
    const RootOptions defaults;
    const std::string text = json_schema(group_of<RootOptions>(), &defaults, "Options");
    EXPECT_EQ(text, json_schema(group_of<RootOptions>(), &defaults, "Options"));
    EXPECT_TRUE(text.starts_with(
        "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"Options\",\n"));
    EXPECT_TRUE(text.ends_with("}\n"));
    using Json = nlohmann::ordered_json;
    const Json schema = Json::parse(text);
    EXPECT_EQ(schema["type"], "object");
    EXPECT_EQ(schema["additionalProperties"], false);
    const Json& keys = schema["properties"];
    std::vector<std::string> names;
    for (const auto& [name, value] : keys.items()) names.push_back(name);
    EXPECT_EQ(names, (Strings{"title", "seed", "tags", "batch", "wait", "workers", "optimizer", "run"}));
    EXPECT_EQ(keys["seed"].dump(), R"({"description":"Where randomness starts","type":"integer","default":7})");
    EXPECT_EQ(keys["wait"].dump(),
              R"x({"description":"Patience (in seconds)","type":"number","minimum":0,"default":1.5})x");
    EXPECT_EQ(keys["batch"]["anyOf"].dump(), R"([{"type":"integer","minimum":1},{"const":"auto"}])");
    EXPECT_EQ(keys["batch"]["default"], 32);
    EXPECT_EQ(keys["tags"]["anyOf"].dump(), R"([{"type":"string"},{"type":"array","items":{"type":"string"}}])");
    EXPECT_EQ(keys["tags"]["default"].dump(), R"(["a","b"])");
    const Json& optimizer = keys["optimizer"];
    EXPECT_EQ(optimizer["type"], "object");
    EXPECT_EQ(optimizer["description"], "How weights move.");
    EXPECT_EQ(optimizer["additionalProperties"], false);
    EXPECT_EQ(optimizer["properties"]["lr"].dump(),
              R"({"description":"Step size","type":"number","exclusiveMinimum":0,"maximum":100,"default":0.1})");
    EXPECT_EQ(optimizer["properties"]["momentum"]["exclusiveMaximum"], 1);
    EXPECT_EQ(optimizer["properties"]["name"]["enum"].dump(), R"(["sgd","adamw","lbfgs"])");
    EXPECT_EQ(optimizer["properties"]["decay"]["default"], "auto");
    EXPECT_EQ(optimizer["properties"]["nesterov"]["type"], "boolean");
    EXPECT_EQ(optimizer["properties"]["inner"]["properties"]["depth"]["maximum"], 9);
    const Chosen chosen;
    const Json other = Json::parse(json_schema(group_of<Chosen>(), &chosen, "Chosen"));
    EXPECT_EQ(other["properties"]["bits"]["enum"].dump(), "[16,32]");
    EXPECT_EQ(other["properties"]["layers"]["anyOf"][1]["items"]["enum"].dump(), R"(["stem","layer1","layer2"])");
}

}  // namespace
}  // namespace kaziranga::core::config
