#include "core/threads.hpp"

#include "core/interrupt.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <sched.h>

namespace kaziranga::core {

int64_t available_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1U, std::thread::hardware_concurrency());
}

int64_t use_threads(int64_t threads) {
    if (threads <= 0) threads = available_processors();
    at::set_num_threads(static_cast<int>(threads));
    return threads;
}

void parallel_for(int64_t count, int64_t workers, const std::function<void(int64_t)>& work) {
    std::atomic<int64_t> next{0};
    std::atomic<bool> stopped{false};
    std::mutex guard;
    std::exception_ptr failure;
    int64_t failed_at = count;

    const auto run = [&] {
        for (int64_t i = next++; i < count && !stopped; i = next++) {
            try {
                throw_if_interrupted();
                work(i);
            } catch (...) {
                const std::lock_guard lock(guard);
                stopped = true;
                if (i < failed_at) {
                    failed_at = i;
                    failure = std::current_exception();
                }
            }
        }
    };

    if (workers <= 0) workers = available_processors();
    const int64_t extra = std::min(workers, count) - 1;
    if (extra <= 0) {
        run();
    } else {
        const int libtorch_threads = at::get_num_threads();
        const auto run_alone = [&run] {
            at::set_num_threads(1);
            run();
        };
        std::vector<std::jthread> threads;
        for (int64_t i = 0; i < extra; ++i) threads.emplace_back(run_alone);
        run_alone();
        threads.clear();
        at::set_num_threads(libtorch_threads);
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace kaziranga::core
