#include "core/threads.hpp"

#include "core/device.hpp"
#include "core/error.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace kaziranga::core {
namespace {

TEST(ParallelFor, DoesEachPieceOnceForAnyNumberOfWorkers) {
    for (const int64_t workers : {1, 2, 7, 200}) {
        std::vector<std::atomic<int>> done(100);
        parallel_for(100, workers, [&](int64_t i) { ++done[static_cast<size_t>(i)]; });
        for (const auto& count : done) EXPECT_EQ(count.load(), 1);
    }
    parallel_for(0, 4, [](int64_t) { FAIL(); });
}

TEST(ParallelFor, RethrowsWhatWentWrong) {
    for (const int64_t workers : {1, 4}) {
        EXPECT_THROW(parallel_for(50, workers,
                                  [](int64_t i) {
                                      if (i == 20) throw std::runtime_error("broken");
                                  }),
                     std::runtime_error);
    }
}

TEST(DeviceName, HasFourForms) {
    for (const char* name : {"auto", "cpu", "cuda", "cuda:0", "cuda:15"}) EXPECT_TRUE(is_device_name(name)) << name;
    for (const char* name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "CUDA", "cuda:99999999999"}) {
        EXPECT_FALSE(is_device_name(name)) << name;
    }
}

TEST(Device, CpuIsAlwaysThere) {
    EXPECT_TRUE(resolve_device("cpu").is_cpu());
}

TEST(Device, AGpuThatIsNotThereIsNamed) {
    try {
        resolve_device("cuda:99");
        GTEST_SKIP() << "a machine with a hundred GPUs";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("cuda:99"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("device=cpu"), std::string::npos);
    }
}

}  // namespace
}  // namespace kaziranga::core
