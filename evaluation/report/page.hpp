#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::evaluation {

/// A page for people, one HTML file that needs no other: contents first, then sections. Texts are plain; whatever they
/// hold shows as it is.
class Page {
  public:
    explicit Page(const std::string& title);
    ~Page();
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    /// Begins a section with a line in the contents; what follows goes into it.
    void section(const std::string& heading);
    /// A heading inside the section, without a line in the contents.
    void heading(const std::string& text);
    void paragraph(const std::string& text);
    /// What was claimed, what was measured, and the verdict, whose colour is its tone.
    enum class Tone { kGood, kBad, kOpen };
    struct Claim {
        std::string claim, measured, verdict;
        Tone tone = Tone::kOpen;
    };
    void claims(const std::vector<Claim>& claims);
    /// Rows of equal length, the first the heading; numbers to the right.
    void table(const std::vector<std::vector<std::string>>& rows);
    /// @param bytes  an SVG or JPEG file
    void picture(std::string_view bytes, const std::string& caption);
    /// Text with its own line breaks, such as a config.
    void listing(const std::string& text);

    std::string html() const;

  private:
    struct Document;
    std::unique_ptr<Document> document_;
};

}  // namespace kaziranga::evaluation
