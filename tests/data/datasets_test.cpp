#include "core/files.hpp"
#include "data/listing.hpp"
#include "data/manifests/load.hpp"
#include "data/manifests/table.hpp"
#include "tests/data/made_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace kaziranga::data {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

std::vector<std::string> refused(const MadeFolder& made) {
    return error_of([&] { load_dataset(made.options(), 1); });
}

std::vector<std::string> warned(const MadeFolder& made) {
    DataOptions options = made.options();
    return lines_of(load_dataset(options, 1).warnings);
}

TEST(FolderTest, ReadsSplitsWithLabelsOfTheOrderedClasses) {
    MadeFolder made;
    made.files({"train/lion/b.jpg", "train/lion/a.PNG", "train/Zebra/z.webp", "valid/lion/v.bmp", "valid/Zebra/v.jpe",
                "test/lion/t.JPEG", "test/Zebra/t.jpg"});
    const Dataset data = load_dataset(made.options(), 1);
    EXPECT_EQ(data.classes, (Names{"Zebra", "lion"}));
    EXPECT_EQ(names_of(data.train), (Names{"train/Zebra/z.webp", "train/lion/a.PNG", "train/lion/b.jpg"}));
    EXPECT_EQ(names_of(data.val), (Names{"valid/Zebra/v.jpe", "valid/lion/v.bmp"}));
    EXPECT_EQ(names_of(data.test), (Names{"test/Zebra/t.jpg", "test/lion/t.JPEG"}));
    for (const Samples* split : {&data.train, &data.val, &data.test}) {
        for (const Sample& sample : *split) {
            EXPECT_TRUE(std::filesystem::exists(sample.path));
            const std::string& name = data.classes.at(static_cast<size_t>(sample.label));
            EXPECT_NE(sample.name.find("/" + name + "/"), std::string::npos) << sample.name;
        }
    }
    EXPECT_TRUE(data.warnings.empty()) << lines_of(data.warnings).front();
}

TEST(FolderTest, NaturalOrderPutsNineBeforeTen) {
    MadeFolder made;
    made.files({"train/s10/a.jpg", "train/s9/a.jpg"});
    DataOptions options = made.options();
    EXPECT_EQ(load_dataset(options, 1).classes, (Names{"s10", "s9"}));
    options.order = ClassOrder::kNatural;
    const Dataset data = load_dataset(options, 1);
    EXPECT_EQ(data.classes, (Names{"s9", "s10"}));
    EXPECT_EQ(names_of(data.train), (Names{"train/s9/a.jpg", "train/s10/a.jpg"}));
}

TEST(FolderTest, NestedImagesBelongToTheirClassFolder) {
    MadeFolder made;
    made.files({"lion/x/y/a.jpg", "lion/b.jpg", "tiger/a.jpg"});
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(name_set(manifest.unsplit), (std::set<std::string>{"lion/x/y/a.jpg", "lion/b.jpg", "tiger/a.jpg"}));
    EXPECT_EQ(manifest.classes.size(), 2U);
}

TEST(FolderTest, PassesOverHiddenFilesInSilenceAndOthersWithAWord) {
    MadeFolder made;
    made.files({"lion/a.jpg", "lion/.b.jpg", "lion/.cache/c.jpg", "__MACOSX/lion/._a.jpg", ".git/x/a.jpg",
                "tiger/a.jpg", "tiger/Thumbs.db", "tiger/a.jpg.txt", "tiger/jpg", "readme.md", "loose.jpg",
                "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", "lion/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", "$RECYCLE.BIN/x/a.jpg",
                "System Volume Information/x.jpg", "lost+found/x.jpg", ".Trash-1000/files/x.jpg", "lion/b.JFIF"});
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(name_set(manifest.unsplit), (std::set<std::string>{"lion/a.jpg", "lion/b.JFIF", "tiger/a.jpg"}));
    const auto lines = lines_of(manifest.warnings);
    EXPECT_EQ(lines.size(), 3U);
    EXPECT_TRUE(says(lines, {"6 folders passed over that a system or a drive keeps", "'$RECYCLE.BIN'"}));
    EXPECT_TRUE(says(lines, {"4 files passed over", "'readme.md'", "'tiger/Thumbs.db'", "'tiger/a.jpg.txt'"}));
    EXPECT_TRUE(says(lines, {"1 image outside any class folder", "'loose.jpg'"}));
}

TEST(FolderTest, AClassThatIsALinkToAFolderAboveIsPassedOver) {
    MadeFolder made;
    made.files({"lion/a.jpg", "tiger/a.jpg"});
    std::filesystem::create_directory_symlink(made.path(), made.path() / "all");
    std::filesystem::create_directory_symlink(made.path().parent_path(), made.path() / "above");
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(name_set(manifest.unsplit), (std::set<std::string>{"lion/a.jpg", "tiger/a.jpg"}));
    EXPECT_EQ(manifest.classes.size(), 2U);
    const auto lines = lines_of(manifest.warnings);
    EXPECT_TRUE(says(lines, {"/all", "a link to a folder that is listed already, or that holds the link"}));
    EXPECT_TRUE(says(lines, {"/above", "a link to a folder that is listed already, or that holds the link"}));
}

TEST(FolderTest, NamesOfAnyBytesSurvive) {
    MadeFolder made;
    const std::string odd = std::string("gro\xDF\nline\x01") + "/\xFF\xFE\"',.jpg";
    made.files({odd, "plain/a.jpg"});
    const Manifest manifest = read_manifest(made.options());
    ASSERT_EQ(name_set(manifest.unsplit), (std::set<std::string>{odd, "plain/a.jpg"}));
    for (const Sample& sample : manifest.unsplit) EXPECT_TRUE(std::filesystem::exists(sample.path));
    EXPECT_EQ(manifest.classes.front(), "gro\xDF\nline\x01");
}

TEST(FolderTest, FollowsLinksButNotInCircles) {
    MadeFolder made;
    MadeFolder elsewhere;
    elsewhere.files({"far/a.jpg", "b.jpg"});
    made.files({"lion/real/a.jpg", "tiger/t.jpg"});
    made.link("lion/far", elsewhere.path() / "far");
    made.link("lion/b.jpg", elsewhere.path() / "b.jpg");
    made.link("lion/again", "real");
    made.link("lion/self", ".");
    made.link("lion/up", "..");
    made.link("lion/top", "/");
    made.link("lion/gone.jpg", "nowhere");
    made.link("lion/round", "round");
    made.link("puma", elsewhere.path());
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(name_set(manifest.unsplit),
              (std::set<std::string>{"lion/b.jpg", "lion/far/a.jpg", "lion/gone.jpg", "lion/real/a.jpg", "puma/b.jpg",
                                     "puma/far/a.jpg", "tiger/t.jpg"}));
    const auto lines = lines_of(manifest.warnings);
    for (const char* name : {"/lion/again:", "/lion/self:", "/lion/up:", "/lion/top:"}) {
        EXPECT_TRUE(says(lines, {name, "passed over"}));
    }
}

TEST(FolderTest, ManyLinksBetweenFoldersAreListedOnce) {
    MadeFolder made;
    made.file("other/a.jpg");
    constexpr int kFolders = 12;  // followed blindly these are 12! paths
    for (int i = 0; i < kFolders; ++i) {
        made.file("lion/" + std::to_string(i) + "/a.jpg");
        for (int j = 0; j < kFolders; ++j) {
            made.link("lion/" + std::to_string(i) + "/to" + std::to_string(j), "../" + std::to_string(j));
        }
    }
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(manifest.unsplit.size(), kFolders + 1U);
    EXPECT_LE(manifest.warnings.size(), 60U);
}

TEST(FolderTest, AnEmptyClassFolderIsNoClassAndIsNamed) {
    MadeFolder made;
    made.files({"lion/a.jpg", "tiger/a.jpg", "raw/a.nef"});
    made.folder("empty");
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(manifest.classes.size(), 2U);
    EXPECT_TRUE(says(lines_of(manifest.warnings), {"/empty", "class folder without an image"}));
    EXPECT_TRUE(says(lines_of(manifest.warnings), {"/raw", "class folder without an image", "'a.nef'"}));
}

TEST(FolderTest, RefusesWhatHoldsNoImage) {
    MadeFolder made;
    EXPECT_TRUE(says(refused(made), {made.path().string(), "no class folder holds an image", ".jpg"}));
    made.file("loose.jpg");
    EXPECT_TRUE(says(refused(made), {"no class folder holds an image", "1 image outside any class folder"}));
    made.folder("lion");
    EXPECT_TRUE(says(refused(made), {"no class folder holds an image", "/lion: class folder without an image"}));
}

TEST(FolderTest, RefusesARootThatIsNone) {
    MadeFolder made;
    DataOptions options;
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"data.root", "no data is named"}));
    options.root = (made.path() / "nowhere").string();
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"/nowhere", "not there", "set data.root"}));
    made.file("labels.csv");
    options.root = (made.path() / "labels.csv").string();
    options.format = "folder";
    EXPECT_TRUE(says(error_of([&] { read_manifest(options); }), {"/labels.csv", "a folder", "data.format=csv"}));
}

/// Root reads everything, so where the tests run as root this one steps down for a while.
class AsOrdinaryUser {
  public:
    AsOrdinaryUser() {
        constexpr uid_t kNobody = 65534;
        if (before_ == 0) {
            EXPECT_EQ(::seteuid(kNobody), 0);
        }
    }
    ~AsOrdinaryUser() { EXPECT_EQ(::seteuid(before_), 0); }

  private:
    uid_t before_ = ::geteuid();
};

TEST(FolderTest, RefusesAnUnreadableFolder) {
    namespace fs = std::filesystem;
    MadeFolder made;
    made.files({"lion/a.jpg", "tiger/locked/a.jpg"});
    fs::permissions(made.path(), fs::perms(0755));
    fs::permissions(made.path() / "tiger/locked", fs::perms::none);
    std::vector<std::string> lines;
    {
        const AsOrdinaryUser user;
        lines = refused(made);
    }
    EXPECT_TRUE(says(lines, {"tiger/locked", "cannot read the folder", "Permission denied"}));
    fs::permissions(made.path() / "tiger/locked", fs::perms::owner_all);
}

TEST(LayoutTest, RefusesSplitsWithoutTrain) {
    for (const Names& splits : {Names{"val", "test"}, Names{"test"}, Names{"valid"}}) {
        MadeFolder made;
        for (const std::string& split : splits) made.file(split + "/lion/a.jpg");
        EXPECT_TRUE(says(refused(made), {made.path().string(), "train/ is missing", "'" + splits.back() + "'"}));
    }
    MadeFolder flat_train;
    flat_train.files({"train/a.jpg", "val/lion/a.jpg", "test/lion/a.jpg"});
    EXPECT_TRUE(says(refused(flat_train), {"train/ is missing or holds no class folder"}));
    MadeFolder misspelt;
    misspelt.files({"trian/lion/a.jpg", "test/lion/b.jpg"});
    EXPECT_TRUE(says(refused(misspelt), {"train/ is missing", "is 'trian' meant?"}));
}

TEST(LayoutTest, RefusesTwoFoldersForOneSplit) {
    MadeFolder made;
    made.files({"train/lion/a.jpg", "val/lion/a.jpg", "validation/lion/a.jpg"});
    EXPECT_TRUE(says(refused(made), {"more than one validation split", "'val'", "'validation'"}));
    MadeFolder twice;
    twice.files({"train/lion/a.jpg", "Train/lion/b.jpg"});
    EXPECT_TRUE(says(refused(twice), {"more than one training split", "'Train'", "'train'"}));
}

TEST(LayoutTest, SplitsHaveTheNamesThatPeopleGiveThem) {
    for (const Names& names : {Names{"Train", "Valid", "Test"}, Names{"training", "validation", "testing"},
                               Names{"TRAIN", "validate", "TESTING"}}) {
        MadeFolder made;
        made.files({names[0] + "/lion/a.jpg", names[1] + "/lion/b.jpg", names[2] + "/lion/c.jpg"});
        const Manifest manifest = read_manifest(made.options());
        EXPECT_EQ(manifest.classes, Names{"lion"});
        EXPECT_EQ(manifest.train.size(), 1U);
        EXPECT_EQ(manifest.val.size(), 1U);
        EXPECT_EQ(manifest.test.size(), 1U);
    }
}

/// Archives are unpacked into a folder of their name, and datasets put class folders beside others.
TEST(LayoutTest, FindsClassFoldersOneFolderDeeper) {
    MadeFolder nested;
    nested.files({"train/train/lion/a.jpg", "train/train/tiger/a.jpg", "val/lion/b.jpg", "test/test/lion/c.jpg",
                  "test/test/tiger/c.jpg"});
    const Manifest manifest = read_manifest(nested.options());
    EXPECT_EQ(manifest.classes, (Names{"lion", "tiger"}));
    EXPECT_EQ(manifest.val.size(), 1U);
    EXPECT_EQ(manifest.test.size(), 2U);
    EXPECT_EQ(manifest.read_as, "class folders in 'test/test'");
    MadeFolder beside;
    beside.files({"images/lion/a.jpg", "images/tiger/a.jpg", "attributes/list.txt", "parts/parts.txt"});
    EXPECT_EQ(read_manifest(beside.options()).classes, (Names{"lion", "tiger"}));
}

TEST(LayoutTest, AClassIsNotTakenForAFolderOfClasses) {
    MadeFolder made;
    made.files({"train/lion/a.jpg", "train/tiger/a.jpg", "val/lion/2024/b.jpg", "val/lion/2025/b.jpg"});
    EXPECT_EQ(read_manifest(made.options()).classes, (Names{"lion", "tiger"}));
    MadeFolder two;
    two.files({"lion/2024/a.jpg", "lion/2025/a.jpg", "tiger/a.jpg"});
    EXPECT_EQ(read_manifest(two.options()).classes, (Names{"lion", "tiger"}));
    MadeFolder images;
    images.files({"images/2024/a.jpg", "images/2025/a.jpg", "tiger/a.jpg"});
    EXPECT_EQ(read_manifest(images.options()).classes, (Names{"images", "tiger"}));
}

TEST(LayoutTest, TheClassMayBeTheLastFolder) {
    const Names files = {"Camera_A03/lion/a.jpg", "Camera_A03/tiger/a.jpg", "Camera_B1/lion/2025/b.jpg",
                         "Camera_B1/lion/b.jpg", "Camera_B1/loose.jpg"};
    MadeFolder made;
    made.files(files);
    DataOptions options = made.options();
    options.group = "site";
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(manifest.classes, (Names{"lion", "tiger", "2025"}));
    EXPECT_EQ(manifest.unsplit.front().group, "Camera_A03");
    EXPECT_EQ(manifest.read_as, "class folders in those of 2 places, 'Camera_A03' and 'Camera_B1'");
    EXPECT_TRUE(says(lines_of(manifest.warnings), {"1 image outside any class folder", "Camera_B1/loose.jpg"}));
    options.group = "none";
    options.class_folder = ClassFolder::kFirst;
    EXPECT_EQ(read_manifest(options).classes, (Names{"Camera_A03", "Camera_B1"}));
    MadeFolder other;
    other.files({"Aves/owl/a.jpg", "Aves/kite/a.jpg", "Mammalia/fox/a.jpg", "Mammalia/deer/a.jpg"});
    EXPECT_TRUE(says(warned(other), {"2 classes with no image of its own", "set data.class_folder=last"}));
    options = other.options();
    options.class_folder = ClassFolder::kLast;
    EXPECT_EQ(read_manifest(options).classes, (Names{"kite", "owl", "deer", "fox"}));
}

/// A place is not taken for a folder of classes, also where there is only one.
TEST(LayoutTest, ASplitMayHaveOneCamera) {
    MadeFolder made;
    made.files({"train/camera 1/deer/a.jpg", "train/camera 1/fox/a.jpg", "train/camera 2/deer/b.jpg",
                "train/camera 2/fox/b.jpg", "test/camera 9/deer/c.jpg", "test/camera 9/fox/c.jpg"});
    DataOptions options = made.options();
    options.group = "site";
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(manifest.classes, (Names{"deer", "fox"}));
    ASSERT_EQ(manifest.test.size(), 2U);
    EXPECT_EQ(manifest.test.front().group, "camera 9");
    MadeFolder one;
    one.files({"north/deer/a.jpg", "north/fox/a.jpg"});
    options = one.options();
    options.class_folder = ClassFolder::kLast;
    EXPECT_EQ(read_manifest(options).classes, (Names{"deer", "fox"}));
    options.class_folder = ClassFolder::kFirst;
    EXPECT_EQ(read_manifest(options).classes, Names{"north"});
}

TEST(LayoutTest, TinyImagenetIsReadAsItUnpacks) {
    MadeFolder made;
    made.files({"train/n01/images/a.JPEG", "train/n02/images/b.JPEG", "val/images/v0.JPEG", "val/images/v1.JPEG",
                "test/images/t.JPEG"});
    made.file("val/val_annotations.txt", "v0.JPEG\tn02\t0\t0\t9\t9\nv1.JPEG\tn01\t0\t0\t9\t9\n");
    made.file("train/n01/n01_boxes.txt", "a.JPEG\t0\t0\t9\t9\n");
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(manifest.classes, (Names{"n01", "n02"}));
    EXPECT_EQ(manifest.train.size(), 2U);
    ASSERT_EQ(manifest.val.size(), 2U);
    EXPECT_EQ(manifest.classes[static_cast<size_t>(manifest.val.front().label)], "n02");
    EXPECT_TRUE(manifest.test.empty());
    EXPECT_TRUE(says(lines_of(manifest.warnings), {"1 image without labels passed over"}));
    made.file("val/val_annotations.txt", "v0.JPEG\n");
    EXPECT_TRUE(says(refused(made), {"val_annotations.txt:1", "no label"}));
}

constexpr const char* kComposed = "Gr\u00fcnfink";     // NFC, as Linux and Windows write it
constexpr const char* kDecomposed = "Gru\u0308nfink";  // NFD, as macOS does

TEST(UnicodeTest, ANameInTwoFormsIsOneClass) {
    MadeFolder made;
    made.files({"train/"s + kComposed + "/a.jpg", "test/"s + kDecomposed + "/b.jpg", "train/owl/a.jpg"});
    const Manifest manifest = read_manifest(made.options());
    EXPECT_EQ(manifest.classes, (Names{kComposed, "owl"}));
    EXPECT_EQ(manifest.test.front().name, "test/"s + kDecomposed + "/b.jpg");
    MadeFolder both;
    both.files({kComposed + "/a.jpg"s, kDecomposed + "/b.jpg"s, "owl/a.jpg"});
    EXPECT_TRUE(says(warned(both), {"two folders of one name in two Unicode forms", kComposed}));
    EXPECT_EQ(read_manifest(both.options()).classes.size(), 2U);
}

TEST(UnicodeTest, ATableFindsFilesOfTheOtherForm) {
    for (const auto& [written, stored] : {std::pair(kComposed, kDecomposed), std::pair(kDecomposed, kComposed)}) {
        MadeFolder made;
        made.files({stored + "/\u00e9.jpg"s, "owl/a.jpg"});
        const DataOptions options =
            made.csv("path,label\n"s + written + "/e\u0301.jpg," + written + "\nowl/a.jpg,owl\n");
        const Manifest manifest = read_manifest(options);
        EXPECT_TRUE(manifest.missing.empty());
        EXPECT_EQ(manifest.classes, (Names{kComposed, "owl"}));
        EXPECT_TRUE(std::filesystem::exists(manifest.unsplit.front().path));
    }
}

TEST(LayoutTest, RefusesADatasetOneFolderTooDeep) {
    MadeFolder made;
    made.files({"photos/train/lion/a.jpg", "photos/test/lion/a.jpg"});
    EXPECT_TRUE(says(refused(made), {"one folder deeper", "set data.root=" + (made.path() / "photos").string()}));
}

TEST(LayoutTest, AClassMayBeCalledAsASplit) {
    MadeFolder made;
    made.files({"train/a.jpg", "car/a.jpg", "test/a.jpg"});
    EXPECT_EQ(load_dataset(made.options(), 1).classes, (Names{"car", "test", "train"}));
}

TEST(LayoutTest, SaysWhatLiesBesideTheSplits) {
    MadeFolder made;
    made.files({"train/lion/a.jpg", "train/tiger/a.jpg", "tset/lion/b.jpg", "test/loose.jpg", "extra/x/a.jpg"});
    const auto lines = warned(made);
    EXPECT_TRUE(says(lines, {"/tset", "beside train/", "did you mean 'test'?"}));
    EXPECT_TRUE(says(lines, {"/test", "a split without class folders"}));
    EXPECT_TRUE(says(lines, {"/extra", "beside train/"}));
}

TEST(SpellingTest, OneClassUnderTwoSpellingsIsSaid) {
    for (const std::string twin :
         {"bengal tiger", "Bengal_Tiger", "Bengal-Tiger", " Bengal  Tiger ", "BENGAL__TIGER"}) {
        MadeFolder made;
        made.files({"Bengal Tiger/a.jpg", "Bengal Tiger/b.jpg", "lion/a.jpg", twin + "/a.jpg"});
        EXPECT_TRUE(says(warned(made), {"two spellings", "'Bengal Tiger' (2 images)", "'" + twin + "' (1 image)"}));
    }
    MadeFolder made;
    made.files({"tiger1/a.jpg", "tiger2/a.jpg", "tigers/a.jpg", "bengaltiger/a.jpg", "bengal tiger/a.jpg"});
    EXPECT_FALSE(says(warned(made), {"two spellings"}));
}

TEST(SpellingTest, AClassOnlyInTestIsRefusedWithItsTwin) {
    MadeFolder made;
    made.files({"train/Tiger/a.jpg", "train/lion/a.jpg", "test/tiger/b.jpg", "test/lion/b.jpg", "val/okapi/a.jpg"});
    const auto lines = refused(made);
    EXPECT_EQ(lines.size(), 2U);
    EXPECT_TRUE(says(lines, {"class 'tiger' has no training image", "did you mean 'Tiger'?"}));
    EXPECT_TRUE(says(lines, {"class 'okapi' has no training image", "take the class out"}));
}

TEST(FindImagesTest, TakesFilesAsGivenAndFoldersByExtensionInNameOrder) {
    MadeFolder made;
    made.files({"b.jpg", "a.png", "notes.txt", "sub/c.bmp", ".hidden.jpg", "odd.raw"});
    const std::string root = made.path().string();
    const Samples found = find_images({root + "/odd.raw", root, root + "/sub/../b.jpg"}, {}).samples;
    EXPECT_EQ(names_of(found), (Names{root + "/odd.raw", root + "/a.png", root + "/b.jpg", root + "/sub/c.bmp"}));
    for (const Sample& sample : found) {
        EXPECT_EQ(sample.label, -1);
        EXPECT_TRUE(std::filesystem::exists(sample.path));
    }
}

TEST(FindImagesTest, RefusesWhatIsNotThereAndNothingAtAll) {
    MadeFolder made;
    made.files({"a.txt", "b.jpg"});
    made.folder("empty");
    const std::string root = made.path().string();
    const auto missing = error_of([&] { find_images({root + "/x.jpg", root + "/b.jpg", "/no/such"}, {}); });
    EXPECT_EQ(missing.size(), 2U);
    EXPECT_TRUE(says(missing, {"/x.jpg", "no such file or folder"}));
    EXPECT_TRUE(says(missing, {"/no/such", "no such file or folder"}));
    EXPECT_TRUE(says(error_of([&] { find_images({root + "/empty"}, {}); }), {"/empty", "there is no image", ".jpg"}));
    EXPECT_TRUE(says(error_of([&] { find_images({}, {}); }), {"there is no image", "no path at all"}));
}

TEST(LabelledFolderTest, MatchesClassesByNameAndPrefersTest) {
    MadeFolder made;
    made.files({"train/lion/a.jpg", "val/lion/v.jpg", "test/tiger/t.jpg", "test/lion/b.jpg", "test/lion/a.jpg"});
    const Samples found = load_labelled(made.path(), {"tiger", "okapi", "lion"}).samples;
    EXPECT_EQ(names_of(found), (Names{"test/tiger/t.jpg", "test/lion/a.jpg", "test/lion/b.jpg"}));
    EXPECT_EQ(found[0].label, 0);
    EXPECT_EQ(found[1].label, 2);

    std::filesystem::remove_all(made.path() / "test");
    EXPECT_EQ(names_of(load_labelled(made.path(), {"lion"}).samples), (Names{"val/lion/v.jpg"}));
    std::filesystem::remove_all(made.path() / "val");
    EXPECT_EQ(names_of(load_labelled(made.path(), {"lion"}).samples), (Names{"train/lion/a.jpg"}));
    EXPECT_EQ(names_of(load_labelled(made.path() / "train", {"lion"}).samples), (Names{"lion/a.jpg"}));
}

TEST(LabelledFolderTest, RefusesOrCountsClassesThatTheModelDoesNotKnow) {
    MadeFolder made;
    made.files({"tigr/a.jpg", "lion/a.jpg", "okapi/a.jpg", "okapi/b.jpg"});
    made.folder("empty");
    const auto lines = error_of([&] { load_labelled(made.path(), {"lion", "tiger"}); });
    EXPECT_EQ(lines.size(), 3U);
    EXPECT_TRUE(says(lines, {"'tigr'", "none of the 2 classes", "did you mean 'tiger'?"}));
    EXPECT_TRUE(says(lines, {"'okapi' (2 images)", "none of the 2 classes"}));
    EXPECT_TRUE(says(lines, {"--unknown-classes skip"}));
    const LabelledImages known = load_labelled(made.path(), {"lion", "tiger"}, UnknownClasses::kSkip);
    EXPECT_EQ(names_of(known.samples), (Names{"lion/a.jpg"}));
    EXPECT_EQ(known.unknown, (std::map<std::string, size_t>{{"okapi", 2}, {"tigr", 1}}));
    EXPECT_TRUE(says(error_of([&] { load_labelled(made.path(), {"bear"}, UnknownClasses::kSkip); }), {"'bear'"}));
    MadeFolder empty;
    EXPECT_TRUE(says(error_of([&] { load_labelled(empty.path(), {"lion"}); }), {"no class folder holds an image"}));
}

TEST(LabelledFolderTest, TakesAllRowsOfATable) {
    MadeFolder made;
    made.files({"a.jpg", "b.jpg", "c.jpg", "d.jpg"});
    core::write_file(made.path() / "rows.csv",
                     "path,label,split\na.jpg,lion,test\nb.jpg,lion,train\nc.jpg,tiger,\nd.jpg,okapi,val\n");
    const LabelledImages found =
        load_labelled(made.path() / "rows.csv", {"tiger", "bear", "lion"}, UnknownClasses::kSkip);
    EXPECT_EQ(names_of(found.samples), (Names{"c.jpg", "a.jpg", "b.jpg"}));
    EXPECT_EQ(found.samples[1].label, 2);
    EXPECT_EQ(found.unknown.at("okapi"), 1U);
}

/// Of a path, each layout but a plain folder says whether it is one; every folder could hold class folders.
TEST(ManifestFormats, RecogniseTheirOwn) {
    MadeFolder made;
    made.files({"lion/a.jpg", "rows.csv", "rows.xlsx", "park/park.json", "drawn/park.json", "drawn/train/deer/0.jpg"});
    const auto recognised = [&](const std::string& path) {
        Names names;
        for (const ManifestFormat* format : kManifestFormats) {
            if (format->recognises(made.path() / path)) names.emplace_back(format->name);
        }
        return names;
    };
    EXPECT_EQ(recognised(""), (Names{"folder"}));
    EXPECT_EQ(recognised("rows.csv"), (Names{"csv"}));
    EXPECT_EQ(recognised("rows.xlsx"), Names{});
    EXPECT_EQ(recognised("park"), (Names{"folder", "park"}));
    EXPECT_EQ(recognised("park/park.json"), (Names{"park"}));
    EXPECT_EQ(recognised("drawn"), (Names{"folder"}));
    EXPECT_EQ(recognised("nowhere.csv"), Names{});
}

}  // namespace
}  // namespace kaziranga::data
