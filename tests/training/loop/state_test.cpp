#include "training/loop/state.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "models/weights/safetensors.hpp"
#include "tests/support/temporary_folder.hpp"

#include <functional>

#include <ATen/ops/arange.h>
#include <gtest/gtest.h>

namespace kaziranga::training {
namespace {

constexpr core::Hash128 kIdentity{1, 2};

TrainingState some_state() {
    TrainingState state{.epoch = 2, .step = 3, .loss_sum = 0.5, .seconds = 7, .features_seconds = 1};
    state.rows = {{.epoch = 1, .seconds = 3, .train_loss = 1, .lr = 0.1}, {.epoch = 2, .seconds = 6, .lr = 0.1}};
    state.head = {.features = 4, .classes = 2};
    state.weights = {{"fc.weight", at::arange(8, at::kFloat).view({2, 4})}};
    state.optimizer = {{"0.momentum", at::arange(8, at::kFloat)}};
    return state;
}

TEST(TrainingState, ComesBackAsItWas) {
    const test::TemporaryFolder folder;
    save_state(folder / "state", some_state(), kIdentity);
    const auto loaded = load_state(folder / "state", kIdentity);
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->epoch, 2);
    EXPECT_EQ(loaded->step, 3);
    EXPECT_EQ(loaded->rows.size(), 2U);
    EXPECT_TRUE(loaded->weights[0].second.equal(some_state().weights[0].second));
    EXPECT_FALSE(load_state(folder / "none", kIdentity));
    EXPECT_THROW(load_state(folder / "state", core::Hash128{1, 3}), core::Error);
}

TEST(TrainingState, WithAnyBitFlippedIsRefusedWithARemedy) {
    const test::TemporaryFolder folder;
    save_state(folder / "state", some_state(), kIdentity);
    const std::string bytes = core::read_file(folder / "state");
    for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string flipped = bytes;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        core::write_file(folder / "flipped", flipped);
        try {
            load_state(folder / "flipped", kIdentity);
            ADD_FAILURE() << "bit " << bit % 8 << " of byte " << bit / 8 << " of " << bytes.size();
        } catch (const core::Error& error) {
            EXPECT_FALSE(error.problems().front().remedy.empty()) << error.what();
        }
    }
}

TEST(TrainingState, WithNumbersThatNoTrainingComesToIsRefusedThoughItsChecksumIsRight) {
    const test::TemporaryFolder folder;
    const std::vector<std::function<void(TrainingState&)>> spoil = {
        [](TrainingState& s) { s.step = -1; },      [](TrainingState& s) { s.epoch = 1'000'000'000'000'000'000; },
        [](TrainingState& s) { s.epoch = 1; },  // another number than its rows
        [](TrainingState& s) { s.best_epoch = 3; }, [](TrainingState& s) { s.seconds = -1; },
    };
    for (const auto& change : spoil) {
        TrainingState state = some_state();
        change(state);
        save_state(folder / "state", state, kIdentity);
        EXPECT_THROW(load_state(folder / "state", kIdentity), core::Error);
    }
}

TEST(TrainingState, WithoutAChecksumIsRefused) {
    const test::TemporaryFolder folder;
    save_state(folder / "state", some_state(), kIdentity);
    models::SafeTensors file = models::read_safetensors(folder / "state");
    ASSERT_EQ(file.metadata.erase("kaziranga.seal"), 1U);
    models::write_safetensors(folder / "state", file.tensors, file.metadata);
    EXPECT_THROW(load_state(folder / "state", kIdentity), core::Error);
}

}  // namespace
}  // namespace kaziranga::training
