#pragma once

namespace kaziranga::core {

/// Installs a handler for SIGBUS. If another program shortens a mapped file while it is read, this program ends with a
/// message and exit code 2. Without the handler, SIGBUS ends it without a message.
void explain_shortened_files();

}  // namespace kaziranga::core
