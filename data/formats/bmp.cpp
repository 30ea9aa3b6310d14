#include "data/formats/table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace kaziranga::data::formats {
namespace {

constexpr uint64_t kFileHeader = 14, kCoreHeader = 12, kInfoHeader = 40;

enum Compression : uint32_t { kNone = 0, kRuns8 = 1, kRuns4 = 2, kMasks = 3, kAlphaMasks = 6 };

/// The bits of one colour in a pixel, for images without a palette.
class Channel {
  public:
    Channel() = default;
    explicit Channel(uint32_t mask) : shift_(mask == 0 ? 0 : std::countr_zero(mask)), most_(mask >> shift_) {}

    uint8_t of(uint32_t pixel) const {
        const uint32_t value = pixel >> shift_ & most_;
        if (most_ == 255) return static_cast<uint8_t>(value);
        return most_ == 0 ? 0 : static_cast<uint8_t>(uint64_t{value} * 255 / most_);
    }

  private:
    int shift_ = 0;
    uint32_t most_ = 0;
};

struct Layout {
    int64_t width = 0;
    int64_t height = 0;
    bool top_down = false;
    uint32_t bits = 0;
    uint32_t compression = kNone;
    uint64_t pixels_at = 0;
    uint64_t palette_at = 0;
    uint64_t palette_entry = 4;
    uint64_t palette_count = 0;
    std::array<Channel, 3> channels{};  ///< red, green, blue; for images without a palette

    uint64_t stride() const { return (static_cast<uint64_t>(width) * bits + 31) / 32 * 4; }
    bool has_runs() const { return compression == kRuns8 || compression == kRuns4; }
};

core::Error unsupported(const File& file, const std::string& found) {
    return core::Error({.what = "a BMP of a kind that is not read",
                        .where = file.where.string(),
                        .expected = "1, 4, 8, 16, 24 or 32 bits a pixel, plain or run-length coded",
                        .found = found,
                        .remedy = "convert it to PNG"});
}

void read_core_header(const File& file, Layout& layout) {
    layout.width = little16(file.bytes, 18);
    layout.height = little16(file.bytes, 20);
    layout.bits = little16(file.bytes, 24);
    layout.palette_entry = 3;
}

void read_info_header(const File& file, Layout& layout) {
    file.need(kFileHeader, kInfoHeader);
    const auto height = static_cast<int32_t>(little32(file.bytes, 22));
    layout.width = static_cast<int32_t>(little32(file.bytes, 18));
    layout.height = height < 0 ? -int64_t{height} : height;
    layout.top_down = height < 0;
    layout.bits = little16(file.bytes, 28);
    layout.compression = little32(file.bytes, 30);
    layout.palette_count = little32(file.bytes, 46);
}

void read_channels(const File& file, Layout& layout) {
    if (layout.compression == kMasks || layout.compression == kAlphaMasks) {
        constexpr uint64_t kMasksAt = kFileHeader + kInfoHeader;
        file.need(kMasksAt, 12);
        for (uint64_t c = 0; c < 3; ++c) layout.channels[c] = Channel(little32(file.bytes, kMasksAt + 4 * c));
    } else if (layout.bits == 16) {
        layout.channels = {Channel{0x7C00}, Channel{0x03E0}, Channel{0x001F}};
    } else {
        layout.channels = {Channel{0xFF0000}, Channel{0x00FF00}, Channel{0x0000FF}};
    }
}

void check_kind(const File& file, const Layout& layout) {
    const uint32_t bits = layout.bits;
    const bool masks = layout.compression == kMasks || layout.compression == kAlphaMasks;
    const bool plain = layout.compression == kNone && (bits == 1 || bits == 4 || bits == 8 || bits >= 16);
    const bool known_bits = bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
    if (known_bits && (plain || (masks && (bits == 16 || bits == 32)) || (layout.compression == kRuns8 && bits == 8) ||
                       (layout.compression == kRuns4 && bits == 4))) {
        return;
    }
    throw unsupported(file, std::to_string(bits) + " bits a pixel, compression " + std::to_string(layout.compression));
}

void read_palette(const File& file, Layout& layout, uint64_t header_length) {
    if (layout.bits > 8) {
        layout.palette_count = 0;
        return;
    }
    const uint64_t most = uint64_t{1} << layout.bits;
    layout.palette_at = kFileHeader + header_length;
    if (layout.palette_count == 0 || layout.palette_count > most) layout.palette_count = most;
    if (layout.palette_at > layout.pixels_at) throw damaged(file, "its palette lies among its pixels");
    // Some programs omit entries that no pixel uses.
    const uint64_t room = (layout.pixels_at - layout.palette_at) / layout.palette_entry;
    layout.palette_count = std::min(layout.palette_count, room);
}

Layout read_layout(const File& file) {
    file.need(0, kFileHeader + kCoreHeader);
    Layout layout;
    layout.pixels_at = little32(file.bytes, 10);
    const uint64_t header_length = little32(file.bytes, 14);
    if (header_length == kCoreHeader) {
        read_core_header(file, layout);
    } else if (header_length >= kInfoHeader) {
        read_info_header(file, layout);
    } else {
        throw damaged(file, "a header of unknown length");
    }
    if (layout.width <= 0 || layout.height <= 0) throw damaged(file, "an image of no pixels");
    check_kind(file, layout);
    read_channels(file, layout);

    const uint64_t told = little32(file.bytes, 2);
    if (!file.has(0, told)) throw truncated(file, "its header tells of " + std::to_string(told) + " bytes");
    const uint64_t pixels = layout.has_runs() ? 1 : layout.stride() * static_cast<uint64_t>(layout.height);
    if (!file.has(layout.pixels_at, pixels)) throw truncated(file, "the file ends inside its pixels");
    read_palette(file, layout, header_length);
    return layout;
}

/// Writes pixels by palette index or colour, for rows stored from the top or from the bottom.
class Canvas {
  public:
    Canvas(const File& file, const Layout& layout, uint8_t* rgb) : file_(file), layout_(layout), rgb_(rgb) {
        for (uint64_t i = 0; i < layout.palette_count; ++i) {
            const uint64_t at = layout.palette_at + i * layout.palette_entry;
            for (uint64_t c = 0; c < 3; ++c) palette_[i][c] = static_cast<uint8_t>(byte_at(file.bytes, at + 2 - c));
        }
    }

    /// Returns the output row for the `y`th row of the file.
    uint8_t* row(int64_t y) const { return rgb_ + (layout_.top_down ? y : layout_.height - 1 - y) * layout_.width * 3; }
    /// Fills the image with the first colour, because runs may skip pixels.
    void fill() const {
        for (int64_t y = 0; y < layout_.height; ++y) {
            for (int64_t x = 0; x < layout_.width; ++x) put_index(x, y, 0);
        }
    }
    void put_index(int64_t x, int64_t y, uint32_t index) const {
        if (x >= layout_.width || y >= layout_.height) throw damaged(file_, "its runs go past the image");
        std::memcpy(row(y) + 3 * x, palette_[index].data(), 3);
    }

  private:
    const File& file_;
    const Layout& layout_;
    uint8_t* rgb_;
    std::array<std::array<uint8_t, 3>, 256> palette_{};  ///< missing entries are black
};

void decode_indices(const File& file, const Layout& layout, const Canvas& canvas) {
    const auto per_byte = static_cast<int64_t>(8 / layout.bits);
    const uint32_t mask = (1U << layout.bits) - 1;
    for (int64_t y = 0; y < layout.height; ++y) {
        const uint64_t line = layout.pixels_at + static_cast<uint64_t>(y) * layout.stride();
        for (int64_t x = 0; x < layout.width; ++x) {
            const uint32_t group = byte_at(file.bytes, line + static_cast<uint64_t>(x / per_byte));
            const auto shift = static_cast<uint32_t>(per_byte - 1 - x % per_byte) * layout.bits;
            canvas.put_index(x, y, group >> shift & mask);
        }
    }
}

void decode_colors(const File& file, const Layout& layout, const Canvas& canvas) {
    const uint64_t size = layout.bits / 8;
    for (int64_t y = 0; y < layout.height; ++y) {
        uint64_t at = layout.pixels_at + static_cast<uint64_t>(y) * layout.stride();
        uint8_t* out = canvas.row(y);
        for (int64_t x = 0; x < layout.width; ++x, at += size, out += 3) {
            const uint32_t pixel = size == 2   ? little16(file.bytes, at)
                                   : size == 3 ? little24(file.bytes, at)
                                               : little32(file.bytes, at);
            for (size_t c = 0; c < 3; ++c) out[c] = layout.channels[c].of(pixel);
        }
    }
}

/// Decodes pairs (count, value). If count is 0, value means: 0 end of row, 1 end of image, 2 move by (dx, dy), n: n
/// literal pixels follow, padded to 16 bits. With 4 bits per pixel, a value holds two pixels, used alternately.
void decode_runs(const File& file, const Layout& layout, const Canvas& canvas) {
    const bool nibbles = layout.compression == kRuns4;
    const auto pixel_of = [&](uint32_t value, uint32_t i) {
        return !nibbles ? value : i % 2 == 0 ? value >> 4 : value & 0xF;
    };
    uint64_t at = layout.pixels_at;
    const auto take = [&] {
        if (!file.has(at, 1)) throw truncated(file, "the file ends inside its pixels");
        return byte_at(file.bytes, at++);
    };
    for (int64_t x = 0, y = 0;;) {
        const uint32_t count = take();
        const uint32_t value = take();
        if (count > 0) {
            for (uint32_t i = 0; i < count; ++i) canvas.put_index(x++, y, pixel_of(value, i));
        } else if (value == 0) {
            x = 0;
            ++y;
        } else if (value == 1) {
            return;
        } else if (value == 2) {
            x += take();
            y += take();
        } else {
            const uint64_t start = at;
            uint32_t packed = 0;
            for (uint32_t i = 0; i < value; ++i) {
                if (!nibbles || i % 2 == 0) packed = take();
                canvas.put_index(x++, y, pixel_of(packed, i));
            }
            at += (at - start) % 2;
        }
    }
}

Structure walk(const File& file) {
    const Layout layout = read_layout(file);
    return {.width = layout.width, .height = layout.height, .exif = {}};
}

void decode(const File& file, const Structure&, int64_t, uint8_t* rgb) {
    const Layout layout = read_layout(file);
    const Canvas canvas(file, layout, rgb);
    if (layout.has_runs()) {
        canvas.fill();
        decode_runs(file, layout, canvas);
    } else if (layout.bits <= 8) {
        decode_indices(file, layout, canvas);
    } else {
        decode_colors(file, layout, canvas);
    }
}

bool recognises(std::string_view bytes) {
    return bytes.starts_with("BM") && !looks_like_text(bytes);
}

constexpr std::string_view kExtensions[] = {".bmp"};

}  // namespace

const ImageFormat kBmp = {
    .name = "BMP", .extensions = kExtensions, .recognises = recognises, .walk = walk, .decode = decode};

}  // namespace kaziranga::data::formats
