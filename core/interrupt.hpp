#pragma once

namespace kaziranga::core {

/// Asks the running work to save and stop. Safe to call from a signal handler.
void request_interrupt() noexcept;

/// Takes the request back.
void clear_interrupt() noexcept;

bool interrupt_requested() noexcept;

/// @throws core::Interrupted when a stop was asked for
void throw_if_interrupted();

}  // namespace kaziranga::core
