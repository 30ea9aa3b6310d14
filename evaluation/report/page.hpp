#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kaziranga::evaluation {

/// An HTML page in one file that needs no other file: contents first, then sections. Texts are plain; special
/// characters are shown unchanged.
class Page {
  public:
    explicit Page(const std::string& title);
    ~Page();
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    /// Begins a section with an entry in the contents; later parts go into it.
    void section(const std::string& heading);
    /// A heading inside the section, without an entry in the contents.
    void heading(const std::string& text);
    void paragraph(const std::string& text);
    /// A claim, its measurement and its verdict; the tone gives the colour of the verdict.
    enum class Tone { kGood, kBad, kOpen };
    struct Claim {
        std::string claim, measured, verdict;
        Tone tone = Tone::kOpen;
    };
    void claims(const std::vector<Claim>& claims);
    /// Rows of equal length; the first is the heading. Numbers are right-aligned.
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
