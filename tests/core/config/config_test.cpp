#include "core/random.hpp"
#include "tests/core/config/config_options.hpp"

#include <filesystem>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>

namespace kaziranga::core::config {
namespace {

using namespace testing_options;

/// Everything that is wrong, one line each; empty when the text is read.
template <class Options = RootOptions>
std::string problems_of(std::string_view yaml, const std::vector<std::string>& overrides = {}) {
    try {
        parse<Options>(yaml, "c.yaml", overrides);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

RootOptions read(std::string_view yaml, const std::vector<std::string>& overrides = {}) {
    return parse<RootOptions>(yaml, "c.yaml", overrides);
}

struct TableOptions {
    Table table = {{"2", {"a", "b"}}};
    static void describe(Description<TableOptions>& d) { d.field("table", &TableOptions::table, "Words by name"); }
};

TEST(ConfigTable, ReadsWritesAndRefuses) {
    const Table expected = {{"x", {"one"}}, {"y z", {"two", "three"}}};
    EXPECT_EQ(parse<TableOptions>("table: {x: one, y z: [two, three]}", "c").table, expected);
    EXPECT_EQ(parse<TableOptions>("", "c", {"table={x: one, y z: [two, three]}"}).table, expected);
    EXPECT_EQ(parse<TableOptions>("table: {}", "c").table, Table{});
    const TableOptions options{expected};
    EXPECT_EQ(parse<TableOptions>(to_yaml(options), "c").table, expected);
    for (const char* wrong : {"table: word", "table: [a]", "table: {a: {b: c}}", "table: {a: 1, a: 2}"}) {
        EXPECT_THROW(parse<TableOptions>(wrong, "c"), Error) << wrong;
    }
}

struct NumbersOptions {
    Numbers numbers = {3};
    static void describe(Description<NumbersOptions>& d) {
        d.field("numbers", &NumbersOptions::numbers, "Some").at_least(0);
    }
};

TEST(ConfigNumbers, ReadOneOrAListWriteAndRefuse) {
    EXPECT_EQ(parse<NumbersOptions>("numbers: [0, 12, 5]", "c").numbers, (Numbers{0, 12, 5}));
    EXPECT_EQ(parse<NumbersOptions>("numbers: 4", "c").numbers, Numbers{4});
    EXPECT_EQ(parse<NumbersOptions>("numbers: []", "c").numbers, Numbers{});
    EXPECT_EQ(parse<NumbersOptions>("", "c", {"numbers=[1, 2]"}).numbers, (Numbers{1, 2}));
    EXPECT_EQ(parse<NumbersOptions>("", "c", {"numbers=7"}).numbers, Numbers{7});
    EXPECT_EQ(to_yaml(NumbersOptions{{1, 2}}), "numbers: [1, 2]\n");
    const std::string problems = problems_of<NumbersOptions>("numbers: [1, x, 2.0, -1, \"3\", [4]]");
    for (const char* said :
         {"c.yaml:1:14: numbers: wrong type (expected a whole number in the list, found x)", "write 2",
          "c.yaml:1:22: numbers: out of range (expected >= 0, found -1)", "without quotes", "found a list"}) {
        EXPECT_NE(problems.find(said), std::string::npos) << said << "\n" << problems;
    }
    EXPECT_NE(problems_of<NumbersOptions>("numbers:").find("a whole number or a list of them"), std::string::npos);
}

struct RealsOptions {
    Reals reals = {0.5};
    static void describe(Description<RealsOptions>& d) {
        d.field("reals", &RealsOptions::reals, "Some").at_least(0).at_most(1);
    }
};

TEST(ConfigReals, ReadOneOrAListWriteAndRefuse) {
    EXPECT_EQ(parse<RealsOptions>("reals: [0, 0.25, 1e-1]", "c").reals, (Reals{0, 0.25, 0.1}));
    EXPECT_EQ(parse<RealsOptions>("", "c", {"reals=1"}).reals, Reals{1});
    const std::string written = to_yaml(RealsOptions{{0, 0.1}});
    EXPECT_EQ(parse<RealsOptions>(written, "c").reals, (Reals{0, 0.1})) << written;
    const std::string problems = problems_of<RealsOptions>("reals: [0, x, 1.5]");
    for (const char* said :
         {"expected a number in the list, found x", "out of range (expected >= 0 and <= 1, found 1.5)"}) {
        EXPECT_NE(problems.find(said), std::string::npos) << said << "\n" << problems;
    }
}

TEST(ConfigSources, EachProblemNamesItsOwnAndLaterOnesWin) {
    RootOptions options;
    read_into(group_of<RootOptions>(), &options, "seed: 1", "c.yaml",
              std::vector<Override>{{"seed=2", "set"}, {"seed=3", "variant 'a'"}});
    EXPECT_EQ(options.seed, 3);
    try {
        read_into(
            group_of<RootOptions>(), &options, "", "c.yaml",
            std::vector<Override>{{"sed=2", "set"}, {"wait=x", "variant 'a'"}, {"seed=1", "set"}, {"seed=2", "set"}});
        FAIL();
    } catch (const Error& error) {
        const std::string said = error.what();
        EXPECT_NE(said.find("set: sed=2: unknown key; did you mean 'seed'?"), std::string::npos) << said;
        EXPECT_NE(said.find("variant 'a': wait=x: wrong type"), std::string::npos) << said;
        EXPECT_NE(said.find("set: seed=2: given twice"), std::string::npos) << said;
    }
}

TEST(Config, EmptyTextsHaveAllDefaults) {
    for (const char* text : {"", "\n\n", "# only a comment\n", "---\n", "{}", "null\n", "\xEF\xBB\xBF",
                             "---\n# x\n...\n", "optimizer:\n  # lr: 1\nrun:\n"}) {
        EXPECT_EQ(read(text), RootOptions{}) << text;
    }
}

TEST(Config, ReadsEveryType) {
    const RootOptions options = read(
        "\xEF\xBB\xBF"
        "title: 'a: b # c'\r\nseed: -9223372036854775808\r\ntags: [x, 3, \"y z\"]\r\n"
        "batch: auto\r\nwait: 2\r\noptimizer:\r\n  name: adamw\r\n  lr: 1e-3\r\n"
        "  nesterov: true\r\n  decay: .5\r\n  inner: {label: true, depth: +9}\r\n");
    EXPECT_EQ(options.title, "a: b # c");
    EXPECT_EQ(options.seed, std::numeric_limits<int64_t>::min());
    EXPECT_EQ(options.tags, (Strings{"x", "3", "y z"}));
    EXPECT_TRUE(options.batch.is_auto());
    EXPECT_EQ(options.wait, 2.0);
    EXPECT_EQ(options.optimizer.name, "adamw");
    EXPECT_EQ(options.optimizer.lr, 1e-3);
    EXPECT_TRUE(options.optimizer.nesterov);
    EXPECT_EQ(options.optimizer.decay, OrAuto<double>{0.5});
    EXPECT_EQ(options.optimizer.inner.label, "true");
    EXPECT_EQ(options.optimizer.inner.depth, 9);
    EXPECT_EQ(read("tags: alone").tags, Strings{"alone"});
    EXPECT_EQ(read("tags: []").tags, Strings{});
    EXPECT_EQ(read("title: |\n  two\n  lines\n").title, "two\nlines\n");
}

TEST(Config, TellsEveryProblemWithItsPlace) {
    const std::string yaml =
        "title: ~\n"                     // 1
        "sed: 3\n"                       // 2
        "é_tags: [1]\n"                  // 3
        "batch: {a: 1}\n"                // 4
        "optimizer:\n"                   // 5
        "  name: adam\n"                 // 6
        "  lr: -1\n"                     // 7
        "  momentum: \"0.5\"\n"          // 8
        "  nesterov: yes\n"              // 9
        "  lr: 0.1\n"                    // 10
        "  workers: 2\n"                 // 11
        "  decay: &d 1e999\n"            // 12
        "  inner:\n"                     // 13
        "    depth: 2.0\n"               // 14
        "    label: [a]\n"               // 15
        "run: fast\n"                    // 16
        "wait: *d\n"                     // 17
        "? [k]\n: 1\n"                   // 18, 19
        "tags: [\"é\", [x], ~, !t w]\n"  // 20
        "seed:\n"                        // 21
        "optimizer.lr: 1\n";             // 22
    const std::string expected =
        "c.yaml:1:8: title: wrong type (expected text, found no value); write '' for an empty text\n"
        "c.yaml:2:1: sed: unknown key; did you mean 'seed'?\n"
        "c.yaml:3:1: é_tags: unknown key\n"
        "c.yaml:4:8: batch: wrong type (expected auto or a whole number in images, found keys and values)\n"
        "c.yaml:6:9: optimizer.name: not one of its values (expected sgd, adamw, lbfgs, found adam); did you mean "
        "'adamw'?\n"
        "c.yaml:7:7: optimizer.lr: out of range (expected > 0 and <= 100, found -1)\n"
        "c.yaml:8:13: optimizer.momentum: wrong type (expected a number, found '0.5'); write it without quotes\n"
        "c.yaml:9:13: optimizer.nesterov: wrong type (expected true or false, found yes); write true\n"
        "c.yaml:10:3: optimizer.lr: given twice; keep one; the first is on line 7\n"
        "c.yaml:11:3: optimizer.workers: unknown key; did you mean 'workers'?\n"
        "c.yaml:12:10: optimizer.decay: an anchor ('&d'), which configs do not have; leave it out, or put text in "
        "quotes\n"
        "c.yaml:12:10: optimizer.decay: out of range (expected >= 0, found 1e999)\n"
        "c.yaml:14:12: optimizer.inner.depth: wrong type (expected a whole number in layers, found 2.0); write 2\n"
        "c.yaml:15:12: optimizer.inner.label: wrong type (expected text, found a list)\n"
        "c.yaml:16:6: run: not a section (expected keys and values (key: value), found fast)\n"
        "c.yaml:17:7: wait: an alias ('*'), which configs do not have; write the value out, or put text in quotes\n"
        "c.yaml:18:3: a key that is not a word (expected key: value)\n"
        "c.yaml:20:13: tags: wrong type (expected a word in the list, found a list)\n"
        "c.yaml:20:18: tags: wrong type (expected a word in the list, found no value); write '' for an empty text\n"
        "c.yaml:20:21: tags: a tag ('!'), which configs do not have; leave it out, or put text in quotes\n"
        "c.yaml:21:1: seed: wrong type (expected a whole number, found no value); give it a value, or leave the key "
        "out to have its default\n"
        "c.yaml:22:1: optimizer.lr: unknown key; write 'lr:' on a line of its own below 'optimizer:'\n"
        "command line: optimizer.lr=abc: wrong type (expected a number, found abc)\n"
        "command line: seeed=1: unknown key; did you mean 'seed'?";
    EXPECT_EQ(problems_of(yaml, {"optimizer.lr=abc", "seeed=1"}), expected);
}

TEST(Config, ProblemsKeepTheirParts) {
    try {
        read("\nseed: 1\noptimizer:\n  lr: 200\n");
        FAIL();
    } catch (const Error& error) {
        ASSERT_EQ(error.problems().size(), 1u);
        const Problem& problem = error.problems()[0];
        EXPECT_EQ(problem.where, "c.yaml:4:7");
        EXPECT_EQ(problem.what, "optimizer.lr: out of range");
        EXPECT_EQ(problem.expected, "> 0 and <= 100");
        EXPECT_EQ(problem.found, "200");
    }
}

TEST(Config, WholeNumbersAreDecimalAndFit) {
    for (const char* wrong : {"1e3", "1.0", "0x10", "1_000", "0o7", "1.",  "'1'",  "\"1\"", "--1",   "+",
                              "-x",  "1 2", "true", "",      "~",   "[1]", "auto", "inf",   "12:30", "１"}) {
        EXPECT_NE(problems_of(std::string("seed: ") + wrong).find("c.yaml:1:"), std::string::npos) << wrong;
        EXPECT_NE(problems_of(std::string("seed: ") + wrong).find("expected a whole number"), std::string::npos)
            << wrong;
    }
    for (const char* wrong : {"9223372036854775808", "-9223372036854775809", "99999999999999999999999999"}) {
        EXPECT_EQ(
            problems_of(std::string("seed: ") + wrong),
            std::string(
                "c.yaml:1:7: seed: out of range (expected >= -9223372036854775808 and <= 9223372036854775807, found ") +
                wrong + ")");
    }
    EXPECT_NE(problems_of("seed: 1e3").find("; write 1000"), std::string::npos);
    EXPECT_EQ(problems_of("seed: 1.5").find(";"), std::string::npos);
    EXPECT_EQ(read("seed: 9223372036854775807").seed, std::numeric_limits<int64_t>::max());
    EXPECT_EQ(read("seed: 007").seed, 7);
    EXPECT_EQ(read("seed: -0").seed, 0);
}

TEST(Config, NumbersAreFinite) {
    for (const char* wrong : {"nan", ".nan", "inf", ".inf", "-.inf", "infinity", "0x1p3", "1e", "e5", ".", "1e+", "1,5",
                              "'1.0'", "1.2.3", "1f", "auto"}) {
        EXPECT_NE(problems_of(std::string("wait: ") + wrong)
                      .find("c.yaml:1:7: wait: wrong type (expected a number in seconds"),
                  std::string::npos)
            << wrong;
    }
    EXPECT_EQ(problems_of("wait: 1e999"), "c.yaml:1:7: wait: out of range (expected >= 0 seconds, found 1e999)");
    EXPECT_NE(problems_of("optimizer: {inner: {depth: 10}}").find("(expected >= 1 and <= 9 layers, found 10)"),
              std::string::npos);
    EXPECT_EQ(read("wait: 5e-324").wait, 5e-324);
    EXPECT_EQ(read("wait: +1.E+2").wait, 100);
    EXPECT_EQ(read("wait: 3").wait, 3);
}

TEST(Config, BoundsAreOpenOrClosedAsDescribed) {
    EXPECT_NE(problems_of("optimizer: {lr: 0}"), "");
    EXPECT_EQ(problems_of("optimizer: {lr: 5e-324}"), "");
    EXPECT_EQ(problems_of("optimizer: {lr: 100}"), "");
    EXPECT_NE(problems_of("optimizer: {lr: 100.00000000000001}"), "");
    EXPECT_EQ(problems_of("optimizer: {momentum: 0}"), "");
    EXPECT_NE(problems_of("optimizer: {momentum: 1}"), "");
    EXPECT_NE(problems_of("optimizer: {momentum: -1e-300}"), "");
    EXPECT_NE(problems_of("batch: 0"), "");
    EXPECT_EQ(problems_of("batch: 1"), "");
    EXPECT_NE(problems_of("optimizer: {decay: -1}"), "");
}

TEST(Config, TruthIsTrueOrFalse) {
    const auto remedy = [](const char* word) {
        return problems_of(std::string("optimizer: {nesterov: ") + word + "}");
    };
    for (const char* word : {"yes", "on", "True", "TRUE", "y", "1", "'true'"}) {
        EXPECT_TRUE(remedy(word).ends_with("; write true")) << word;
    }
    for (const char* word : {"no", "off", "False", "n", "0", "\"false\""}) {
        EXPECT_TRUE(remedy(word).ends_with("; write false")) << word;
    }
    EXPECT_TRUE(remedy("maybe").ends_with("; write true or false"));
    EXPECT_NE(remedy("[true]"), "");
    EXPECT_EQ(remedy("true"), "");
    EXPECT_EQ(remedy("false"), "");
}

TEST(Config, TextIsAnyScalarButNull) {
    EXPECT_EQ(read("title: 3").title, "3");
    EXPECT_EQ(read("title: true").title, "true");
    EXPECT_EQ(read("title: 'null'").title, "null");
    EXPECT_EQ(read("title: \"~\"").title, "~");
    EXPECT_EQ(read("title: ''").title, "");
    EXPECT_EQ(read("title: ~/images").title, "~/images");
    for (const char* wrong : {"", "~", "null", "Null", "NULL", "[a]", "{a: b}"}) {
        EXPECT_NE(problems_of(std::string("title: ") + wrong).find("title: wrong type (expected text"),
                  std::string::npos)
            << wrong;
    }
}

TEST(Config, ChoicesHoldForWordsListsAndNumbers) {
    EXPECT_EQ(problems_of<Chosen>("layers: [stem, layer2]\nbits: 16"), "");
    EXPECT_EQ(problems_of<Chosen>("layers: [stem, layer4, lyer1]\nbits: 8"),
              "c.yaml:1:16: layers: not one of its values (expected stem, layer1, layer2, found layer4); did you mean "
              "'layer1'?\n"
              "c.yaml:1:24: layers: not one of its values (expected stem, layer1, layer2, found lyer1); did you mean "
              "'layer1'?\n"
              "c.yaml:2:7: bits: not one of its values (expected 16, 32, found 8)");
    EXPECT_NE(problems_of<Chosen>("", {"layers=layer9"}), "");
}

TEST(Config, OverridesReplaceTheText) {
    const RootOptions options = read("seed: 1\ntags: [x]\noptimizer: {lr: 1}",
                                     {"seed=2", "tags=[y, 'z w']", "optimizer.lr=0.5", "batch=auto",
                                      "optimizer.nesterov=true", "optimizer.inner.depth=3", "optimizer.decay=1e-4"});
    EXPECT_EQ(options.seed, 2);
    EXPECT_EQ(options.tags, (Strings{"y", "z w"}));
    EXPECT_EQ(options.optimizer.lr, 0.5);
    EXPECT_TRUE(options.batch.is_auto());
    EXPECT_TRUE(options.optimizer.nesterov);
    EXPECT_EQ(options.optimizer.inner.depth, 3);
    EXPECT_EQ(options.optimizer.decay, OrAuto<double>{1e-4});
    EXPECT_EQ(read("", {"tags="}).tags, Strings{});
    EXPECT_EQ(read("", {"tags=a, b: c"}).tags, Strings{"a, b: c"});
}

TEST(Config, OverridesOfTextArriveAsTheyAre) {
    for (const std::string text : {"",           "~",    "null",    "~/a",   "C:\\x: y",  "/data/my pictures #2/",
                                   "*.jpg",      "&a",   "!x",      "a=b=c", "[x]",       "{a: b}",
                                   "  spaces  ", "- a",  "@x",      "%y",    "é\n\t\x01", "true",
                                   "1e3",        "it's", "a \"b\"", "? x",   "|",         ">"}) {
        EXPECT_EQ(read("title: other", {"title=" + text}).title, text) << text;
    }
    EXPECT_EQ(read("", {"title='a: b'"}).title, "a: b");
    EXPECT_EQ(read("", {"title=\"a\\nb\""}).title, "a\nb");
    EXPECT_EQ(read("", {"title=''"}).title, "");
    EXPECT_EQ(problems_of("", {"title='open"}),
              "command line: title='open: not YAML: illegal EOF in scalar; close the quotes");
    EXPECT_NE(problems_of("", {"title='a' b"}), "");
    EXPECT_EQ(problems_of("", {"title=a\xFFz"}),
              "command line: title=a\\xffz: not text in UTF-8; save the file as UTF-8");
}

TEST(Config, RefusesOverrides) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"seed", "seed: not a setting (expected section.key=value)"},
        {"=3", "=3: not a setting (expected section.key=value)"},
        {"", ": not a setting (expected section.key=value)"},
        {"lr=1", "lr=1: unknown key; did you mean 'optimizer.lr'?"},
        {"optimizer.lrr=1", "optimizer.lrr=1: unknown key; did you mean 'optimizer.lr'?"},
        {"optimiser.momentun=1", "optimiser.momentun=1: unknown key; did you mean 'optimizer.momentum'?"},
        {"qqqqqq=1", "qqqqqq=1: unknown key"},
        {"optimizer.=1", "optimizer.=1: unknown key"},
        {"run=1", "run=1: a section, which has no value of its own; set one of run.out"},
        {"seed=",
         "seed=: wrong type (expected a whole number, found no value); give it a value, or leave the key out to have "
         "its default"},
        {"seed=1e3", "seed=1e3: wrong type (expected a whole number, found 1e3); write 1000"},
        {"seed=*a",
         "seed=*a: not YAML: the referenced anchor is not defined; put text that begins with a sign in quotes"},
        {"seed=1\n---\n2",
         "seed=1\\x0a---\\x0a2: the text goes on after the end of the config (expected one YAML document)"},
        {"wait=-1", "wait=-1: out of range (expected >= 0 seconds, found -1)"},
        {"optimizer.nesterov=off",
         "optimizer.nesterov=off: wrong type (expected true or false, found off); write false"},
    };
    for (const auto& [text, told] : cases) EXPECT_EQ(problems_of("", {text}), "command line: " + told);
    EXPECT_EQ(problems_of("", {"seed=1", "seed=2"}), "command line: seed=2: given twice; keep one");
}

TEST(Config, AnOverriddenProblemOfTheTextIsStillAProblem) {
    EXPECT_EQ(problems_of("seed: x", {"seed=3"}), "c.yaml:1:7: seed: wrong type (expected a whole number, found x)");
}

TEST(Config, KeysThatContradictEachOtherAreToldAtTheirPlace) {
    EXPECT_EQ(problems_of("optimizer:\n  momentum: 0\n  nesterov: true\n"),
              "c.yaml:3:13: optimizer.nesterov: needs momentum; set momentum above 0");
    EXPECT_EQ(problems_of("optimizer:\n  nesterov: false\n  momentum: 0\n", {"optimizer.nesterov=true"}),
              "command line: optimizer.nesterov: needs momentum; set momentum above 0");
    EXPECT_EQ(problems_of("seed: 13"), "c.yaml: optimizer.lr: unlucky with seed 13");
    EXPECT_EQ(problems_of("optimizer:\n  name: lbfgs\n  inner:\n    depth: 9\n"),
              "c.yaml:4:12: optimizer.inner.depth: too deep for lbfgs");
    EXPECT_EQ(problems_of("optimizer:\n  lr: 77\n"), "c.yaml:2:3: optimizer: does not like 77");
    // In order of position, also across groups.
    EXPECT_EQ(problems_of("seed: 13\noptimizer:\n  nesterov: true\n  momentum: 0\n  lr: 1\n"),
              "c.yaml:3:13: optimizer.nesterov: needs momentum; set momentum above 0\n"
              "c.yaml:5:7: optimizer.lr: unlucky with seed 13");
}

TEST(Config, ChecksWaitUntilEachKeyOfTheirGroupIsRight) {
    const std::string contradiction = "  momentum: 0\n  nesterov: true\n";
    EXPECT_EQ(problems_of("optimizer:\n" + contradiction + "  lr: x\n").find("needs momentum"), std::string::npos);
    EXPECT_EQ(problems_of("optimizer:\n" + contradiction + "  x: 1\n").find("needs momentum"), std::string::npos);
    EXPECT_EQ(problems_of("optimizer:\n" + contradiction + "  inner: {depth: 0}\n").find("needs momentum"),
              std::string::npos);
    EXPECT_EQ(problems_of("optimizer:\n" + contradiction, {"optimizer.lr=x"}).find("needs momentum"),
              std::string::npos);
    // A problem of another group is no reason to wait.
    EXPECT_NE(problems_of("optimizer:\n" + contradiction + "run: {out: []}\n").find("needs momentum"),
              std::string::npos);
}

TEST(Config, SyntaxProblemsHaveAPlaceAndSpareTheOverrides) {
    EXPECT_EQ(problems_of("a: 'x", {"seed=x"}),
              "c.yaml:1:6: not YAML: illegal EOF in scalar; close the quotes\n"
              "command line: seed=x: wrong type (expected a whole number, found x)");
    EXPECT_EQ(
        problems_of("seed: 1\ntitle: b: c\n"),
        "c.yaml:2:9: not YAML: illegal map value; put text that has ': ' in it in quotes, and check the indentation");
    EXPECT_EQ(problems_of("optimizer:\n\tlr: 1\n"),
              "c.yaml:2:4: not YAML: illegal map value; indent with spaces, not with tabs");
    EXPECT_EQ(problems_of("title: @x"),
              "c.yaml:1:8: not YAML: unknown token; put text that begins with a sign in quotes");
    EXPECT_EQ(problems_of("seed: 1\n---\nseed: 2\n"),
              "c.yaml:2:1: the text goes on after the end of the config (expected one YAML document)");
    EXPECT_EQ(problems_of("\xEF\xBB\xBF{é: 1, sed: 2}"),
              "c.yaml:1:2: é: unknown key\nc.yaml:1:8: sed: unknown key; did you mean 'seed'?");
    EXPECT_EQ(problems_of("- a\n"), "c.yaml:1:1: not a section (expected keys and values (key: value), found a list)");
    EXPECT_EQ(problems_of("word"), "c.yaml:1:1: not a section (expected keys and values (key: value), found word)");
}

TEST(Config, BytesThatAreNoTextAreToldWithTheirPlace) {
    using std::string_view_literals::operator""sv;
    EXPECT_EQ(problems_of("seed: 1\ntitle: é\0x"sv),
              "c.yaml:2:9: a control character (found byte 0x00); in double quotes it can be written as \\x00");
    // yaml-cpp would take this one for the end of the text.
    EXPECT_EQ(problems_of("seed: 1\n\x04\nwrong: 1"),
              "c.yaml:2:1: a control character (found byte 0x04); in double quotes it can be written as \\x04");
    for (const std::string_view bytes : {"\xFF\xFEs\0"sv, "\xC0\x80"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
                                         "\x80"sv, "\xE2\x82"sv, "\xF8\x88\x80\x80\x80"sv, "\xE0\x80\xAF"sv}) {
        EXPECT_EQ(problems_of("title: é" + std::string(bytes)),
                  "c.yaml:1:9: not text in UTF-8; save the file as UTF-8");
    }
    EXPECT_NE(problems_of("seed: 1\rtitle: x"), "");
}

TEST(Config, HostileTextsEndInProblems) {
    const auto many = [](std::string_view part) {
        std::string text;
        while (text.size() + part.size() <= 200'000) text += part;
        return text;
    };
    for (const char* part : {"[",           "{",       "- ",  "? ",  ": ",    "a: ",    "[a, ",    "{a: ", "!",
                             "&a ",         "*a ",     "\"",  ",",   "]",     "}",      "-\n",     "a:\n", "---\n",
                             "%YAML 1.2\n", "- - -\n", "? [", "{? ", "'a': ", "\"\\\n", "x: &x\n", "é"}) {
        EXPECT_NE(problems_of(many(part)), "") << part;
    }
    for (const char* part : {"\n", "#", "# a\n", " ", "\t"}) EXPECT_EQ(problems_of(many(part)), "") << part;
    EXPECT_NE(problems_of("wait: [" + many("a, ") + "]"), "");
    EXPECT_NE(problems_of("wait: {" + many("a: é, ") + "}"), "");
    const std::string huge(1 << 19, 'x');
    EXPECT_EQ(read("title: " + huge).title, huge);
    EXPECT_LT(problems_of("seed: " + huge).size(), 300u);
    EXPECT_LT(problems_of(huge + ": 1").size(), 300u);
    EXPECT_LT(problems_of("", {huge + "=1"}).size(), 300u);
    EXPECT_EQ(problems_of(std::string(kMaxConfigBytes + 1, ' ')),
              "c.yaml: too long for a config (expected at most 1048576 bytes, found 1048577 bytes)");
    std::string nested;
    for (int i = 0; i < 40; ++i) nested += std::string(static_cast<size_t>(i), ' ') + "a:\n";
    EXPECT_NE(problems_of(nested).find("nested too deep (expected at most 16 levels)"), std::string::npos);
}

TEST(Config, ManyProblemsAreCutShort) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "seeed" + std::to_string(i) + ": 1\n";
    try {
        read(text);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.problems().size(), 101u);
        EXPECT_EQ(error.problems()[99].where, "c.yaml:100:1");
        EXPECT_EQ(error.problems().back().what, "more problems than these");
    }
}

TEST(Config, DamagedTextsNeverCrash) {
    const std::string good = to_yaml(RootOptions{}) + "# é\n'title2': [a, \"b\\n\", {c: ~}]\n? x\n: &a |\n  t\n";
    for (uint64_t i = 0; i < 4000; ++i) {
        RandomStream random(1, Purpose::kTest, {i});
        std::string text = good;
        for (uint64_t edit = 0; edit <= random.below(6); ++edit) {
            const size_t at = random.below(text.size());
            switch (random.below(4)) {
                case 0:
                    text[at] = static_cast<char>(random.below(256));
                    break;
                case 1:
                    text.erase(at, random.below(20));
                    break;
                case 2:
                    text.insert(at, text.substr(random.below(text.size()), random.below(20)));
                    break;
                default:
                    text.insert(at, 1, "[]{}:,-?&*!|>'\"%@`#\n\t ~"[random.below(24)]);
            }
            if (text.empty()) text = "a";
        }
        problems_of(text, {text, std::string("title=") + text, std::string("tags=") + text,
                           std::string("tags=[") + text, std::string("seed=") + text});
    }
}

TEST(Config, LoadsFilesAndNamesThem) {
    const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "config_test.yaml";
    std::ofstream(path) << "seed: 5\n";
    EXPECT_EQ(load<RootOptions>(path, {"wait=2"}).seed, 5);
    std::ofstream(path) << "seed: x\n";
    try {
        load<RootOptions>(path);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.problems()[0].where, path.string() + ":1:7");
    }
    std::ofstream(path) << std::string(kMaxConfigBytes + 1, '#');
    EXPECT_THROW(load<RootOptions>(path), Error);
    std::filesystem::remove(path);
    EXPECT_THROW(load<RootOptions>(path), Error);
}

}  // namespace
}  // namespace kaziranga::core::config
