#include "data/formats/on_demand.hpp"

#include <dlfcn.h>

namespace kaziranga::data::formats {

OnDemandLibrary::OnDemandLibrary(const char* file) : handle_(::dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) problem_ = ::dlerror();
}

void* OnDemandLibrary::address(const char* name) {
    if (!problem_.empty()) return nullptr;
    void* found = ::dlsym(handle_, name);
    if (found == nullptr) problem_ = ::dlerror();
    return found;
}

}  // namespace kaziranga::data::formats
