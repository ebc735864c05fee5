#include "report/page/plot.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "nicteam/report/html.h"

namespace nicteam::report {
namespace {

std::string percent_of(std::int64_t place) { return fmt::format("{}.{:02}%", place / 100, place % 100); }

}  // namespace

plot::plot(const char* label, scale x, scale y, bool low) : label_(label), x_(std::move(x)), y_(std::move(y)), low_(low) {
    for (const auto& t : y_.ticks()) {
        if (t.place > 0) svg_ += fmt::format("<path class=\"grid\" d=\"M0 {}H10000\"/>", scale::whole - t.place);
        texts_ += fmt::format("<span class=\"y\" style=\"top:{}\">{}</span>", percent_of(scale::whole - t.place), escaped(t.text));
    }
    for (const auto& t : x_.ticks()) {
        svg_ += fmt::format("<path class=\"grid\" d=\"M{0} 10000v-10000\"/>", t.place);
        texts_ += fmt::format("<span class=\"x\" style=\"left:{}\">{}</span>", percent_of(t.place), escaped(t.text));
    }
}

void plot::band(ps from, ps until, const std::string& name) {
    const std::int64_t a = x_.place(from), b = x_.place(until);
    svg_ += fmt::format("<rect class=\"band\" x=\"{}\" y=\"0\" width=\"{}\" height=\"10000\"><title>{}</title></rect>", a,
                        std::max<std::int64_t>(b - a, 1), escaped(name));
    // In as many lines as it takes; what has no room in three is left to the table of faults.
    const bool right = a > 6000;
    const std::int64_t width = 110 * static_cast<std::int64_t>(name.size()), left = right ? b - width : a;
    for (std::size_t line = 0; line < std::size(labelled_); ++line) {
        if (left < labelled_[line]) continue;
        texts_ += fmt::format("<span class=\"mark\" style=\"{}:{};bottom:calc(100% + {}.{}rem)\">{}</span>", right ? "right" : "left",
                              percent_of(right ? scale::whole - b : a), line, line * 2 + 3, escaped(name));
        labelled_[line] = left + width;
        lines_ = std::max(lines_, line + 1);
        break;
    }
}

void plot::series(std::size_t n, const std::string& name, const std::string& line, const std::string& area) {
    if (!area.empty()) svg_ += fmt::format("<path class=\"area f{}\" d=\"{}\"/>", n + 1, area);
    svg_ += fmt::format("<path class=\"s s{}\" d=\"{}\"><title>{}</title></path>", n + 1, line, escaped(name));
    legend_ += fmt::format("<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"s s{}\" d=\"M0 5H30\"/></svg>{}</li>",
                           n + 1, escaped(name));
}

std::string plot::figure(const std::string& caption) const {
    return fmt::format(
        "<figure><figcaption>{}</figcaption>\n<div class=\"plot{}\"{}><svg viewBox=\"0 0 10000 10000\" preserveAspectRatio=\"none\" "
        "role=\"img\" aria-label=\"{}\">"
        "{}</svg>{}</div>\n{}</figure>\n",
        escaped(caption), low_ ? " low" : "", lines_ > 1 ? fmt::format(" style=\"margin-top:{}.6rem\"", lines_ + 1) : "", label_, svg_, texts_,
        legend_.empty() ? "" : "<ul class=\"legend\">" + legend_ + "</ul>\n");
}

}  // namespace nicteam::report
