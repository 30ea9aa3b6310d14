#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>

// After <cstddef> and <cstdio>: jpeglib.h uses their declarations.
#include <jpeglib.h>

namespace kaziranga::core {

/// Error state of libjpeg calls. On a fatal error, on_jpeg_error fills `message` and jumps to `escape`. No object that
/// owns something may live between setjmp and longjmp.
struct JpegFailure {
    jpeg_error_mgr manager;  // first member: libjpeg passes back a pointer to it
    std::jmp_buf escape;
    char message[JMSG_LENGTH_MAX];
};

[[noreturn]] inline void on_jpeg_error(j_common_ptr info) {
    auto* failure = reinterpret_cast<JpegFailure*>(info->err);
    info->err->format_message(info, failure->message);
    std::longjmp(failure->escape, 1);
}

}  // namespace kaziranga::core
