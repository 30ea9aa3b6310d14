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
    EXPECT_TRUE(says(lines, {"labels.csv:12:", "not there", "sub/b.jpg"}));
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
    EXPECT_TRUE(says(refused(made, "paht,label\na.jpg,x\n"),
                     {"labels.csv:1:", "no column 'path'", "is 'paht' meant?", "data.columns={path: NAME}"}));
    EXPECT_EQ(refused(made, "a.jpg,lion\n").size(), 2U);
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

TEST(CsvTest, OtherColumnsArePassedOverAndTwoSpellingsAreSaid) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg", "c.jpg"});
    const Manifest manifest =
        read_manifest(made.csv("path,label,spilt,note\na.jpg,lion,train,x\nb.jpg, Lion,train,\nc.jpg,ant,test,\n"));
    const auto lines = lines_of(manifest.warnings);
    EXPECT_TRUE(says(lines, {"labels.csv:1:", "column 'spilt' is not used", "call it 'split'"}));
    EXPECT_TRUE(says(lines, {"two spellings", "'Lion' (1 image)", "'lion' (1 image)"}));
    EXPECT_EQ(lines.size(), 2U);
}

/// Tables as spreadsheets and the tools of the field write them.
TEST(CsvTest, ReadsWhatOthersWrite) {
    MadeFolder made;
    made.files({"fox/a.jpg", "owl/b, c.jpg"});
    for (const std::string text :
         {"path,label\nfox/a.jpg,fox\n\"owl/b, c.jpg\",owl\n",                    // the plain form
          "path;label\nfox/a.jpg;fox\nowl/b, c.jpg;owl\n",                        // a spreadsheet in Europe
          "path\tlabel\nfox/a.jpg\tfox\nowl/b, c.jpg\towl\n",                     // tabs
          "\xEF\xBB\xBFpath;label\r\nfox/a.jpg;fox\r\n\"owl/b, c.jpg\";owl\r\n",  // a mark, Windows' line ends
          "path,label\nfox\\a.jpg,fox\n\"owl\\b, c.jpg\",owl\n",                  // Windows' folders
          ",FilePath,Frame,FileName,Class\n0,fox/a.jpg,fox/a.jpg,a.jpg,fox\n1,\"owl/b, c.jpg\",,,owl\n",
          "File Name,Common Name\nfox/a.jpg, fox\n\"owl/b, c.jpg\",owl \n",  // spaces
          "species,image\nfox,fox/a.jpg\nowl,\"./owl/b, c.jpg\"\n"}) {
        const Manifest manifest = read_manifest(made.csv(text));
        EXPECT_EQ(names_of(manifest.unsplit), (Fields{"fox/a.jpg", "owl/b, c.jpg"})) << text;
        EXPECT_EQ(manifest.classes, (Fields{"fox", "owl"})) << text;
        EXPECT_TRUE(manifest.warnings.empty() && manifest.missing.empty()) << text;
    }
}

TEST(CsvTest, TheSplitsOfOthersAreUnderstood) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg", "c.jpg"});
    const Manifest manifest =
        read_manifest(made.csv("path,label,Set\na.jpg,x,Train\nb.jpg,x,TESTING\nc.jpg,x,Validate\n"));
    EXPECT_EQ(names_of(manifest.train), (Fields{"a.jpg"}));
    EXPECT_EQ(names_of(manifest.test), (Fields{"b.jpg"}));
    EXPECT_EQ(names_of(manifest.val), (Fields{"c.jpg"}));
}

TEST(CsvTest, ColumnsCanBeNamed) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg"});
    const std::string text = "file,class,species,part\na.jpg,1,lion,train\nb.jpg,2,ant,train\n";
    DataOptions options = made.csv(text);
    const Manifest usual = read_manifest(options);
    EXPECT_EQ(usual.classes, (Fields{"1", "2"}));
    EXPECT_EQ(usual.read_as, "a table, path from 'file', label from 'class'");
    EXPECT_TRUE(says(lines_of(usual.warnings),
                     {"taken from column 'class'", "'species' could be meant too", "data.columns={label: NAME}"}));
    options.columns = {{"label", {"Species"}}, {"split", {"part"}}};
    const Manifest named = read_manifest(options);
    EXPECT_EQ(named.classes, (Fields{"lion", "ant"}));
    EXPECT_EQ(named.train.size(), 2U);
    EXPECT_TRUE(named.warnings.empty());
    options.columns = {{"label", {"specis"}}};
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }),
                     {"labels.csv:1:", "no column 'specis', which data.columns names as label", "'species'"}));
}

/// A table of another machine says what to write; then its images are found, and by their usual names.
TEST(CsvTest, PathsOfAnotherMachine) {
    MadeFolder made;
    made.files({"fox/a.jpg", "owl/b.jpg", "owl/c.jpg"});
    for (const auto& [text, from] :
         {std::pair<std::string, std::string>{
              "path,label\n/mnt/survey/cards/fox/a.jpg,fox\n/mnt/survey/cards/owl/b.jpg,owl\n", "/mnt/survey/cards"},
          {"path,label\nC:\\photos\\fox\\a.jpg,fox\nC:\\photos\\owl\\b.jpg,owl\n", "C:/photos"},
          {"path,label\nold/fox/a.jpg,fox\nold/owl/b.jpg,owl\n", "old"}}) {
        DataOptions options = made.csv(text);
        const auto lines = error_of([&] { load_dataset(options, 1); });
        ASSERT_EQ(lines.size(), 1U) << text;
        EXPECT_TRUE(says(lines, {"none of the 2 images is there",
                                 "data.moved='{\"" + from + "\": \"" + made.path().string() + "\"}'"}));
        options.moved = {{from, {made.path().string()}}};
        const Manifest manifest = read_manifest(options);
        EXPECT_EQ(names_of(manifest.unsplit), (Fields{"fox/a.jpg", "owl/b.jpg"})) << text;
    }
}

TEST(CsvTest, AMovedStartIsAWholeFolder) {
    MadeFolder made, elsewhere;
    made.files({"survey2/a.jpg"});
    elsewhere.file("a.jpg");
    DataOptions options = made.csv("path,label\n/mnt/survey2/a.jpg,x\n");
    options.moved = {{"/mnt/survey", {elsewhere.path().string()}}};
    EXPECT_EQ(read_manifest(options).missing.size(), 1U);  // it is not /mnt/survey with 2/a.jpg below it
    options.moved = {{"/mnt/survey2/", {elsewhere.path().string()}}};
    EXPECT_EQ(read_manifest(options).unsplit.at(0).path, (elsewhere.path() / "a.jpg").string());
}

/// What a user names as the images' folder, a table may name; a way out of it still leads out.
TEST(CsvTest, TheBaseOfRelativePaths) {
    MadeFolder made, elsewhere;
    elsewhere.files({"in/a.jpg", "secret.jpg"});
    DataOptions options = made.csv("path,label\na.jpg,x\n");
    options.base = (elsewhere.path() / "in").string();
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(names_of(manifest.unsplit), (Fields{"a.jpg"}));
    EXPECT_EQ(manifest.unsplit.at(0).path, (elsewhere.path() / "in/a.jpg").string());
    made.csv("path,label\n../secret.jpg,x\n");
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"labels.csv:2:", "leads out"}));
    options.moved = {{"/old", {options.base}}};
    made.csv("path,label\n/old/../secret.jpg,x\n");
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"labels.csv:2:", "leads out"}));
}

TEST(CsvTest, ATableForEachSplit) {
    MadeFolder made;
    made.files({"a/1.jpg", "b/2.jpg", "b/3.jpg", "far/c/4.jpg"});
    made.file("train.csv", "path,label\na/1.jpg,a\nb/2.jpg,b\n");
    made.file("val.csv", "label;path\nb;b/3.jpg\n");
    made.file("far/test.csv", "path,label,split\nc/4.jpg,c,train\n");
    DataOptions options;
    options.train = (made.path() / "train.csv").string();
    options.val = (made.path() / "val.csv").string();
    options.test = (made.path() / "far/test.csv").string();
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(names_of(manifest.train), (Fields{"a/1.jpg", "b/2.jpg"}));
    EXPECT_EQ(names_of(manifest.val), (Fields{"b/3.jpg"}));
    EXPECT_EQ(names_of(manifest.test), (Fields{"far/c/4.jpg"}));
    EXPECT_EQ(manifest.classes, (Fields{"a", "b", "c"}));
    EXPECT_EQ(manifest.test.at(0).label, 2);
    EXPECT_EQ(manifest.root, made.path());
    options.test = (made.path() / "gone.csv").string();
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"gone.csv", "set data.test"}));
}

}  // namespace
}  // namespace kaziranga::data
