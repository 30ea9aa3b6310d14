#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>

// After <cstddef> and <cstdio>, whose declarations it uses.
#include <jpeglib.h>

namespace kaziranga::core {

/// What libjpeg's calls end in when they give up: on_jpeg_error fills the message and jumps to `escape`. Between setjmp
/// and longjmp nothing may own anything.
struct JpegFailure {
    jpeg_error_mgr manager;  // first: libjpeg hands back a pointer to it
    std::jmp_buf escape;
    char message[JMSG_LENGTH_MAX];
};

[[noreturn]] inline void on_jpeg_error(j_common_ptr info) {
    auto* failure = reinterpret_cast<JpegFailure*>(info->err);
    info->err->format_message(info, failure->message);
    std::longjmp(failure->escape, 1);
}

}  // namespace kaziranga::core
