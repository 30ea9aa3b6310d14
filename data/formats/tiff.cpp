#include "data/formats/on_demand.hpp"
#include "data/formats/table.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <vector>

#include <tiffio.h>

namespace kaziranga::data::formats {
namespace {

/// Largest piece of memory that libtiff may ask for at once, bytes: whole images of data.max_pixels fit.
constexpr tmsize_t kLargestPiece = tmsize_t{2} << 30;
constexpr size_t kMessageLength = 1024;  // of TIFFRGBAImage's

/// The functions of libtiff that are used here.
struct Library {
    decltype(TIFFOpenOptionsAlloc)* allocate_options = nullptr;
    decltype(TIFFOpenOptionsFree)* free_options = nullptr;
    decltype(TIFFOpenOptionsSetMaxSingleMemAlloc)* set_largest_piece = nullptr;
    decltype(TIFFOpenOptionsSetErrorHandlerExtR)* set_error_handler = nullptr;
    decltype(TIFFOpenOptionsSetWarningHandlerExtR)* set_warning_handler = nullptr;
    decltype(TIFFClientOpenExt)* open = nullptr;
    decltype(TIFFClose)* close = nullptr;
    decltype(TIFFGetField)* get_field = nullptr;
    decltype(TIFFSetField)* set_field = nullptr;
    decltype(TIFFIsTiled)* is_tiled = nullptr;
    decltype(TIFFNumberOfTiles)* count_tiles = nullptr;
    decltype(TIFFNumberOfStrips)* count_strips = nullptr;
    decltype(TIFFGetStrileOffset)* offset_of = nullptr;
    decltype(TIFFGetStrileByteCount)* bytes_of = nullptr;
    decltype(TIFFRGBAImageOK)* can_be_rgb = nullptr;
    decltype(TIFFRGBAImageBegin)* begin_rgb = nullptr;
    decltype(TIFFRGBAImageGet)* get_rgb = nullptr;
    decltype(TIFFRGBAImageEnd)* end_rgb = nullptr;
    OnDemandLibrary library{"libtiff.so.6"};

    Library() {
        library.find("TIFFOpenOptionsAlloc", allocate_options);
        library.find("TIFFOpenOptionsFree", free_options);
        library.find("TIFFOpenOptionsSetMaxSingleMemAlloc", set_largest_piece);
        library.find("TIFFOpenOptionsSetErrorHandlerExtR", set_error_handler);
        library.find("TIFFOpenOptionsSetWarningHandlerExtR", set_warning_handler);
        library.find("TIFFClientOpenExt", open);
        library.find("TIFFClose", close);
        library.find("TIFFGetField", get_field);
        library.find("TIFFSetField", set_field);
        library.find("TIFFIsTiled", is_tiled);
        library.find("TIFFNumberOfTiles", count_tiles);
        library.find("TIFFNumberOfStrips", count_strips);
        library.find("TIFFGetStrileOffset", offset_of);
        library.find("TIFFGetStrileByteCount", bytes_of);
        library.find("TIFFRGBAImageOK", can_be_rgb);
        library.find("TIFFRGBAImageBegin", begin_rgb);
        library.find("TIFFRGBAImageGet", get_rgb);
        library.find("TIFFRGBAImageEnd", end_rgb);
    }
};

const Library& libtiff(const File& file) {
    static const Library library;
    if (!library.library.problem().empty()) throw needs_library(file, "TIFF", "libtiff6", library.library.problem());
    return library;
}

/// A file in memory as libtiff reads it, and libtiff's first message.
struct Reading {
    std::string_view bytes;
    uint64_t at = 0;
    std::string message = {};
};

tmsize_t read(thandle_t handle, void* to, tmsize_t count) {
    auto& reading = *static_cast<Reading*>(handle);
    if (count < 0 || reading.at >= reading.bytes.size()) return 0;
    const std::string_view part = reading.bytes.substr(reading.at, static_cast<size_t>(count));
    std::ranges::copy(part, static_cast<char*>(to));
    reading.at += part.size();
    return static_cast<tmsize_t>(part.size());
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
    return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& reading = *static_cast<Reading*>(handle);
    const uint64_t from = whence == SEEK_CUR ? reading.at : whence == SEEK_END ? reading.bytes.size() : 0;
    reading.at = from + offset;
    return reading.at;
}

int close_nothing(thandle_t) {
    return 0;
}

toff_t size_of(thandle_t handle) {
    return static_cast<Reading*>(handle)->bytes.size();
}

int map(thandle_t handle, void** base, toff_t* size) {
    const std::string_view bytes = static_cast<Reading*>(handle)->bytes;
    *base = const_cast<char*>(bytes.data());  // libtiff only reads files that are opened for reading
    *size = bytes.size();
    return 1;
}

void unmap_nothing(thandle_t, void*, toff_t) {}

int keep_message(TIFF*, void* handle, const char*, const char* format, va_list arguments) {
    std::string& message = static_cast<Reading*>(handle)->message;
    if (message.empty()) {
        message.resize(kMessageLength);
        const int length = std::vsnprintf(message.data(), message.size(), format, arguments);
        message.resize(std::min(static_cast<size_t>(std::max(length, 0)), kMessageLength - 1));
    }
    return 1;
}

int ignore_message(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

/// An opened file.
class Tiff {
  public:
    explicit Tiff(const File& file) : file_(file), lib_(libtiff(file)), reading_{.bytes = file.bytes} {
        const std::unique_ptr<TIFFOpenOptions, decltype(lib_.free_options)> options(lib_.allocate_options(),
                                                                                    lib_.free_options);
        lib_.set_largest_piece(options.get(), kLargestPiece);
        lib_.set_error_handler(options.get(), keep_message, &reading_);
        lib_.set_warning_handler(options.get(), ignore_message, nullptr);
        tiff_ = lib_.open("", "r", &reading_, read, write_nothing, seek, close_nothing, size_of, map, unmap_nothing,
                          options.get());
        if (tiff_ == nullptr) throw damaged(file, reading_.message);
    }
    ~Tiff() { lib_.close(tiff_); }
    Tiff(const Tiff&) = delete;
    Tiff& operator=(const Tiff&) = delete;

    int64_t number(uint32_t tag) const {
        uint32_t value = 0;
        return lib_.get_field(tiff_, tag, &value) == 1 ? value : 0;
    }

    /// The pixels lie in strips or tiles.
    void require_all_parts() const {
        const uint32_t parts = lib_.is_tiled(tiff_) != 0 ? lib_.count_tiles(tiff_) : lib_.count_strips(tiff_);
        if (parts == 0 || parts > file_.bytes.size()) throw damaged(file_, "its pixels are in no proper pieces");
        for (uint32_t part = 0; part < parts; ++part) {
            file_.need(lib_.offset_of(tiff_, part), lib_.bytes_of(tiff_, part));
        }
    }

    void require_colours() const {
        std::array<char, kMessageLength> why{};
        if (lib_.can_be_rgb(tiff_, why.data()) == 1) return;
        throw core::Error({.what = "a kind of TIFF that is not supported",
                           .where = file_.where.string(),
                           .expected = "8 or 16 bits a colour",
                           .found = why.data(),
                           .remedy = "convert it to JPEG or PNG"});
    }

    /// @param rgb  [height, width, 3], in the order in which the rows and columns are stored
    void decode(const Structure& structure, uint8_t* rgb) {
        drop_alpha();
        std::array<char, kMessageLength> why{};
        TIFFRGBAImage image{};
        if (lib_.begin_rgb(&image, tiff_, /*stop=*/1, why.data()) == 0) throw damaged(file_, why.data());
        const std::unique_ptr<TIFFRGBAImage, decltype(lib_.end_rgb)> owner(&image, lib_.end_rgb);
        if (image.width != structure.width || image.height != structure.height) {
            throw damaged(file_, "its headers contradict each other");
        }
        image.req_orientation = image.orientation;
        std::vector<uint32_t> pixels(static_cast<size_t>(structure.width * structure.height));
        if (lib_.get_rgb(&image, pixels.data(), image.width, image.height) == 0) {
            throw damaged(file_, reading_.message);
        }
        for (const uint32_t pixel : pixels) {
            *rgb++ = TIFFGetR(pixel);
            *rgb++ = TIFFGetG(pixel);
            *rgb++ = TIFFGetB(pixel);
        }
    }

  private:
    /// libtiff multiplies colours by an alpha that is not yet in them. What is said to be in them already, it leaves.
    void drop_alpha() {
        uint16_t count = 0;
        const uint16_t* kinds = nullptr;
        if (lib_.get_field(tiff_, TIFFTAG_EXTRASAMPLES, &count, &kinds) == 0 || count == 0) return;
        std::vector<uint16_t> dropped(kinds, kinds + count);
        std::ranges::replace(dropped, EXTRASAMPLE_UNASSALPHA, EXTRASAMPLE_ASSOCALPHA);
        lib_.set_field(tiff_, TIFFTAG_EXTRASAMPLES, count, dropped.data());
    }

    const File& file_;
    const Library& lib_;
    Reading reading_;
    TIFF* tiff_ = nullptr;
};

bool recognises(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv);
}

Structure walk(const File& file) {
    constexpr uint64_t kHeader = 8;
    file.need(0, kHeader);
    file.need(byte_at(file.bytes, 0) == 'I' ? little32(file.bytes, 4) : big32(file.bytes, 4), 2);
    const Tiff tiff(file);
    // EXIF's own structure is that of TIFF, so the orientation is found in the file itself.
    const Structure structure = {
        .width = tiff.number(TIFFTAG_IMAGEWIDTH), .height = tiff.number(TIFFTAG_IMAGELENGTH), .exif = file.bytes};
    if (structure.width == 0 || structure.height == 0) throw damaged(file, "an image of no pixels");
    tiff.require_colours();
    tiff.require_all_parts();
    return structure;
}

void decode(const File& file, const Structure& structure, int64_t, uint8_t* rgb) {
    Tiff(file).decode(structure, rgb);
}

constexpr std::string_view kExtensions[] = {".tif", ".tiff"};

}  // namespace

const ImageFormat kTiff = {
    .name = "TIFF", .extensions = kExtensions, .recognises = recognises, .walk = walk, .decode = decode};

}  // namespace kaziranga::data::formats
