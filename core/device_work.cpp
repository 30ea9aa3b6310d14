#include "core/device_work.hpp"

#include <c10/core/impl/VirtualGuardImpl.h>

namespace kaziranga::core {
namespace {

c10::Stream current_stream(c10::Device device) {
    return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

}  // namespace

c10::TensorOptions host_memory(c10::Device device, c10::ScalarType dtype) {
    return c10::TensorOptions(c10::kCPU).dtype(dtype).pinned_memory(!device.is_cpu());
}

DeviceEvent::DeviceEvent(c10::Device device) : device_(device) {
    if (!device.is_cpu()) event_.emplace(device.type());
}

void DeviceEvent::record() {
    if (event_) event_->record(current_stream(device_));
}

bool DeviceEvent::query() const {
    return !event_ || event_->query();
}

void DeviceEvent::synchronize() const {
    if (event_) event_->synchronize();
}

void DeviceEvent::block() const {
    if (event_) event_->block(current_stream(device_));
}

SideStream::SideStream(c10::Device device) {
    if (!device.is_cpu()) stream_ = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

c10::OptionalStreamGuard SideStream::enter() const {
    return c10::OptionalStreamGuard(stream_);
}

}  // namespace kaziranga::core
