#include "core/device.hpp"

#include "core/error.hpp"

#include <charconv>

#include <ATen/Context.h>
#include <dlfcn.h>
#include <unistd.h>

namespace kaziranga::core {
namespace {

constexpr std::string_view kCuda = "cuda";

bool driver_present() {
    return ::access("/dev/nvidiactl", F_OK) == 0 || ::access("/dev/dxg", F_OK) == 0;
}

/// Loads LibTorch's CUDA library, which registers itself. The program is linked only with the CPU library.
/// @return the reason why it could not be loaded; empty on success
std::string load_cuda() {
    static const std::string failure = [] {
        if (!driver_present()) return std::string("no NVIDIA driver on this machine");
        if (::dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) return std::string(::dlerror());
        if (!at::hasCUDA()) return std::string("the driver reports no usable GPU");
        at::globalContext().setAllowTF32CuDNN(false);  // no TF32: float32 keeps its full precision
        return std::string();
    }();
    return failure;
}

int64_t cuda_devices() {
    return static_cast<int64_t>(at::detail::getCUDAHooks().deviceCount());
}

}  // namespace

bool is_device_name(const std::string& name) {
    if (name == "auto" || name == "cpu" || name == kCuda) return true;
    const std::string prefix = std::string(kCuda) + ":";
    if (!name.starts_with(prefix) || name.size() == prefix.size() || name.size() > prefix.size() + 3) return false;
    return name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
}

c10::Device resolve_device(const std::string& name) {
    if (name == "cpu") return c10::Device(c10::kCPU);
    const std::string failure = load_cuda();
    const int64_t count = failure.empty() ? cuda_devices() : 0;
    if (name == "auto") return count > 0 ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);

    int index = 0;
    if (name.size() > kCuda.size()) std::from_chars(name.data() + kCuda.size() + 1, name.data() + name.size(), index);
    if (index >= count) {
        throw Error({.what = "the device is not there",
                     .where = "device: " + name,
                     .expected = "a GPU with that number",
                     .found = failure.empty() ? std::to_string(count) + " GPU(s)" : failure,
                     .remedy = "use device=cpu or device=auto"});
    }
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

}  // namespace kaziranga::core
