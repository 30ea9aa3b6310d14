#pragma once

#include <c10/core/Device.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/TensorOptions.h>

#include <optional>

namespace kaziranga::core {

/// A device computes what it is given in order, while the thread that gave it goes on. The CPU has no such queue:
/// there, what was given is done, and all of this costs nothing.

/// Host memory that the device reads and writes by itself (page-locked), so that a copy does not stop the thread.
c10::TensorOptions host_memory(c10::Device device, c10::ScalarType dtype);

/// A point in the work that a thread gave to a device.
class DeviceMark {
  public:
    explicit DeviceMark(c10::Device device);

    /// After what this thread has given so far.
    void set();
    /// Whether the device is past it; true before the first set().
    bool reached() const;
    /// Stops this thread until it is.
    void wait() const;
    /// What this thread gives from now on is begun after it.
    void hold_back() const;

  private:
    c10::Device device_;
    std::optional<c10::Event> event_;
};

/// A second queue of a device, for copies that run beside the arithmetic.
class SideQueue {
  public:
    explicit SideQueue(c10::Device device);

    /// While the guard lives, what this thread gives goes into this queue.
    c10::OptionalStreamGuard enter() const;

  private:
    std::optional<c10::Stream> stream_;
};

}  // namespace kaziranga::core
