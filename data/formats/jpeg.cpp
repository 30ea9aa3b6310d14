#include "core/interrupt.hpp"
#include "core/jpeg_failure.hpp"
#include "data/formats/table.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include <jerror.h>  // must come after jpeglib.h, which configures it

namespace kaziranga::data::formats {
namespace {

constexpr uint32_t kStartOfScan = 0xDA, kEndOfImage = 0xD9, kApp1 = 0xE1;

/// A small progressive file can require thousands of passes over a large image; encoders write about ten.
constexpr int kMostScans = 100;
constexpr const char* kTooManyScans = "it asks for more than 100 passes over the image";

bool is_frame(uint32_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool stands_alone(uint32_t marker) {
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

/// Returns the position of the next marker's code at or after `at`. Skips fill bytes and any other bytes between, like
/// decoders do. In entropy-coded data, FF 00 is a data byte and RSTn (FF D0 … FF D7) belongs to the data.
uint64_t next_marker(const File& file, uint64_t at, bool in_scan) {
    for (;; ++at) {
        at = file.bytes.find('\xFF', at);
        while (at != std::string_view::npos && file.has(at + 1, 1) && byte_at(file.bytes, at + 1) == 0xFF) ++at;
        if (at == std::string_view::npos || !file.has(at + 1, 1)) {
            throw truncated(file, "the end-of-image marker is missing");
        }
        const uint32_t code = byte_at(file.bytes, at + 1);
        if (code != 0 && !(in_scan && code >= 0xD0 && code <= 0xD7)) return at + 1;
    }
}

/// Refuses valid kinds of JPEG that no camera writes: lossless, hierarchical, more than 8 bits per colour.
void refuse_rare_kinds(const File& file, uint32_t marker, uint32_t bits) {
    const bool usual = (marker >= 0xC0 && marker <= 0xC2) || marker == 0xC9 || marker == 0xCA;
    if (usual && bits == 8) return;
    if (usual && bits != 12 && bits != 16) throw damaged(file, "colours of " + std::to_string(bits) + " bits");
    throw core::Error(
        {.what = usual ? "a JPEG of " + std::to_string(bits) + " bits a colour" : "a lossless or hierarchical JPEG",
         .where = file.where.string(),
         .expected = "an ordinary JPEG, 8 bits a colour",
         .remedy = "convert it to an ordinary JPEG or PNG, or remove it"});
}

void read_frame(const File& file, uint64_t segment, uint64_t length, Structure& structure) {
    constexpr uint64_t kShortestFrame = 8;
    if (structure.width != 0) throw damaged(file, "it has two frame headers");
    if (length < kShortestFrame) throw damaged(file, "its frame header is too short");
    refuse_rare_kinds(file, byte_at(file.bytes, segment - 1), byte_at(file.bytes, segment + 2));
    structure.height = big16(file.bytes, segment + 3);
    structure.width = big16(file.bytes, segment + 5);
    if (structure.width == 0 || structure.height == 0) throw damaged(file, "an image of no pixels");
}

[[noreturn]] void give_up(core::JpegFailure& failure, const char* message) {
    std::snprintf(failure.message, sizeof failure.message, "%s", message);
    std::longjmp(failure.escape, 1);
}

/// libjpeg continues after a warning. That is correct for extra bytes between segments, but lost data gives grey areas,
/// so those warnings are errors.
void on_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_JPEG_EOF:
        case JWRN_MUST_RESYNC:
            core::on_jpeg_error(info);
        default:
            ++info->err->num_warnings;
    }
}

/// libjpeg calls this function regularly while it works.
void watch(j_common_ptr info) {
    auto& failure = *reinterpret_cast<core::JpegFailure*>(info->err);
    if (core::interrupt_requested()) give_up(failure, "interrupted");
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMostScans) {
        give_up(failure, kTooManyScans);
    }
}

/// Values are stored inverted, as in files of Adobe and of all others. Rounds like Pillow's cmyk2rgb.
void cmyk_to_rgb(const uint8_t* cmyk, uint8_t* rgb, size_t pixels) {
    for (size_t i = 0; i < pixels; ++i, cmyk += 4, rgb += 3) {
        const int light = cmyk[3];
        for (int c = 0; c < 3; ++c) {
            const int product = (255 - cmyk[c]) * light + 128;
            rgb[c] = static_cast<uint8_t>(light - (((product >> 8) + product) >> 8));
        }
    }
}

/// The columns that libjpeg is asked to decode for some columns of the image.
struct Columns {
    JDIMENSION first = 0, count = 0;
};

/// At the edges of what it decodes, libjpeg repeats colours instead of mixing those of two blocks. A block more on each
/// side makes the columns between equal to those of the whole image.
Columns with_neighbours(const Box& region, JDIMENSION width) {
    constexpr int64_t kBlock = 16;  // 8 pixels, twice as wide where two columns share a sample of colour
    const int64_t first = std::max<int64_t>(region.left - kBlock, 0);
    const int64_t end = std::min<int64_t>(region.left + region.width + kBlock, width);
    return {static_cast<JDIMENSION>(first), static_cast<JDIMENSION>(end - first)};
}

/// True if libjpeg can decode a part of the file to the same pixels. It cannot where more than two columns or rows
/// share a sample of colour, which no camera writes.
bool parts_are_equal(const jpeg_decompress_struct& info) {
    return info.max_h_samp_factor <= 2 && info.max_v_samp_factor <= 2;
}

/// No object that owns something may live between setjmp and longjmp. jpeg_destroy frees libjpeg's own memory.
/// @param region  the part to decode, in the reduced image
/// @return false, with failure.message filled, if libjpeg failed
bool decompress(std::string_view bytes, const Structure& structure, int64_t reduced_by, const Box& region, uint8_t* rgb,
                core::JpegFailure& failure) {
    jpeg_decompress_struct info{};
    jpeg_progress_mgr monitor{};
    info.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = core::on_jpeg_error;
    failure.manager.emit_message = on_message;
    if (setjmp(failure.escape) != 0) {
        jpeg_destroy_decompress(&info);
        return false;
    }
    jpeg_create_decompress(&info);
    monitor.progress_monitor = watch;
    info.progress = &monitor;
    jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&info, TRUE);
    if (info.image_width != structure.width || info.image_height != structure.height) {
        give_up(failure, "its headers contradict each other");
    }
    const bool four_inks = info.num_components == 4;
    info.out_color_space = four_inks ? JCS_CMYK : JCS_RGB;
    info.scale_num = 1;
    info.scale_denom = static_cast<unsigned>(reduced_by);
    jpeg_start_decompress(&info);
    if (info.output_width != reduced_side(structure.width, reduced_by) ||
        info.output_height != reduced_side(structure.height, reduced_by)) {
        give_up(failure, "its headers contradict each other");
    }

    const bool in_part = parts_are_equal(info);
    Columns columns = {.count = info.output_width};
    if (in_part) columns = with_neighbours(region, info.output_width);
    if (columns.count < info.output_width) jpeg_crop_scanline(&info, &columns.first, &columns.count);
    // Rows go straight into the image, unless more than its columns are decoded or colours are converted here.
    const bool straight = !four_inks && columns.count == static_cast<JDIMENSION>(region.width);
    const int64_t samples = four_inks ? 4 : 3;
    JSAMPARRAY row = info.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&info), JPOOL_IMAGE,
                                            static_cast<JDIMENSION>(samples) * columns.count, 1);
    const uint8_t* part = row[0] + samples * (region.left - static_cast<int64_t>(columns.first));
    if (in_part && region.top > 0) jpeg_skip_scanlines(&info, static_cast<JDIMENSION>(region.top));
    while (info.output_scanline < static_cast<JDIMENSION>(region.top)) jpeg_read_scanlines(&info, row, 1);
    for (int64_t y = 0; y < region.height; ++y) {
        uint8_t* out = rgb + 3 * region.width * y;
        jpeg_read_scanlines(&info, straight ? &out : row, 1);
        if (four_inks) {
            cmyk_to_rgb(part, out, static_cast<size_t>(region.width));
        } else if (!straight) {
            std::memcpy(out, part, static_cast<size_t>(3 * region.width));
        }
    }
    if (info.output_scanline == info.output_height) jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return true;
}

Structure walk(const File& file) {
    constexpr std::string_view kExifTag("Exif\0\0", 6), kEnd("\xFF\xD9");
    Structure structure;
    int scans = 0;
    for (uint64_t at = 2;;) {
        const uint64_t code_at = next_marker(file, at, scans > 0);
        const uint32_t code = byte_at(file.bytes, code_at);
        const uint64_t segment = code_at + 1;
        at = segment;
        if (code == kEndOfImage) break;
        if (stands_alone(code)) continue;

        if (!file.has(segment, 2)) throw truncated(file, "the end-of-image marker is missing");
        const uint64_t length = big16(file.bytes, segment);
        if (length < 2) throw damaged(file, "a segment of impossible length");
        if (!file.has(segment, length)) {
            if (file.bytes.ends_with(kEnd)) throw damaged(file, "a segment is longer than the rest of the file");
            throw truncated(file, "the end-of-image marker is missing");
        }
        at = segment + length;
        if (is_frame(code)) read_frame(file, segment, length, structure);
        if (code == kStartOfScan) {
            if (structure.width == 0) throw damaged(file, "pixels come before the frame header");
            if (++scans > kMostScans) throw damaged(file, kTooManyScans);
        }
        const std::string_view content = file.bytes.substr(segment + 2, length - 2);
        if (code == kApp1 && structure.exif.empty() && content.starts_with(kExifTag)) {
            structure.exif = content.substr(kExifTag.size());
        }
    }
    if (scans == 0) throw damaged(file, "it ends before any pixels");
    return structure;
}

void decode_region(const File& file, const Structure& structure, int64_t reduced_by, const Box& region, uint8_t* rgb) {
    core::JpegFailure failure{};
    if (decompress(file.bytes, structure, reduced_by, region, rgb, failure)) return;
    core::throw_if_interrupted();
    throw damaged(file, failure.message);
}

void decode(const File& file, const Structure& structure, int64_t reduced_by, uint8_t* rgb) {
    const Box all = {.height = reduced_side(structure.height, reduced_by),
                     .width = reduced_side(structure.width, reduced_by)};
    decode_region(file, structure, reduced_by, all, rgb);
}

bool recognises(std::string_view bytes) {
    return bytes.starts_with("\xFF\xD8\xFF");
}

constexpr std::string_view kExtensions[] = {".jpg", ".jpeg", ".jpe", ".jfif", ".jfi"};

}  // namespace

const ImageFormat kJpeg = {.name = "JPEG",
                           .extensions = kExtensions,
                           .recognises = recognises,
                           .walk = walk,
                           .decode = decode,
                           .reducible = true,
                           .decode_region = decode_region};

}  // namespace kaziranga::data::formats
