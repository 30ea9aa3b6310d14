#pragma once

#include <cstdint>
#include <functional>

namespace kaziranga::core {

/// Number of processors that this process may use (its affinity mask), at least 1.
int64_t available_processors();

/// Sets the number of LibTorch threads; 0 means available_processors(). Call it once at the start.
/// @return the number of threads
int64_t use_threads(int64_t threads);

/// Calls work(i) for every i in [0, count) on at most `workers` threads (0: one per processor), including the calling
/// thread. If there are several, each uses one LibTorch thread. After a failure or an interrupt, no new i is started.
/// When all threads have stopped, the exception of the lowest failed i is rethrown.
void parallel_for(int64_t count, int64_t workers, const std::function<void(int64_t)>& work);

}  // namespace kaziranga::core
