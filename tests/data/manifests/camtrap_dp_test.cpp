#include "data/manifests/clock.hpp"
#include "data/manifests/load.hpp"
#include "tests/data/made_folder.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

using Names = std::vector<std::string>;

constexpr const char* kMediaHeader =
    "mediaID,deploymentID,captureMethod,timestamp,filePath,filePublic,fileName,fileMediatype\n";
constexpr const char* kObservationsHeader =
    "observationID,deploymentID,mediaID,eventID,eventStart,eventEnd,observationLevel,observationType,scientificName,"
    "bboxX,bboxY,bboxWidth,bboxHeight,classificationMethod\n";

/// Two deployments at one site, five images and a video.
void make_package(const MadeFolder& made, const std::string& observations) {
    // Without datapackage.json, which exports of single tables lack.
    made.file("deployments.csv",
              "deploymentID,locationID,locationName,latitude\nd1,l1,North hill,1\nd2,l1,North hill,1\n");
    made.file("media.csv",
              std::string(kMediaHeader) +
                  "m1,d1,,2026-05-30T04:57:37+02:00,media/1.jpg,true,,image/jpeg\n"
                  "m2,d1,,2026-05-30T04:57:40+02:00,media/2.jpg,true,,image/jpeg\n"
                  "m3,d1,,2026-05-30T05:57:40+02:00,media/3.jpg,true,,image/jpeg\n"
                  "m4,d2,,2026-05-30T04:57:38+02:00,https://example.org/x/file,true,media/4.jpg,image/jpeg\n"
                  "m5,d2,,2026-05-30T04:57:39+02:00,media/5.jpg,true,,image/jpeg\n"
                  "m6,d2,,2026-05-30T04:57:39+02:00,media/6.mp4,true,,video/mp4\n");
    made.file("observations.csv", kObservationsHeader + observations);
    for (const char* name : {"1", "2", "3", "4", "5"}) made.file("media/" + std::string(name) + ".jpg");
}

std::string label_of(const Manifest& manifest, size_t i) {
    return manifest.classes[static_cast<size_t>(manifest.unsplit[i].label)];
}

TEST(CamtrapDp, TakesWhatIsSaidOfImagesBoxesAndEvents) {
    MadeFolder made;
    make_package(
        made,
        "o1,d1,,e1,2026-05-30T02:57:37Z,2026-05-30T02:57:44Z,event,animal,Anas platyrhynchos,,,,,human\n"
        "o2,d1,m1,e1,2026-05-30T02:57:37Z,2026-05-30T02:57:37Z,media,animal,Vulpes vulpes,,,,,human\n"
        "o3,d1,m1,e1,2026-05-30T02:57:37Z,2026-05-30T02:57:37Z,media,animal,Lutra lutra,0.1,0.2,0.3,0.4,human\n"
        "o4,d1,m1,e1,2026-05-30T02:57:37Z,2026-05-30T02:57:37Z,media,animal,Meles meles,,,,,machine\n"
        "o5,d1,m3,e2,2026-05-30T03:57:40Z,2026-05-30T03:57:40Z,media,unknown,,,,,,human\n"
        "o6,d2,m4,e3,2026-05-30T02:57:38Z,2026-05-30T02:57:38Z,media,blank,,,,,,human\n"
        "o7,d2,m5,e3,2026-05-30T02:57:39Z,2026-05-30T02:57:39Z,media,animal,Vulpes vulpes,,,,,human\n"
        "o8,d2,m5,e3,2026-05-30T02:57:39Z,2026-05-30T02:57:39Z,media,animal,Lutra lutra,,,,,human\n");
    DataOptions options = made.options();
    options.group = "site";
    const Manifest manifest = read_manifest(options);
    EXPECT_EQ(manifest.read_as, "Camtrap DP, 5 images and 8 observations");
    ASSERT_EQ(manifest.unsplit.size(), 3U);
    EXPECT_EQ(label_of(manifest, 0), "Lutra lutra");
    EXPECT_EQ(manifest.unsplit[0].name, "media/1.jpg#xywh=percent:10,20,30,40");
    EXPECT_EQ(label_of(manifest, 1), "Anas platyrhynchos");
    EXPECT_EQ(manifest.unsplit[1].name, "media/2.jpg");
    EXPECT_EQ(facts_of(manifest.unsplit[1]).sequence, "e1");
    EXPECT_EQ(manifest.unsplit[1].time, seconds_of("2026-05-30 04:57:40"));
    EXPECT_EQ(label_of(manifest, 2), "blank");
    EXPECT_EQ(manifest.unsplit[2].name, "media/4.jpg");
    for (const Sample& sample : manifest.unsplit) EXPECT_EQ(sample.group, "North hill");
    const auto lines = lines_of(manifest.warnings);
    EXPECT_TRUE(says(lines, {"1 image without an observation that names a class"}));
    EXPECT_TRUE(says(lines, {"1 image with several species and no boxes"}));
    EXPECT_TRUE(says(lines, {"1 image labelled by an observation of the whole event"}));
    EXPECT_TRUE(says(lines, {"1 medium that is no image"}));
}

TEST(CamtrapDp, SaysWhatTheTablesLack) {
    MadeFolder made;
    make_package(made, "");
    made.file("media.csv", "mediaID,deploymentID,path\nm1,d1,media/1.jpg\n");
    const auto lines = error_of([&] { read_manifest(made.options()); });
    EXPECT_TRUE(says(lines, {"media.csv:1", "no column 'filePath'"}));
    EXPECT_TRUE(says(lines, {"media.csv:1", "no column 'timestamp'"}));
}

TEST(CamtrapDp, ABoxOutsideItsImageIsNamedByItsLine) {
    MadeFolder made;
    make_package(made,
                 "o1,d1,m1,e1,2026-05-30T02:57:37Z,2026-05-30T02:57:37Z,media,animal,Lutra lutra,2,0,1,1,human\n");
    EXPECT_TRUE(says(error_of([&] { read_manifest(made.options()); }), {"observations.csv:2"}));
}

TEST(UniversalSecondsOf, TakesTheTimeZoneOff) {
    const auto time = seconds_of("2026-05-30 02:57:37");
    for (const char* text : {"2026-05-30T02:57:37Z", "2026-05-30T04:57:37+02:00", "2026-05-30T04:57:37+0200",
                             "2026-05-29T21:27:37-05:30", "2026-05-30 02:57:37", "2026-05-30T02:57:37.5+00:00"}) {
        EXPECT_EQ(universal_seconds_of(text), time) << text;
    }
    EXPECT_EQ(universal_seconds_of("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace kaziranga::data
