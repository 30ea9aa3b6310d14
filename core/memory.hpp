#pragma once

namespace kaziranga::core {

/// From now on memory that was freed is kept. glibc hands every tensor above 32 MB back to the kernel, and the page
/// faults of getting it anew cost more than the arithmetic on it.
void keep_freed_memory();

}  // namespace kaziranga::core
