#pragma once

namespace kaziranga::core {

/// From here on, a mapped file that another program cuts short while it is read ends this one with a message and exit
/// code 2. Without it, the operating system ends it with SIGBUS and says nothing.
void explain_shortened_files();

}  // namespace kaziranga::core
