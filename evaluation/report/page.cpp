#include "evaluation/report/page.hpp"

#include "core/text.hpp"

#include <sstream>

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <pugixml.hpp>

namespace kaziranga::evaluation {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
nav ol { columns: 2 20rem; }
a { color: #0a5a8a; }
figure { margin: 1rem 0; break-inside: avoid; }
figure img { max-width: 100%; height: auto; display: block; }
figcaption { color: #555; font-size: 0.9rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
.pictures img { width: 100%; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.9rem; margin: 1rem 0; }
th, td { text-align: left; padding: 0.25rem 0.75rem; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.claims { width: 100%; font-size: 1rem; }
.claims tr { break-inside: avoid; }
.claims td:last-child { font-weight: 600; border-left: 0.3rem solid; }
.good td:last-child { border-left-color: #009e73; background: #eef8f4; }
.bad td:last-child { border-left-color: #d55e00; background: #fdf1ea; }
.open td:last-child { border-left-color: #999; background: #f4f4f4; }
@media (max-width: 40rem) { .claims, .claims tbody, .claims tr, .claims td { display: block; } .claims th { display: none; } .claims tr { margin-bottom: 1rem; } }
pre { background: #f4f4f4; padding: 0.75rem; overflow-x: auto; font-size: 0.85rem; }
@media print { body { max-width: none; font-size: 11pt; } a { color: inherit; text-decoration: none; } pre { white-space: pre-wrap; }
  h2, h3, h2 + p, h3 + p { break-after: avoid; } .wide { break-inside: avoid; } .pictures img { width: auto; max-height: 9cm; } }
)";

bool looks_like_number(const std::string& text) {
    return text.find_first_of("0123456789") != std::string::npos &&
           text.find_first_not_of("0123456789.,+-eE%× ±()to") == std::string::npos;
}

/// XML has no control characters, not even escaped ones.
void set_text(pugi::xml_node node, const std::string& text) {
    node.text().set(core::printable(text).c_str());
}

std::string data_uri(std::string_view bytes) {
    const bool jpeg = bytes.starts_with("\xFF\xD8");
    TORCH_CHECK(jpeg || bytes.starts_with("<?xml"), "a page shows SVG and JPEG");
    return fmt::format("data:{};base64,{}", jpeg ? "image/jpeg" : "image/svg+xml", core::base64(bytes));
}

}  // namespace

struct Page::Document {
    pugi::xml_document xml;
    pugi::xml_node contents;  ///< the list at the start
    pugi::xml_node body;
    pugi::xml_node pictures;  ///< the group that the next picture joins; none after any other part
    int sections = 0;

    pugi::xml_node append(const char* element) {
        pictures = {};
        return body.append_child(element);
    }
};

Page::Page(const std::string& title) : document_(std::make_unique<Document>()) {
    pugi::xml_document& xml = document_->xml;
    xml.append_child(pugi::node_doctype).set_value("html");
    pugi::xml_node html = xml.append_child("html");
    html.append_attribute("lang") = "en";
    pugi::xml_node head = html.append_child("head");
    head.append_child("meta").append_attribute("charset") = "utf-8";
    pugi::xml_node viewport = head.append_child("meta");
    viewport.append_attribute("name") = "viewport";
    viewport.append_attribute("content") = "width=device-width, initial-scale=1";
    set_text(head.append_child("title"), title);
    head.append_child("style").text().set(kStyle);
    document_->body = html.append_child("body");
    set_text(document_->body.append_child("h1"), title);
    document_->contents = document_->body.append_child("nav").append_child("ol");
}

Page::~Page() = default;

void Page::section(const std::string& heading) {
    const std::string id = fmt::format("section-{}", ++document_->sections);
    pugi::xml_node link = document_->contents.append_child("li").append_child("a");
    link.append_attribute("href") = ("#" + id).c_str();
    set_text(link, heading);
    pugi::xml_node h2 = document_->append("h2");
    h2.append_attribute("id") = id.c_str();
    set_text(h2, heading);
}

void Page::heading(const std::string& text) {
    set_text(document_->append("h3"), text);
}

void Page::paragraph(const std::string& text) {
    set_text(document_->append("p"), text);
}

void Page::claims(const std::vector<Claim>& claims) {
    pugi::xml_node table = document_->append("table");
    table.append_attribute("class") = "claims";
    pugi::xml_node heading = table.append_child("tr");
    for (const char* name : {"claim", "measured", "verdict"}) set_text(heading.append_child("th"), name);
    for (const Claim& claim : claims) {
        pugi::xml_node row = table.append_child("tr");
        const char* tone = claim.tone == Tone::kGood ? "good" : claim.tone == Tone::kBad ? "bad" : "open";
        row.append_attribute("class") = tone;
        for (const std::string& text : {claim.claim, claim.measured, claim.verdict}) {
            set_text(row.append_child("td"), text);
        }
    }
}

void Page::table(const std::vector<std::vector<std::string>>& rows) {
    pugi::xml_node wide = document_->append("div");
    wide.append_attribute("class") = "wide";
    pugi::xml_node table = wide.append_child("table");
    for (size_t r = 0; r < rows.size(); ++r) {
        pugi::xml_node row = table.append_child("tr");
        for (size_t c = 0; c < rows[r].size(); ++c) {
            pugi::xml_node cell = row.append_child(r == 0 ? "th" : "td");
            const bool numbers = rows.size() > 1 && looks_like_number(rows[1][c]);
            if (numbers) cell.append_attribute("class") = "number";
            set_text(cell, rows[r][c]);
        }
    }
}

void Page::picture(std::string_view bytes, const std::string& caption) {
    if (!document_->pictures) {
        document_->pictures = document_->body.append_child("div");
        document_->pictures.append_attribute("class") = "pictures";
    }
    pugi::xml_node figure = document_->pictures.append_child("figure");
    pugi::xml_node image = figure.append_child("img");
    image.append_attribute("src") = data_uri(bytes).c_str();
    image.append_attribute("alt") = core::printable(caption).c_str();
    set_text(figure.append_child("figcaption"), caption);
}

void Page::listing(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(core::printable(line));
    document_->append("pre").text().set(core::join(lines, "\n").c_str());
}

std::string Page::html() const {
    std::ostringstream stream;
    // Empty elements still need their end tags in HTML.
    document_->xml.save(stream, "", pugi::format_raw | pugi::format_no_declaration | pugi::format_no_empty_element_tags,
                        pugi::encoding_utf8);
    return stream.str() + "\n";
}

}  // namespace kaziranga::evaluation
