#include "models/weights/zip.hpp"

#include "models/weights/byte_reader.hpp"
#include "tests/models/weights/weight_files.hpp"

namespace kaziranga::models {
namespace {

using namespace testing_files;

std::string zip_error(const std::string& bytes, const std::string& entry = "b") {
    return message_of([&] { ZipArchive(bytes, "x").read(entry); });
}

/// The archive with `width` bytes at the place of `part` plus `offset` replaced.
std::string changed(std::string bytes, const std::string& part, size_t offset, const std::string& replacement) {
    const size_t at = bytes.rfind(part);
    EXPECT_NE(at, std::string::npos);
    return bytes.replace(at + offset, replacement.size(), replacement);
}

const std::string kTwo = zip({{"a", "first"}, {"b", "123456789"}});

TEST(Zip, ReadsStoredEntries) {
    const ZipArchive archive(kTwo, "x");
    EXPECT_EQ(archive.read("a"), "first");
    EXPECT_EQ(archive.read("b"), "123456789");
    EXPECT_FALSE(archive.contains("c"));
    EXPECT_CONTAINS(zip_error(kTwo, "c"), "lacks the entry 'c'");
}

TEST(Zip, ChecksumsAreThoseOfTheStandard) {
    constexpr uint32_t kOfDigits = 0xcbf43926;  // the check value that every catalogue of CRCs gives for "123456789"
    EXPECT_EQ(ZipArchive(zip({{"b", "123456789", 0, kOfDigits}}), "x").read("b"), "123456789");
    EXPECT_CONTAINS(zip_error(zip({{"b", "123456788", 0, kOfDigits}})),
                    "does not match its checksum (expected CRC-32 cbf43926, found bcf309b0 of 9 bytes); the file is "
                    "incomplete or damaged");
    EXPECT_CONTAINS(zip_error(zip({{"b", "923456789", 0, kOfDigits}})), "checksum");
}

TEST(Zip, EntriesAreNotWithoutEnd) {
    std::vector<ZipEntry> entries(100'101);
    for (size_t i = 0; i < entries.size(); ++i) entries[i].name = std::to_string(i);
    // More than 16 bits count: a zip64 directory has to.
    const std::string narrow = zip(entries);
    const size_t end = narrow.size() - 22, begin = narrow.find("PK\1\2");
    const std::string bytes =
        narrow.substr(0, end) + "PK\6\6" + raw<uint64_t>(44) + std::string(12, '\0') + raw<uint64_t>(entries.size()) +
        raw<uint64_t>(entries.size()) + raw<uint64_t>(end - begin) + raw<uint64_t>(begin) + "PK\6\7" +
        raw<uint32_t>(0) + raw<uint64_t>(end) + raw<uint32_t>(1) + "PK\5\6" + raw<uint32_t>(0) + raw<uint16_t>(0xffff) +
        raw<uint16_t>(0xffff) + raw<uint32_t>(0xffffffff) + raw<uint32_t>(0xffffffff) + raw<uint16_t>(0);
    EXPECT_CONTAINS(zip_error(bytes), "too many entries (expected at most 100100, found 100101)");
}

TEST(Zip, CompressedEntriesAreRefusedWhenRead) {
    const std::string bytes = zip({{"a", "first"}, {"b", "packed", 8}});
    EXPECT_CONTAINS(zip_error(bytes), "compressed");
    EXPECT_EQ(ZipArchive(bytes, "x").read("a"), "first");
}

TEST(Zip, RefusesDisagreementAndOverlap) {
    EXPECT_CONTAINS(zip_error(zip({{"a", "1"}, {"a", "2"}})), "two entries named 'a'");
    const std::string two = kTwo;
    const size_t local_b = two.find("b123456789") - 30;
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 42, raw<uint32_t>(0))), "overlaps");
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 42, raw<uint32_t>(local_b + 1))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 42, raw<uint32_t>(1000000))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 20, raw<uint32_t>(10) + raw<uint32_t>(10))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 20, raw<uint32_t>(8))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(two, "PK\1\2", 8, raw<uint16_t>(1))), "encrypted");
    EXPECT_CONTAINS(zip_error(changed(two, "b123456789", 0, "c")), "malformed");
    std::string far_away = changed(two, "PK\1\2", 42, raw<uint32_t>(2000000));
    far_away.replace(two.find("PK\1\2") + 42, 4, raw<uint32_t>(1000000));
    EXPECT_CONTAINS(zip_error(far_away), "malformed");
    std::string sizes_lie = two;
    sizes_lie.replace(18, 8, raw<uint32_t>(500) + raw<uint32_t>(500));
    EXPECT_CONTAINS(zip_error(sizes_lie), "malformed");
}

TEST(Zip, EntriesShareNoByte) {
    const auto enlarged = [](size_t local, size_t directory, uint32_t size) {
        std::string bytes = kTwo;
        bytes.replace(local + 18, 8, raw(size) + raw(size));
        return bytes.replace(directory + 20, 8, raw(size) + raw(size));
    };
    const size_t second = kTwo.rfind("PK\3\4");
    EXPECT_EQ(ZipArchive(enlarged(second, kTwo.rfind("PK\1\2"), 9), "x").read("b"), "123456789");
    EXPECT_CONTAINS(zip_error(enlarged(0, kTwo.find("PK\1\2"), 6)), "overlaps");
    EXPECT_CONTAINS(zip_error(enlarged(second, kTwo.rfind("PK\1\2"), 10)), "overlaps");
}

TEST(Zip, RefusesAMisplacedDirectory) {
    EXPECT_CONTAINS(zip_error(kTwo + "x"), "no directory");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 4, raw<uint16_t>(1))), "several files");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 8, raw<uint16_t>(1) + raw<uint16_t>(1))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 8, raw<uint16_t>(1) + raw<uint16_t>(2))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 8, raw<uint16_t>(3) + raw<uint16_t>(3))), "malformed");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 16, raw<uint32_t>(3))), "out of its place");
    EXPECT_CONTAINS(zip_error(changed(kTwo, "PK\5\6", 12, raw<uint32_t>(0xfffffff0))), "out of its place");
}

/// kTwo with a zip64 directory at `offset`, `size` bytes long, and a 32-bit one that defers to it.
std::string wide(uint64_t offset, uint64_t size) {
    const size_t end = kTwo.size() - 22;
    return kTwo.substr(0, end) + "PK\6\6" + raw<uint64_t>(44) + std::string(12, '\0') + raw<uint64_t>(2) +
           raw<uint64_t>(2) + raw(size) + raw(offset) + "PK\6\7" + raw<uint32_t>(0) + raw<uint64_t>(end) +
           raw<uint32_t>(1) + "PK\5\6" + raw<uint32_t>(0) + raw<uint16_t>(0xffff) + raw<uint16_t>(0xffff) +
           raw<uint32_t>(0xffffffff) + raw<uint32_t>(0xffffffff) + raw<uint16_t>(0);
}

TEST(Zip, Zip64Directory) {
    const uint64_t end = kTwo.size() - 22, begin = kTwo.find("PK\1\2");
    const std::string good = wide(begin, end - begin);
    EXPECT_EQ(ZipArchive(good, "x").read("b"), "123456789");
    EXPECT_CONTAINS(zip_error(wide(begin + 1, end - begin)), "out of its place");
    EXPECT_CONTAINS(zip_error(wide(begin, end - begin + 1)), "out of its place");
    EXPECT_CONTAINS(zip_error(wide(~uint64_t{0}, end + 1)), "out of its place");
    EXPECT_CONTAINS(zip_error(changed(good, "PK\6\7", 8, raw<uint64_t>(1))), "out of place");
    EXPECT_CONTAINS(zip_error(changed(good, "PK\5\6", 8, raw<uint16_t>(1) + raw<uint16_t>(1))), "contradict");
}

TEST(ByteReader, LinesEndWithinTheText) {
    ByteReader reader("ab\n\ncd", [](uint64_t, uint64_t) { throw std::out_of_range("end"); });
    EXPECT_EQ(reader.line(), "ab");
    EXPECT_EQ(reader.line(), "");
    EXPECT_THROW(reader.line(), std::out_of_range);
    EXPECT_EQ(reader.take(2), "cd");
    EXPECT_THROW(reader.take(1), std::out_of_range);
}

}  // namespace
}  // namespace kaziranga::models
