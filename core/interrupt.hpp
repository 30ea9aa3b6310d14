#pragma once

namespace kaziranga::core {

/// Requests that the running work saves and stops. Safe to call from a signal handler.
void request_interrupt() noexcept;

/// Clears the request.
void clear_interrupt() noexcept;

bool interrupt_requested() noexcept;

/// @throws core::Interrupted when a stop was requested
void throw_if_interrupted();

}  // namespace kaziranga::core
