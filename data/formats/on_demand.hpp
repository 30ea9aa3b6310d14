#pragma once

#include <string>

namespace kaziranga::data::formats {

/// A library that is loaded when the first file needs it. The program starts without it, and is passed on without it.
class OnDemandLibrary {
  public:
    /// @param file  name of the library, such as "libtiff.so.6"
    explicit OnDemandLibrary(const char* file);
    OnDemandLibrary(const OnDemandLibrary&) = delete;
    OnDemandLibrary& operator=(const OnDemandLibrary&) = delete;

    /// Why it is not there; empty if it is.
    const std::string& problem() const { return problem_; }

    /// Sets a pointer to the function of this name. Without the library or the function the pointer is null, and
    /// problem() says why.
    template <class Function>
    void find(const char* name, Function*& function) {
        function = reinterpret_cast<Function*>(address(name));
    }

  private:
    void* address(const char* name);

    void* handle_ = nullptr;
    std::string problem_;
};

}  // namespace kaziranga::data::formats
