#pragma once

#include <optional>

#include <c10/core/Device.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/TensorOptions.h>

namespace kaziranga::core {

/// A device computes what it is given in order, while the thread that gave it goes on. The CPU has no such queue:
/// there, what was given is done, and all of this costs nothing.

/// Host memory that the device reads and writes by itself (page-locked), so that a copy does not stop the thread.
c10::TensorOptions host_memory(c10::Device device, c10::ScalarType dtype);

/// A point in the work that a thread gave to a device, named as in CUDA and in c10::Event.
class DeviceEvent {
  public:
    explicit DeviceEvent(c10::Device device);

    /// After what this thread has given so far.
    void record();
    /// Whether the device is past it; true before the first record().
    bool query() const;
    /// Stops this thread until it is.
    void synchronize() const;
    /// What this thread gives from now on is begun after it.
    void block() const;

  private:
    c10::Device device_;
    std::optional<c10::Event> event_;
};

/// A second stream of a device, for copies that run beside the arithmetic.
class SideStream {
  public:
    explicit SideStream(c10::Device device);

    /// While the guard lives, what this thread gives goes into this stream.
    c10::OptionalStreamGuard enter() const;

  private:
    std::optional<c10::Stream> stream_;
};

}  // namespace kaziranga::core
