#pragma once

#include <cstdint>
#include <functional>

namespace kaziranga::core {

/// Processors this process may run on (its affinity mask), at least 1.
int64_t available_processors();

/// Sets LibTorch's threads once, at start; 0 means available_processors().
/// @return the number set
int64_t use_threads(int64_t threads);

/// Calls work(i) for every i in [0, count), from at most `workers` threads, the calling one among them. Where there is
/// more than one, LibTorch's own threads rest: each worker computes alone. Rethrows the exception of the lowest i that
/// failed, after the others have stopped; an interrupt stops it too.
void parallel_for(int64_t count, int64_t workers, const std::function<void(int64_t)>& work);

}  // namespace kaziranga::core
