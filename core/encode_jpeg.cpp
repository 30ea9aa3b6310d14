#include "core/encode_jpeg.hpp"

#include "core/error.hpp"
#include "core/jpeg_failure.hpp"

#include <cstdlib>
#include <memory>

namespace kaziranga::core {
namespace {

/// Has no objects that own something, because libjpeg may leave it with longjmp.
/// @param file, size  the encoded file; libjpeg allocates it with malloc, and the caller frees it, also after a failure
/// @return false, with failure.message filled, if libjpeg failed
bool compress(const Picture& picture, int quality, unsigned char*& file, unsigned long& size, JpegFailure& failure) {
    constexpr int kColours = 3;
    jpeg_compress_struct info{};
    info.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = on_jpeg_error;
    if (setjmp(failure.escape) != 0) {
        jpeg_destroy_compress(&info);
        return false;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &file, &size);
    info.image_width = static_cast<JDIMENSION>(picture.width);
    info.image_height = static_cast<JDIMENSION>(picture.height);
    info.input_components = kColours;
    info.in_color_space = JCS_EXT_BGR;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        // libjpeg's type is a pointer to non-const bytes, but it does not change them.
        auto* row = const_cast<JSAMPROW>(picture.bgr + picture.row_bytes * info.next_scanline);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    return true;
}

}  // namespace

std::string encode_jpeg(const Picture& picture, int quality) {
    JpegFailure failure{};
    unsigned char* file = nullptr;
    unsigned long size = 0;
    const bool made = compress(picture, quality, file, size, failure);
    const std::unique_ptr<unsigned char, decltype(&std::free)> owner(file, &std::free);
    if (!made) throw Error({.what = std::string("cannot encode an image as JPEG: ") + failure.message});
    return {reinterpret_cast<const char*>(file), size};
}

}  // namespace kaziranga::core
