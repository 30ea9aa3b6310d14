#include "core/device_work.hpp"

#include <c10/core/impl/VirtualGuardImpl.h>

namespace kaziranga::core {
namespace {

c10::Stream present_queue(c10::Device device) {
    return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

}  // namespace

c10::TensorOptions host_memory(c10::Device device, c10::ScalarType dtype) {
    return c10::TensorOptions(c10::kCPU).dtype(dtype).pinned_memory(!device.is_cpu());
}

DeviceMark::DeviceMark(c10::Device device) : device_(device) {
    if (!device.is_cpu()) event_.emplace(device.type());
}

void DeviceMark::set() {
    if (event_) event_->record(present_queue(device_));
}

bool DeviceMark::reached() const {
    return !event_ || event_->query();
}

void DeviceMark::wait() const {
    if (event_) event_->synchronize();
}

void DeviceMark::hold_back() const {
    if (event_) event_->block(present_queue(device_));
}

SideQueue::SideQueue(c10::Device device) {
    if (!device.is_cpu()) stream_ = c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device);
}

c10::OptionalStreamGuard SideQueue::enter() const {
    return c10::OptionalStreamGuard(stream_);
}

}  // namespace kaziranga::core
