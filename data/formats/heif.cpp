#include "data/formats/on_demand.hpp"
#include "data/formats/table.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <libheif/heif.h>

namespace kaziranga::data::formats {
namespace {

/// The functions of libheif that are used here.
struct Library {
    decltype(heif_context_alloc)* allocate_context = nullptr;
    decltype(heif_context_free)* free_context = nullptr;
    decltype(heif_context_set_max_decoding_threads)* set_threads = nullptr;
    decltype(heif_context_read_from_memory_without_copy)* read = nullptr;
    decltype(heif_context_get_primary_image_handle)* get_primary = nullptr;
    decltype(heif_image_handle_release)* release_handle = nullptr;
    decltype(heif_image_handle_get_width)* width_of = nullptr;
    decltype(heif_image_handle_get_height)* height_of = nullptr;
    decltype(heif_decoding_options_alloc)* allocate_options = nullptr;
    decltype(heif_decoding_options_free)* free_options = nullptr;
    decltype(heif_decode_image)* decode = nullptr;
    decltype(heif_image_get_width)* decoded_width_of = nullptr;
    decltype(heif_image_get_height)* decoded_height_of = nullptr;
    decltype(heif_image_get_plane_readonly)* plane_of = nullptr;
    decltype(heif_image_release)* release_image = nullptr;
    OnDemandLibrary library{"libheif.so.1"};

    Library() {
        library.find("heif_context_alloc", allocate_context);
        library.find("heif_context_free", free_context);
        library.find("heif_context_set_max_decoding_threads", set_threads);
        library.find("heif_context_read_from_memory_without_copy", read);
        library.find("heif_context_get_primary_image_handle", get_primary);
        library.find("heif_image_handle_release", release_handle);
        library.find("heif_image_handle_get_width", width_of);
        library.find("heif_image_handle_get_height", height_of);
        library.find("heif_decoding_options_alloc", allocate_options);
        library.find("heif_decoding_options_free", free_options);
        library.find("heif_decode_image", decode);
        library.find("heif_image_get_width", decoded_width_of);
        library.find("heif_image_get_height", decoded_height_of);
        library.find("heif_image_get_plane_readonly", plane_of);
        library.find("heif_image_release", release_image);
    }
};

const Library& libheif(const File& file) {
    static const Library library;
    if (!library.library.problem().empty()) {
        throw needs_library(file, "HEIC and AVIF", "libheif1", library.library.problem());
    }
    return library;
}

template <class Object, class Release>
using Owned = std::unique_ptr<Object, Release*>;

/// An opened file and its main image.
class Heif {
  public:
    /// @param decoder  the decoder that libheif should take if it has it; null: any
    explicit Heif(const File& file, const char* decoder = nullptr)
        : file_(file),
          decoder_(decoder),
          lib_(libheif(file)),
          context_(lib_.allocate_context(), lib_.free_context),
          image_(nullptr, lib_.release_handle) {
        lib_.set_threads(context_.get(), 0);  // images are decoded side by side already
        require(lib_.read(context_.get(), file.bytes.data(), file.bytes.size(), nullptr));
        heif_image_handle* image = nullptr;
        require(lib_.get_primary(context_.get(), &image));
        image_.reset(image);
    }

    /// Upright: libheif turns images as the file says.
    int64_t width() const { return lib_.width_of(image_.get()); }
    int64_t height() const { return lib_.height_of(image_.get()); }

    /// @param rgb  [height, width, 3]
    void decode(const Structure& structure, uint8_t* rgb) const {
        const Owned<heif_decoding_options, decltype(heif_decoding_options_free)> options(lib_.allocate_options(),
                                                                                         lib_.free_options);
        // The library is another than the one of the headers where it is older.
        constexpr int kWithEightBits = 2, kWithStrictness = 3, kWithDecoder = 4;
        if (options->version >= kWithEightBits) options->convert_hdr_to_8bit = 1;
        if (options->version >= kWithStrictness) options->strict_decoding = 1;
        const bool named = decoder_ != nullptr && options->version >= kWithDecoder;
        if (named) options->decoder_id = decoder_;
        heif_image* decoded = nullptr;
        heif_error error = decode_into(decoded, *options);
        if (named && lacks_decoder(error)) {
            options->decoder_id = nullptr;
            error = decode_into(decoded, *options);
        }
        const Owned<const heif_image, decltype(heif_image_release)> owner(decoded, lib_.release_image);
        require(error);
        if (lib_.decoded_width_of(decoded, heif_channel_interleaved) != structure.width ||
            lib_.decoded_height_of(decoded, heif_channel_interleaved) != structure.height) {
            throw damaged(file_, "its headers contradict each other");
        }
        int stride = 0;
        const uint8_t* plane = lib_.plane_of(decoded, heif_channel_interleaved, &stride);
        if (plane == nullptr) throw damaged(file_, "it has no pixels");
        const int64_t row = 3 * structure.width;
        for (int64_t y = 0; y < structure.height; ++y, plane += stride, rgb += row) {
            std::memcpy(rgb, plane, static_cast<size_t>(row));
        }
    }

  private:
    heif_error decode_into(heif_image*& decoded, const heif_decoding_options& options) const {
        return lib_.decode(image_.get(), &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &options);
    }

    static bool lacks_decoder(const heif_error& error) {
        return error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype ||
               error.code == heif_error_Plugin_loading_error;
    }

    void require(const heif_error& error) const {
        if (error.code == heif_error_Ok) return;
        const std::string message = error.message == nullptr ? "it cannot be read" : error.message;
        if (!lacks_decoder(error)) throw damaged(file_, message);
        throw core::Error({.what = "a kind of HEIC or AVIF that is not supported here",
                           .where = file_.where.string(),
                           .found = message,
                           .remedy = "convert it to JPEG or PNG, or install the decoders of libheif"});
    }

    const File& file_;
    const char* decoder_;
    const Library& lib_;
    Owned<heif_context, decltype(heif_context_free)> context_;
    Owned<const heif_image_handle, decltype(heif_image_handle_release)> image_;
};

/// The boxes at the top of the file (ISO/IEC 14496-12, 4.2), whose lengths must fit into it.
void require_all_boxes(const File& file) {
    constexpr uint64_t kHeader = 8, kLongHeader = 16;
    for (uint64_t at = 0; at < file.bytes.size();) {
        file.need(at, kHeader);
        uint64_t length = big32(file.bytes, at);
        if (length == 0) return;  // to the end of the file
        if (length == 1) {
            file.need(at, kLongHeader);
            length = uint64_t{big32(file.bytes, at + 8)} << 32 | big32(file.bytes, at + 12);
        }
        if (length < kHeader) throw damaged(file, "a box of impossible length");
        if (!file.has(at, length)) throw truncated(file, "a box is longer than the rest of the file");
        at += length;
    }
}

Structure walk(const File& file) {
    require_all_boxes(file);
    const Heif heif(file);
    if (heif.width() <= 0 || heif.height() <= 0) throw damaged(file, "an image of no pixels");
    return {.width = heif.width(), .height = heif.height()};
}

void decode_heic(const File& file, const Structure& structure, int64_t, uint8_t* rgb) {
    Heif(file).decode(structure, rgb);
}

/// dav1d, which libheif prefers for AVIF, writes to standard error about each damaged file. libaom does not.
void decode_avif(const File& file, const Structure& structure, int64_t, uint8_t* rgb) {
    Heif(file, "aom").decode(structure, rgb);
}

/// @return the file type's main brand (ISO/IEC 14496-12, 4.3); empty if it has none
std::string_view brand_of(std::string_view bytes) {
    constexpr size_t kType = 4, kBrand = 8, kLength = 4;
    return bytes.size() >= kBrand + kLength && bytes.substr(kType).starts_with("ftyp") ? bytes.substr(kBrand, kLength)
                                                                                       : std::string_view();
}

bool is_heic(std::string_view bytes) {
    constexpr std::array<std::string_view, 6> kBrands = {"heic", "heix", "heim", "heis", "mif1", "mif2"};
    return std::ranges::count(kBrands, brand_of(bytes)) > 0;
}

bool is_avif(std::string_view bytes) {
    return brand_of(bytes) == "avif";
}

constexpr std::string_view kHeicExtensions[] = {".heic", ".heif", ".hif"};
constexpr std::string_view kAvifExtensions[] = {".avif"};

}  // namespace

const ImageFormat kHeic = {
    .name = "HEIC", .extensions = kHeicExtensions, .recognises = is_heic, .walk = walk, .decode = decode_heic};
const ImageFormat kAvif = {
    .name = "AVIF", .extensions = kAvifExtensions, .recognises = is_avif, .walk = walk, .decode = decode_avif};

}  // namespace kaziranga::data::formats
