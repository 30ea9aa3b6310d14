#include "data/loader.hpp"

#include "core/interrupt.hpp"

#include <atomic>
#include <latch>
#include <thread>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

namespace kaziranga::data {
namespace {

/// [3, 4, 6] uint8 in channels-last memory, told apart by request.
at::Tensor image_of(int64_t request) {
    at::Tensor image = at::full({4, 6, 3}, request % 251, at::kByte);
    image[1][2][0] = 255;
    return image.permute({2, 0, 1});
}

bool is_bad(int64_t request) {
    return request % 3 == 1;
}

at::Tensor image_unless_bad(int64_t request) {
    if (!is_bad(request)) return image_of(request);
    throw core::Error(core::Problem{.what = "bad", .where = std::to_string(request)});
}

std::vector<Batch> all_batches(Loader& loader) {
    std::vector<Batch> batches;
    while (std::optional<Batch> batch = loader.next()) batches.push_back(std::move(*batch));
    return batches;
}

TEST(Loader, AnswersEveryRequestInOrderWhateverTheThreads) {
    constexpr int64_t kRequests = 103, kBatch = 8;
    for (int64_t workers = 1; workers <= 8; ++workers) {
        for (const int64_t ahead : {1, 2, 5}) {
            Loader loader(kRequests, kBatch, workers, ahead, image_of);
            int64_t expected = 0;
            for (const Batch& batch : all_batches(loader)) {
                const auto size = std::min(kBatch, kRequests - expected);
                ASSERT_EQ(batch.images.sizes(), (at::IntArrayRef{size, 3, 4, 6}));
                EXPECT_TRUE(batch.images.is_contiguous(at::MemoryFormat::ChannelsLast));
                EXPECT_TRUE(batch.failed.empty());
                ASSERT_EQ(batch.positions.size(), static_cast<size_t>(size));
                for (int64_t k = 0; k < size; ++k, ++expected) {
                    EXPECT_EQ(batch.positions[static_cast<size_t>(k)], expected);
                    EXPECT_TRUE(batch.images[k].equal(image_of(expected)));
                }
            }
            EXPECT_EQ(expected, kRequests);
            EXPECT_FALSE(loader.next());
        }
    }
}

TEST(Loader, BadImagesLeaveNoHole) {
    constexpr int64_t kRequests = 50, kBatch = 7;
    for (const int64_t workers : {1, 2, 5, 8}) {
        Loader loader(kRequests, kBatch, workers, 2, image_unless_bad);
        int64_t first = 0;
        for (const Batch& batch : all_batches(loader)) {
            size_t kept = 0, failed = 0;
            for (int64_t request = first; request < std::min(first + kBatch, kRequests); ++request) {
                if (is_bad(request)) {
                    ASSERT_LT(failed, batch.failed.size());
                    EXPECT_EQ(batch.failed[failed].first, request);
                    EXPECT_EQ(batch.failed[failed++].second.where, std::to_string(request));
                } else {
                    ASSERT_LT(kept, batch.positions.size());
                    EXPECT_EQ(batch.positions[kept], request);
                    EXPECT_TRUE(batch.images[static_cast<int64_t>(kept++)].equal(image_of(request)));
                }
            }
            EXPECT_EQ(batch.images.size(0), static_cast<int64_t>(kept));
            EXPECT_EQ(batch.positions.size(), kept);
            EXPECT_EQ(batch.failed.size(), failed);
            first += kBatch;
        }
        EXPECT_GE(first, kRequests);
    }
}

TEST(Loader, ABatchOfNothingButBadImagesIsEmpty) {
    Loader loader(4, 2, 2, 1, [](int64_t request) -> at::Tensor {
        throw core::Error(core::Problem{.what = "bad", .where = std::to_string(request)});
    });
    for (const Batch& batch : all_batches(loader)) {
        EXPECT_EQ(batch.images.dim(), 4);
        EXPECT_EQ(batch.images.size(0), 0);
        EXPECT_EQ(batch.failed.size(), 2U);
    }
}

TEST(Loader, NoRequestsMakeNoBatch) {
    Loader loader(0, 4, 3, 2, image_of);
    EXPECT_FALSE(loader.next());
}

TEST(Loader, RethrowsOtherExceptionsInTheirTurn) {
    constexpr int64_t kFaulty = 21, kBatch = 4;
    for (const int64_t workers : {1, 4}) {
        Loader loader(40, kBatch, workers, 3, [](int64_t request) {
            if (request >= kFaulty) throw std::runtime_error(std::to_string(request));
            return image_of(request);
        });
        for (int64_t batch = 0; batch < kFaulty / kBatch; ++batch) EXPECT_TRUE(loader.next());
        try {
            loader.next();
            FAIL() << "the exception was lost";
        } catch (const std::runtime_error& error) {
            EXPECT_EQ(error.what(), std::to_string(kFaulty));
        }
    }
}

TEST(Loader, RefusesImagesOfDifferentSizes) {
    Loader loader(4, 4, 2, 1, [](int64_t request) { return at::empty({3, 4, 4 + request % 2}, at::kByte); });
    EXPECT_THROW(loader.next(), c10::Error);
}

TEST(Loader, TakesImagesInAnyMemoryOrder) {
    Loader loader(3, 3, 1, 1, [](int64_t request) { return image_of(request).contiguous(); });
    const std::optional<Batch> batch = loader.next();
    ASSERT_TRUE(batch);
    for (int64_t k = 0; k < 3; ++k) EXPECT_TRUE(batch->images[k].equal(image_of(k)));
}

TEST(Loader, WorksNoFurtherAheadThanAllowed) {
    constexpr int64_t kBatch = 4, kAhead = 2;
    std::atomic<int64_t> asked{0};
    std::atomic<bool> too_far{false};
    {
        Loader loader(400, kBatch, 4, kAhead, [&](int64_t request) {
            if (request >= (asked + kAhead) * kBatch) too_far = true;
            return image_of(request);
        });
        for (int i = 0; i < 60; ++i) {
            ++asked;
            EXPECT_TRUE(loader.next());
        }
    }
    EXPECT_FALSE(too_far);
}

TEST(Loader, WorksAheadWithoutBeingAsked) {
    constexpr int64_t kBatch = 3, kAhead = 4;
    std::latch made(kBatch * kAhead);
    Loader loader(100, kBatch, 2, kAhead, [&](int64_t request) {
        made.count_down();
        return image_of(request);
    });
    made.wait();
}

TEST(Loader, CanBeLeftAtAnyTime) {
    for (int64_t taken = 0; taken < 12; ++taken) {
        std::atomic<int64_t> loads{0};
        {
            Loader loader(1'000'000, 4, 1 + taken % 4, 3, [&](int64_t request) {
                ++loads;
                return image_of(request);
            });
            for (int64_t i = 0; i < taken; ++i) loader.next();
        }
        EXPECT_LE(loads, (taken + 3) * 4);
    }
}

TEST(Loader, AnInterruptEndsTheWaitForAnUnfinishedBatch) {
    // Many rounds: whether next() already waits when the interrupt comes is for the scheduler to say.
    for (int64_t round = 0; round < 100; ++round) {
        std::latch asked(1), stopped(1);
        Loader loader(1000, 100, 1 + round % 4, 2, [&](int64_t request) {
            if (request > 5) stopped.wait();
            if (request == 5) {
                asked.wait();
                for (int i = 0; i < 50; ++i) std::this_thread::yield();
                core::request_interrupt();
            }
            return image_of(request);
        });
        asked.count_down();
        EXPECT_THROW(loader.next(), core::Interrupted);
        core::clear_interrupt();
        stopped.count_down();
    }
}

}  // namespace
}  // namespace kaziranga::data
