#include "training/run/checkpoint.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "models/registry.hpp"
#include "models/weights/safetensors.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

CheckpointInfo some_info() {
    return {
        .architecture = "resnet18",
        .preprocessing = {.resize = 232, .crop = 224, .interpolation = core::Interpolation::kBicubic, .reduced = true},
        .classes = {"deer", "象"},
        .test_views = {ViewKind::kCentre, ViewKind::kFlip},
        .head = "knn",
        .head_spec = {.form = models::HeadForm::kNeighbours,
                      .features = 512,
                      .classes = 2,
                      .bank = 9,
                      .neighbours = 3,
                      .temperature = 0.1},
        .config = "seed: 0\n",
        .backbone_hash = "abc",
        .head_hash = "def",
        .epoch = 7};
}

TEST(Checkpoint, ComesBackAsItWas) {
    const test::TemporaryFolder folder;
    const auto network = models::find_architecture("resnet18").make(2);
    save_checkpoint(folder / "a.safetensors", *network, some_info());
    const Checkpoint loaded = load_checkpoint(folder / "a.safetensors");
    EXPECT_EQ(loaded.info.classes, some_info().classes);
    EXPECT_EQ(loaded.info.preprocessing, some_info().preprocessing);
    EXPECT_EQ(loaded.info.epoch, 7);
    EXPECT_EQ(loaded.info.test_views, some_info().test_views);
    EXPECT_EQ(loaded.info.head_spec.form, models::HeadForm::kNeighbours);
    EXPECT_EQ(loaded.info.head_spec.bank, 9);
    EXPECT_EQ(loaded.info.head_spec.temperature, 0.1);
    const models::StateDict expected = models::state_dict(*network);
    ASSERT_EQ(loaded.weights.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(loaded.weights[i].first, expected[i].first);
        EXPECT_TRUE(loaded.weights[i].second.equal(expected[i].second));
    }
    save_checkpoint(folder / "b.safetensors", *network, some_info());
    EXPECT_EQ(core::read_file(folder / "a.safetensors"), core::read_file(folder / "b.safetensors"));
}

TEST(Checkpoint, KnowsTheSourceClassesAndStagesOfItsHead) {
    const test::TemporaryFolder folder;
    CheckpointInfo info = some_info();
    info.head_spec = {.form = models::HeadForm::kSource,
                      .features = 960,
                      .stage_features = 448,
                      .classes = 2,
                      .source_classes = 1000};
    save_checkpoint(folder / "a.safetensors", *models::find_architecture("resnet18").make(2), info);
    EXPECT_EQ(load_checkpoint(folder / "a.safetensors").info.head_spec.source_classes, 1000);
    EXPECT_EQ(load_checkpoint(folder / "a.safetensors").info.head_spec.stage_features, 448);
}

TEST(Checkpoint, BareWeightsAndSpoiltDescriptionsAreRefused) {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.safetensors";
    const models::StateDict tensors = {{"w", at::zeros({2})}};
    const char* descriptions[] = {
        "",
        "{",
        "[]",
        "{\"version\": 1}",
        "{\"version\": \"3\"}",
        R"({"version":3,"test_views":["centre"],"head_hash":"",)"
        R"("head_spec":{"kind":"linear","features":512,"classes":1},"architecture":"resnet18","preprocessing":{"resize":-1,"crop":224,)"
        R"("interpolation":"bilinear","mean":[0,0,0],"std":[1,1,1]},"classes":["a"],)"
        R"("head":"linear","config":"","backbone_hash":"","epoch":1})"};
    models::write_safetensors(path, tensors, {});
    EXPECT_THROW(load_checkpoint(path), core::Error);
    for (const char* description : descriptions) {
        models::write_safetensors(path, tensors, {{"kaziranga.checkpoint", description}});
        EXPECT_THROW(load_checkpoint(path), core::Error) << description;
    }
}

std::string error_of(const std::filesystem::path& path) {
    try {
        load_checkpoint(path);
        return {};
    } catch (const core::Error& error) {
        return error.what();
    }
}

/// Classes swapped, another mean or crop: each would answer otherwise, and the weights are untouched.
TEST(Checkpoint, AnEditedDescriptionIsRefused) {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.safetensors";
    save_checkpoint(path, *models::find_architecture("resnet10_small").make(2), some_info());
    ASSERT_EQ(error_of(path), "");
    const models::SafeTensors file = models::read_safetensors(path);
    const std::pair<const char*, const char*> edits[] = {{"\"deer\",\"象\"", "\"象\",\"deer\""},
                                                         {"\"crop\":224", "\"crop\":192"},
                                                         {"0.485", "0.585"},
                                                         {"[\"centre\",\"flip\"]", "[\"centre\"]"},
                                                         {"seed: 0", "seed: 1"},
                                                         {"\"temperature\":0.1", "\"temperature\":0.2"}};
    for (const auto& [from, to] : edits) {
        models::SafeTensors edited = file;
        std::string& description = edited.metadata.at("kaziranga.checkpoint");
        const size_t at = description.find(from);
        ASSERT_NE(at, std::string::npos) << from << " in " << description;
        description.replace(at, std::string_view(from).size(), to);
        models::write_safetensors(path, edited.tensors, edited.metadata);
        EXPECT_NE(error_of(path).find("not as it was written"), std::string::npos) << to;
        edited.metadata.erase("kaziranga.seal");
        models::write_safetensors(path, edited.tensors, edited.metadata);
        EXPECT_NE(error_of(path).find("no checksum"), std::string::npos) << to;
    }
}

TEST(Checkpoint, WhatNoProgramWroteIsRefusedThoughItsChecksumIsRight) {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.safetensors";
    save_checkpoint(path, *models::find_architecture("resnet10_small").make(2), some_info());
    const models::SafeTensors file = models::read_safetensors(path);
    const std::pair<const char*, const char*> edits[] = {
        {"bicubic", "bicubjc"},          {"\"象\"", "\"deer\""},     {"0.485", "1e999"},
        {"\"crop\":224", "\"crop\":-1"}, {"\"flip\"", "\"centre\""}, {"\"flip\"", "\"zoom\""},
        {"[\"centre\",\"flip\"]", "[]"}, {"deer", "\\u001b[31m"}};
    for (const auto& [from, to] : edits) {
        models::SafeTensors edited = file;
        std::string& description = edited.metadata.at("kaziranga.checkpoint");
        description.replace(description.find(from), std::string_view(from).size(), to);
        models::write_sealed(path, edited.tensors, edited.metadata);
        EXPECT_NE(error_of(path).find("cannot be used"), std::string::npos) << to << "\n" << error_of(path);
    }
}

/// Sizes that the file has no numbers for would have memory taken before anything is compared.
TEST(Checkpoint, ClaimsOfMoreThanTheFileHoldsAreRefused) {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.safetensors";
    save_checkpoint(path, *models::find_architecture("resnet10_small").make(2), some_info());
    const models::SafeTensors file = models::read_safetensors(path);
    const std::string spec = file.metadata.at("kaziranga.checkpoint");
    const size_t from = spec.find("\"head_spec\":{"), to = spec.find('}', from) + 1;
    for (const char* head :
         {R"({"kind":"mlp","features":256,"classes":2,"hidden":4194304})",
          R"({"kind":"neighbours","features":256,"classes":2,"bank":16777216,"neighbours":1,"temperature":1})",
          R"({"kind":"cosine","features":16777216,"classes":2})",
          R"({"kind":"source","features":256,"classes":2,"source_classes":16777216})",
          R"({"kind":"linear","features":256,"classes":16777216})"}) {
        models::SafeTensors edited = file;
        edited.metadata.at("kaziranga.checkpoint") = spec.substr(0, from) + "\"head_spec\":" + head + spec.substr(to);
        models::write_sealed(path, edited.tensors, edited.metadata);
        const std::string said = error_of(path);
        const bool told = said.find("a larger output layer than the file has") != std::string::npos ||
                          said.find("an output layer of 16777216 classes, and 2 names") != std::string::npos;
        EXPECT_TRUE(told) << head << "\n" << said;
    }
    models::SafeTensors edited = file;
    edited.metadata.at("kaziranga.checkpoint") = std::string(size_t{17} << 20, ' ');
    models::write_sealed(path, edited.tensors, edited.metadata);
    EXPECT_NE(error_of(path).find("a longer description"), std::string::npos);
}

TEST(Checkpoint, OfTheVersionBeforeChecksumsIsRead) {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.safetensors";
    save_checkpoint(path, *models::find_architecture("resnet10_small").make(2), some_info());
    models::SafeTensors file = models::read_safetensors(path);
    std::string& description = file.metadata.at("kaziranga.checkpoint");
    description.replace(description.find("\"version\":4"), 11, "\"version\":3");
    file.metadata.erase("kaziranga.seal");
    models::write_safetensors(path, file.tensors, file.metadata);
    EXPECT_EQ(error_of(path), "");
}

}  // namespace
}  // namespace kaziranga::training
