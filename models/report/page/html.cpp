#include "nicteam/report/html.h"

#include <algorithm>
#include <cctype>
#include <string>

#include <fmt/format.h>

#include "nicteam/report/result.h"

namespace nicteam::report {

std::string escaped(const std::string& s) {
    // json_quoted knows what is UTF-8; its own escapes are undone where HTML has none.
    std::string out;
    const std::string q = json_quoted(s);
    for (std::size_t i = 1; i + 1 < q.size(); ++i) {
        char c = q[i];
        if (c == '\\') {
            c = q[++i];
            if (c == 'u') {  // a control character
                i += 4;
                out += ' ';
                continue;
            }
            if (c == 'n' || c == 't') c = ' ';
        }
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string with_micro_signs(const std::string& html) {
    std::string out;
    out.reserve(html.size());
    bool text = true;
    const auto begins = [&](std::size_t at, const char* word) { return html.compare(at, std::char_traits<char>::length(word), word) == 0; };
    const auto letter = [&](std::size_t at) { return at < html.size() && (std::isalnum(static_cast<unsigned char>(html[at])) || html[at] == '_'); };
    for (std::size_t at = 0; at < html.size(); ++at) {
        if (begins(at, "<script") || begins(at, "<style")) {  // as it is, with its end
            const std::size_t end = std::min(html.find(html[at + 2] == 'c' ? "</script" : "</style", at), html.size());
            out.append(html, at, end - at);
            at = end;
            if (at == html.size()) break;
        }
        if (html[at] == '<' || html[at] == '>') text = html[at] == '>';
        const std::size_t space = at > 0 && html[at - 1] == ' ' ? 1 : at > 1 && html.compare(at - 2, 2, "\u00a0") == 0 ? 2 : 0;
        const bool number = space && at > space && std::isdigit(static_cast<unsigned char>(html[at - space - 1]));
        if (text && number && begins(at, "us") && !letter(at + 2)) out += "\u00b5s", ++at;
        else out += html[at];
    }
    return out;
}

html_table::html_table(const char* columns, std::vector<std::string> head, std::string caption)
    : columns_(columns), caption_(std::move(caption)) {
    for (std::size_t c = 0; c < head.size(); ++c)
        head_ += fmt::format("<th scope=\"col\"{}>{}</th>", columns_[c] == '>' ? " class=\"n\"" : "", escaped(head[c]));
}

void html_table::row(const std::vector<std::string>& cells, const char* class_name) {
    rows_ += *class_name ? fmt::format("<tr class=\"{}\">", class_name) : "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string text = escaped(cells[c]);
        if (columns_[c] == '#' && text.empty()) {
            rows_ += "<td></td>";
        } else if (columns_[c] == '#') {
            const std::string percent = cells[c].substr(0, cells[c].find(' '));
            const bool figure = !percent.empty() && percent.find_first_not_of("0123456789.") == std::string::npos;
            rows_ += fmt::format("<td class=\"b\"><span class=\"bar\"><i style=\"width:min({}%,100%)\"></i></span><span>{}</span></td>",
                                 figure ? percent : "0", text);
        } else {
            rows_ += fmt::format("<td{}>{}</td>", columns_[c] == '>' ? " class=\"n\"" : columns_[c] == '~' ? " class=\"p\"" : "", text);
        }
    }
    rows_ += "</tr>\n";
}

std::string html_table::text(const std::string& id) const {
    return fmt::format("<div class=\"scroll\"><table{}>{}<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
                       id.empty() ? "" : " id=\"" + id + "\"",
                       caption_.empty() ? "" : "<caption>" + escaped(caption_) + "</caption>", head_, rows_);
}

}  // namespace nicteam::report
