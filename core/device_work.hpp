#pragma once

#include <optional>

#include <c10/core/Device.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/TensorOptions.h>

namespace kaziranga::core {

/// A GPU executes the work of a stream in order and asynchronously: the calling thread continues. The CPU has no
/// streams: work is complete when the call returns. For the CPU, everything below has no effect and no cost.

/// Options for page-locked host memory. Copies between this memory and the device do not block the calling thread.
c10::TensorOptions host_memory(c10::Device device, c10::ScalarType dtype);

/// An event in the current stream of a device. The names are those of CUDA and of c10::Event.
class DeviceEvent {
  public:
    explicit DeviceEvent(c10::Device device);

    /// Records the event after all work that this thread has submitted to its current stream.
    void record();
    /// True if the device has reached the event, and before the first record().
    bool query() const;
    /// Blocks this thread until the device has reached the event.
    void synchronize() const;
    /// Makes this thread's current stream wait for the event before it starts work that is submitted later.
    void block() const;

  private:
    c10::Device device_;
    std::optional<c10::Event> event_;
};

/// A second stream of a device. Copies in it run in parallel with computation.
class SideStream {
  public:
    explicit SideStream(c10::Device device);

    /// Makes this stream the current stream of this thread for the lifetime of the guard.
    c10::OptionalStreamGuard enter() const;

  private:
    std::optional<c10::Stream> stream_;
};

}  // namespace kaziranga::core
