#include "core/memory.hpp"

#include <malloc.h>

namespace kaziranga::core {

void keep_freed_memory() {
    constexpr int kNever = 1 << 30;
    mallopt(M_MMAP_THRESHOLD, kNever);
    mallopt(M_TRIM_THRESHOLD, kNever);
    constexpr int kGrowBy = 64 << 20;
    mallopt(M_TOP_PAD, kGrowBy);
}

}  // namespace kaziranga::core
