#include "core/text.hpp"

#include "core/hash.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace kaziranga::core {
namespace {

TEST(NearestName, FindsTyposAndRefusesStrangers) {
    const std::vector<std::string> keys = {"lr", "momentum", "weight_decay", "name"};
    EXPECT_EQ(nearest_name("momentun", keys), "momentum");
    EXPECT_EQ(nearest_name("weight-decay", keys), "weight_decay");
    EXPECT_EQ(nearest_name("LR", keys), "lr");
    EXPECT_EQ(nearest_name("rl", keys), "lr");
    EXPECT_EQ(nearest_name("nmae", keys), "name");
    EXPECT_EQ(nearest_name("elephant", keys), "");
    EXPECT_EQ(nearest_name("", keys), "");
    EXPECT_EQ(nearest_name("x", {"k"}), "");
    EXPECT_EQ(nearest_name("kaziranga", {"k"}), "");
    EXPECT_EQ(nearest_name("base", {"base_lr"}), "base_lr");
    EXPECT_EQ(nearest_name("base", {"base_lr"}, Near::kSpelling), "");
    EXPECT_EQ(nearest_name(std::string(1'000'000, 'x'), keys), "");
}

TEST(Printable, EscapesControlsAndWhatIsNoUtf8) {
    EXPECT_EQ(printable("ä a\n\x7f"), "ä a\\x0a\\x7f");
    EXPECT_EQ(printable("\xff\xc3("), "\\xff\\xc3(");
    EXPECT_EQ(printable(""), "");
    EXPECT_EQ(printable("\u009b31m"), "\\xc2\\x9b31m") << "the second block of control characters";
    EXPECT_EQ(printable("a\u202egpj.exe"), "a\\xe2\\x80\\xaegpj.exe") << "a change of direction";
    EXPECT_EQ(printable("a\u2028b"), "a\\xe2\\x80\\xa8b") << "the end of a line";
    EXPECT_EQ(printable("गैंडा 犀 \u200d"), "गैंडा 犀 \u200d") << "joiners are letters' own";
}

/// RFC 4648, section 10.
TEST(Base64, EncodesTheVectorsOfItsStandard) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) EXPECT_EQ(base64(bytes), text) << bytes;
    EXPECT_EQ(base64("\xff\xfe\x00"), "//4=");
}

TEST(NaturalLess, PutsNineBeforeTen) {
    std::vector<std::string> names = {"a10", "a9", "a", "b1", "a09", "a100b", "a100a", "10", "9"};
    std::sort(names.begin(), names.end(), natural_less);
    EXPECT_EQ(names, (std::vector<std::string>{"9", "10", "a", "a09", "a9", "a10", "a100a", "a100b", "b1"}));
}

TEST(NaturalLess, IsAStrictWeakOrder) {
    const std::vector<std::string> names = {"", "0", "00", "1", "01", "a", "a0", "a00", "a1", "a01b", "a1b", "ab"};
    for (const auto& a : names) {
        EXPECT_FALSE(natural_less(a, a)) << a;
        for (const auto& b : names) {
            EXPECT_FALSE(natural_less(a, b) && natural_less(b, a)) << a << " " << b;
            if (a != b) {
                EXPECT_TRUE(natural_less(a, b) || natural_less(b, a)) << a << " " << b;
            }
            for (const auto& c : names) {
                if (natural_less(a, b) && natural_less(b, c)) {
                    EXPECT_TRUE(natural_less(a, c)) << a << " " << b << " " << c;
                }
            }
        }
    }
}

TEST(CsvField, QuotesWhatNeedsIt) {
    EXPECT_EQ(csv_field("plain"), "plain");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    for (const char* text :
         {"=cmd|' /C calc'!A0", "+1+1", "-a", "@SUM(A1)", "\t=1", "'=1", "''", "'quoted'", "-0.5", "+3", "", "-"}) {
        const std::string field = csv_field(text);
        EXPECT_EQ(csv_text(field), text);
        const bool number =
            std::string_view("-0.5+3").find(text) != std::string_view::npos && text[0] != 0 && text[1] != 0;
        EXPECT_TRUE(number || field.empty() || std::string_view("=+-@\t").find(field[0]) == std::string_view::npos)
            << field;
    }
    EXPECT_EQ(csv_field("-0.5"), "-0.5");
    EXPECT_EQ(csv_field("=1"), "'=1");
    EXPECT_EQ(csv_field("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
}

TEST(PlainText, IsUtf8WithoutControlCharacters) {
    EXPECT_TRUE(is_plain_text("nashorn_größe 象"));
    EXPECT_FALSE(is_plain_text("two\nlines"));
    EXPECT_FALSE(is_plain_text("\xff\xfe"));
    EXPECT_FALSE(is_plain_text("\x7f"));
}

TEST(Hasher, DependsOnContentAndOnWhereTextsEnd) {
    const auto hash = [](std::initializer_list<const char*> texts) {
        Hasher hasher;
        for (const char* text : texts) hasher.add_text(text);
        return hasher.digest().hex();
    };
    EXPECT_EQ(hash({"ab", "c"}), hash({"ab", "c"}));
    EXPECT_NE(hash({"ab", "c"}), hash({"a", "bc"}));
    EXPECT_EQ(hash({"x"}).size(), 32U);
    EXPECT_NE(hash_bytes("abc").hex(), hash_bytes("abd").hex());
}

TEST(InAscii, SpellsLettersOfLatinAlphabetsAndMarksTheRest) {
    const std::pair<const char*, const char*> spellings[] = {
        {"plain ~ text?", "plain ~ text?"},
        {"Bär, Łoś, Weißstorch, Œil, ñandú", "Bar, Los, Weissstorch, OEil, nandu"},
        {"象", "?"},
        {"слон", "????"},
        {"", ""},
        {"a\xFF\xC3", "a??"},
        {"\x1b[31m\n", "?[31m?"}};
    for (const auto& [text, ascii] : spellings) EXPECT_EQ(in_ascii(text), ascii);
    EXPECT_EQ(in_ascii(std::string(100'000, 'x')).size(), 100'000U);
}

}  // namespace
}  // namespace kaziranga::core
