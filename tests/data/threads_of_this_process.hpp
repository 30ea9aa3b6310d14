#pragma once

#include <cstdint>
#include <filesystem>
#include <iterator>

namespace kaziranga::test {

inline int64_t threads_of_this_process() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
}

}  // namespace kaziranga::test
