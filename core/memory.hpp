#pragma once

namespace kaziranga::core {

/// Makes glibc keep freed memory. By default it returns every tensor above 32 MB to the kernel, and the page faults of
/// the next allocation cost more time than the computation on it.
void keep_freed_memory();

}  // namespace kaziranga::core
