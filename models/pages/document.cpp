#include "pages/document.h"

#include <fmt/format.h>

#include "nicteam/report/html.h"
#include "nicteam/report/page_style.h"
#include "pages/embedded.h"

namespace nicteam::pages {
namespace {

using report::escaped;

// Text within <script>: nothing in it ends the element.
std::string within_script(std::string s) {
    for (std::size_t at = 0; (at = s.find("</script", at)) != std::string::npos; at += 8) s.replace(at, 2, "<\\/");
    return s;
}
// The same of JSON, where `<` stands in strings only.
std::string json_in_html(const std::string& s) {
    std::string out;
    for (const char c : s) out += c == '<' ? "\\u003c" : std::string(1, c);
    return out;
}

}  // namespace

void document::section(const char* id, const char* name, const std::string& html, bool drawn_only) {
    if (html.empty()) return;
    const char* how = drawn_only ? " class=\"drawn\"" : "";
    contents_ += fmt::format("<a href=\"#{}\"{}>{}</a> ", id, how, name);
    body_ += fmt::format("<section id=\"{}\"{}><h2>{}</h2>\n{}</section>\n", id, how, name, html);
}

std::string charts_head() {
    return fmt::format("<meta http-equiv=\"Content-Security-Policy\" "
                       "content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:\">\n"
                       "<style>{}</style>\n", charts_style);
}

std::string charts_end(const std::string& data, const char* script) {
    return "<script type=\"application/json\" id=\"data\">" + json_in_html(data) + "</script>\n<script>" + within_script(charts_library)
            + "</script>\n<script>" +
           within_script(script) + "</script>\n";
}

std::string document::text(const std::string& data, const char* script) const {
    std::string s = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n";
    s += fmt::format("<title>{}</title>\n<style>{}</style>\n{}</head>\n<body>\n<main>\n{}<nav>{}</nav>\n", escaped(title_), report::page_style,
            charts_head(), report::with_micro_signs(header_), contents_);
    return s + without_scripts() + report::with_micro_signs(body_) + "</main>\n" + charts_end(data, script) + "</body>\n</html>\n";
}

std::string without_scripts() { return "<noscript><p class=\"dim\">Charts want scripts, which are off here; the tables tell the same.</p></noscript>\n"; }

std::string paragraph(const std::string& text, const char* class_name) {
    return *class_name ? fmt::format("<p class=\"{}\">{}</p>\n", class_name, escaped(text)) : fmt::format("<p>{}</p>\n", escaped(text));
}

std::string chart_place(const char* id, const char* chart, const std::string& caption) {
    return fmt::format("<figure class=\"chart\" id=\"{}\" data-chart=\"{}\"><figcaption>{}</figcaption></figure>\n", id, chart, escaped(caption));
}

}  // namespace nicteam::pages
