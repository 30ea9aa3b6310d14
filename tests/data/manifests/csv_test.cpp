#include "data/csv_table.hpp"
#include "data/manifests/load.hpp"
#include "tests/data/made_folder.hpp"

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> rows(std::string_view text) {
    std::vector<Fields> out;
    for (CsvRecord& record : parse_csv(text).records) out.push_back(std::move(record.fields));
    return out;
}

std::vector<std::string> refused(const MadeFolder& made, std::string_view text) {
    return error_of([&] { require_all_there(read_manifest(made.csv(text))); });
}

TEST(CsvTableTest, ReadsQuotesLineEndsAndBlankLines) {
    EXPECT_EQ(rows("a,b\n1,2"), (std::vector<Fields>{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(rows("\xEF\xBB\xBF\"a\",\"\"\r\n\r\n  \n1,\r\n"), (std::vector<Fields>{{"a", ""}, {"1", ""}}));
    EXPECT_EQ(rows("\"a,\"\"b\"\"\r\nc\",d\n"), (std::vector<Fields>{{"a,\"b\"\r\nc", "d"}}));
    EXPECT_EQ(rows("a\rb\r\rc"), (std::vector<Fields>{{"a"}, {"b"}, {"c"}}));
    EXPECT_EQ(rows(",\n,,"), (std::vector<Fields>{{"", ""}, {"", "", ""}}));
    EXPECT_TRUE(rows("").empty());
    EXPECT_TRUE(rows("\n\r\n \n").empty());
}

TEST(CsvTableTest, LinesAreCountedAcrossQuotedLineEnds) {
    const CsvTable table = parse_csv("a\r\n\"x\ny\"\n\nb\rc\n");
    ASSERT_EQ(table.records.size(), 4U);
    EXPECT_EQ(table.records[1].line, 2);
    EXPECT_EQ(table.records[2].line, 5);
    EXPECT_EQ(table.records[3].line, 6);
}

TEST(CsvTableTest, ProblemsAreNamedAndTheRestIsRead) {
    const CsvTable table = parse_csv("a,b\n1\"2,x\n\"3\"4,y\n5,6\n\"7,8\n9,10\n");
    EXPECT_EQ(table.records.size(), 2U);
    ASSERT_EQ(table.problems.size(), 3U);
    EXPECT_EQ(table.problems[0].line, 2);
    EXPECT_EQ(table.problems[0].what, "a quote inside a field that is not quoted");
    EXPECT_EQ(table.problems[1].line, 3);
    EXPECT_EQ(table.problems[1].what, "text after the closing quote of a field");
    EXPECT_EQ(table.problems[2].line, 5);
    EXPECT_EQ(table.problems[2].what, "a quoted field without its closing quote");
}

TEST(CsvTableTest, AnyBytesEndWithoutAccident) {
    const std::string alphabet("a,\"\r\n\0 ", 7);
    for (size_t code = 0; code < 7 * 7 * 7 * 7 * 7; ++code) {
        std::string text;
        for (size_t i = 0, rest = code; i < 5; ++i, rest /= 7) text += alphabet[rest % 7];
        const CsvTable table = parse_csv(text);
        int64_t last = 0;
        for (const CsvRecord& record : table.records) {
            EXPECT_GT(record.line, last);
            EXPECT_FALSE(record.fields.empty());
            last = record.line;
        }
        EXPECT_LE(last, 6);
    }
}

TEST(CsvTest, ReadsColumnsInAnyOrderWithSplits) {
    MadeFolder made;
    MadeFolder elsewhere;
    made.files({"a.jpg", "sub/b, \"c\".jpg", "d.raw"});
    elsewhere.file("far.jpg");
    const std::string far = (elsewhere.path() / "far.jpg").string();
    DataOptions options = made.csv(
        "split,label,path\r\ntrain,lion,a.jpg\r\n\r\nval,lion,\"sub/b, \"\"c\"\".jpg\"\r\ntest,\"Tiger, "
        "old\",d.raw\r\nvalidation,lion," +
        far + "\r\n");
    EXPECT_THROW(read_manifest(options), core::Error);
    options.paths = PathPolicy::kAnywhere;
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(manifest.root, made.path());
    EXPECT_EQ(manifest.classes, (Fields{"lion", "Tiger, old"}));
    EXPECT_EQ(names_of(manifest.train), (Fields{"a.jpg"}));
    EXPECT_EQ(names_of(manifest.val), (Fields{"sub/b, \"c\".jpg", far}));
    EXPECT_EQ(names_of(manifest.test), (Fields{"d.raw"}));
    EXPECT_EQ(manifest.test[0].label, 1);
    EXPECT_EQ(manifest.test[0].path, made.path() / "d.raw");
    EXPECT_EQ(manifest.val[1].path, far);
    EXPECT_TRUE(manifest.warnings.empty());
}

TEST(CsvTest, WithoutSplitsTheDrawDecides) {
    MadeFolder made;
    std::string table = "path,label,split\n";
    for (int i = 0; i < 20; ++i) {
        const std::string name = std::to_string(i) + ".jpg";
        made.file(name);
        table += name + (i % 2 ? ",odd,\n" : ",even,\n");
    }
    const Dataset data = load_dataset(made.csv(table), 1);
    EXPECT_EQ(data.test.size(), 4U);
    EXPECT_EQ(data.train.size(), 16U);
}

TEST(CsvTest, DrawsAsTheSameFilesInClassFolders) {
    MadeFolder made;
    std::string table = "path,label\n";
    for (int i = 0; i < 40; ++i) {
        const std::string label = i % 2 ? "odd" : "even";
        const std::string name = label + "/" + std::to_string(i) + ".jpg";
        made.file(name);
        table += name + "," + label + "\n";
    }
    const Dataset by_folder = load_dataset(made.options(), 3);
    const Dataset by_table = load_dataset(made.csv(table), 3);
    EXPECT_EQ(names_of(by_table.test), names_of(by_folder.test));
    EXPECT_EQ(names_of(by_table.train), names_of(by_folder.train));
}

TEST(CsvTest, EveryProblemIsListedWithItsLine) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg", "c.jpg"});
    made.folder("folder.jpg");
    const auto lines = refused(made,
                               "path,label,split\n"
                               "a.jpg,lion,train\n"
                               "b.jpg,,train\n"
                               ",lion,train\n"
                               "c.jpg,lion,tarin\n"
                               "./a.jpg,tiger,train\n"
                               "x/../a.jpg,lion,test\n"
                               "b.jpg,lion\n"
                               "c.jpg,lion, old,train\n"
                               "gone.jpg,lion,train\n"
                               "folder.jpg,lion,train\n"
                               "sub\\b.jpg,lion,train\n"
                               "b.jpg,lion,\n"
                               "\"open,lion,train\n");
    EXPECT_TRUE(says(lines, {"labels.csv:3:", "no label"}));
    EXPECT_TRUE(says(lines, {"labels.csv:4:", "no path"}));
    EXPECT_TRUE(says(lines, {"labels.csv:5:", "unknown split", "'tarin'", "did you mean 'train'?"}));
    EXPECT_TRUE(says(lines, {"labels.csv:6:", "under two labels", "'tiger' here and 'lion' on line 2"}));
    EXPECT_TRUE(says(lines, {"labels.csv:7:", "the same path twice", "'x/../a.jpg'", "line 2"}));
    EXPECT_TRUE(says(lines, {"labels.csv:8:", "wrong number of fields", "expected 3, found 2"}));
    EXPECT_TRUE(says(lines, {"labels.csv:9:", "expected 3, found 4", "quote fields that hold a comma"}));
    EXPECT_TRUE(says(lines, {"labels.csv:10:", "the image is not there", "gone.jpg"}));
    EXPECT_TRUE(says(lines, {"labels.csv:11:", "a folder where an image is expected"}));
    EXPECT_TRUE(says(lines, {"labels.csv:12:", "not there", "write '/' between folders"}));
    EXPECT_TRUE(says(lines, {"labels.csv:13:", "some lines have a split and some have none", "1 without"}));
    EXPECT_TRUE(says(lines, {"labels.csv:14:", "without its closing quote"}));
    EXPECT_EQ(lines.size(), 12U);
    for (const std::string& line : lines) EXPECT_NE(line.find("; "), std::string::npos) << "no remedy: " << line;
}

/// A run's own table may name images that are gone since: what becomes of them is for who asks.
TEST(CsvTest, WhatIsMissingIsInNoSplit) {
    MadeFolder made;
    made.file("a.jpg");
    const DataOptions options = made.csv("path,label\na.jpg,lion\ngone.jpg,ant\n");
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(names_of(manifest.unsplit), (Fields{"a.jpg"}));
    EXPECT_TRUE(says(lines_of(manifest.missing), {"labels.csv:3:", "gone.jpg", "relative to the table's folder"}));
    EXPECT_TRUE(says(error_of([&] { load_dataset(options, 1); }), {"labels.csv:3:"}));
}

TEST(CsvTest, ALongListOfMissingImagesIsCut) {
    MadeFolder made;
    std::string table = "path,label\n";
    for (int i = 0; i < 73; ++i) table += std::to_string(i) + ".jpg,lion\n";
    const auto lines = refused(made, table);
    ASSERT_EQ(lines.size(), 51U);
    EXPECT_TRUE(says({lines.back()}, {"and 23 more"}));
}

TEST(CsvTest, RefusesHeadersThatDoNotServe) {
    MadeFolder made;
    made.file("a.jpg");
    EXPECT_TRUE(says(refused(made, ""), {"labels.csv", "is empty", "path,label[,split]"}));
    EXPECT_TRUE(says(refused(made, "\n\n"), {"labels.csv", "is empty"}));
    EXPECT_TRUE(
        says(refused(made, "Path,label\na.jpg,x\n"), {"labels.csv:1:", "no column 'path'", "is 'Path' meant?"}));
    EXPECT_EQ(refused(made, "a.jpg,lion\n").size(), 2U);
    EXPECT_TRUE(says(refused(made, "path;label\na.jpg;x\n"), {"no column 'path'", "separate the fields with commas"}));
    EXPECT_TRUE(says(refused(made, "path,label,path\n"), {"labels.csv:1:", "'path' twice"}));
    EXPECT_TRUE(says(refused(made, "\"path,label\n"), {"labels.csv:1:", "without its closing quote"}));
    EXPECT_TRUE(says(refused(made, "path,label\n"), {"labels.csv", "names no image"}));
    EXPECT_TRUE(says(refused(made, std::string("\xFF\xFEp\0a\0", 6)), {"labels.csv", "not in UTF-8", "UTF-16"}));
    EXPECT_TRUE(says(refused(made, "path,label\na.jpg,x\nb.jpg,M\xFChle\n"), {"labels.csv:3:", "another encoding"}));
    EXPECT_TRUE(says(refused(made, std::string("path,label\na.jpg\0b,x\n", 21)), {"labels.csv:2:", "zero byte"}));
    DataOptions folder = made.csv("");
    folder.root = made.path().string();
    EXPECT_TRUE(says(error_of([&] { read_manifest(folder); }), {"a folder", "data.format=folder"}));
}

TEST(CsvTest, ExtraColumnsAndTwoSpellingsAreSaid) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg", "c.jpg"});
    const Manifest manifest =
        read_manifest(made.csv("path,label,Split,note\na.jpg,lion,train,x\nb.jpg, lion,train,\nc.jpg,ant,test,\n"));
    const auto lines = lines_of(manifest.warnings);
    EXPECT_TRUE(says(lines, {"labels.csv:1:", "2 columns passed over", "'Split' and 'note'", "call it 'split'"}));
    EXPECT_TRUE(says(lines, {"two spellings", "' lion' (1 image)", "'lion' (1 image)"}));
}

}  // namespace
}  // namespace kaziranga::data
