#include "evaluation/report/contact_sheet.hpp"

#include "core/encode_jpeg.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <string_view>

#include <opencv2/imgproc.hpp>

namespace kaziranga::evaluation {
namespace {

constexpr int kAcross = 4, kMost = 16;
constexpr int kSmallestTile = 160;  // pixels; an image narrower than this is enlarged
constexpr int kMargin = 12;         // pixels around and between the tiles
constexpr int kCaption = 26;        // pixels of height below each image
constexpr int kQuality = 92;        // of the JPEG

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontScale = 0.48;
const cv::Scalar kPaper(250, 250, 250);
const cv::Scalar kInk(40, 40, 40);

int width_of(const std::string& text) {
    int baseline = 0;
    return cv::getTextSize(text, kFont, kFontScale, 1, &baseline).width;
}

/// Cuts a text to a width. OpenCV's fonts support only ASCII, and a long text would run into the next tile.
std::string fitting(std::string text, int width) {
    constexpr std::string_view kCut = "...";
    text.resize(std::min(text.size(), size_t{4} * static_cast<size_t>(width)));  // no letter is narrower than a pixel
    text = core::in_ascii(text);
    if (width_of(text) <= width) return text;
    while (!text.empty() && width_of(text + kCut.data()) > width) text.pop_back();
    return text + kCut.data();
}

/// @param image  [3, H, W]
cv::Mat tile_of(const at::Tensor& image) {
    const at::Tensor rows = image.permute({1, 2, 0}).contiguous();
    const cv::Mat rgb(static_cast<int>(rows.size(0)), static_cast<int>(rows.size(1)), CV_8UC3,
                      const_cast<void*>(rows.const_data_ptr()));
    cv::Mat tile;
    cv::cvtColor(rgb, tile, cv::COLOR_RGB2BGR);
    const int times = (kSmallestTile + tile.cols - 1) / tile.cols;
    if (times > 1) cv::resize(tile, tile, {}, times, times, cv::INTER_NEAREST);
    return tile;
}

void place(cv::Mat& sheet, const cv::Mat& tile, const std::string& caption, int number) {
    const int left = kMargin + number % kAcross * (tile.cols + kMargin);
    const int top = kMargin + number / kAcross * (tile.rows + kCaption + kMargin);
    tile.copyTo(sheet(cv::Rect(left, top, tile.cols, tile.rows)));
    const std::string text = fitting(caption, tile.cols);
    const cv::Point baseline(left + (tile.cols - width_of(text)) / 2, top + tile.rows + kCaption * 2 / 3);
    cv::putText(sheet, text, baseline, kFont, kFontScale, kInk, 1, cv::LINE_AA);
}

}  // namespace

void write_contact_sheet(const std::filesystem::path& path, const at::Tensor& images,
                         const std::vector<std::string>& captions) {
    TORCH_CHECK(images.dim() == 4 && images.size(1) == 3 && images.scalar_type() == at::kByte && images.numel() > 0,
                "images are [N, 3, H, W] uint8");
    TORCH_CHECK(images.is_cpu() && captions.size() == static_cast<size_t>(images.size(0)), "a caption an image");
    const int count = static_cast<int>(std::min<int64_t>(images.size(0), kMost));
    const int columns = std::min(count, kAcross), rows = (count + kAcross - 1) / kAcross;
    cv::Mat sheet;
    for (int i = 0; i < count; ++i) {
        const cv::Mat tile = tile_of(images[i]);
        if (i == 0) {
            sheet.create(kMargin + rows * (tile.rows + kCaption + kMargin), kMargin + columns * (tile.cols + kMargin),
                         CV_8UC3);
            sheet.setTo(kPaper);
        }
        place(sheet, tile, captions[static_cast<size_t>(i)], i);
    }
    core::write_file(path, core::encode_jpeg({sheet.data, sheet.cols, sheet.rows, sheet.step}, kQuality));
}

}  // namespace kaziranga::evaluation
