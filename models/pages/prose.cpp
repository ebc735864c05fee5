#include <sstream>

#include "nicteam/report/html.h"
#include "pages/document.h"

namespace nicteam::pages {
namespace {

using report::escaped;

// What is being written; at its end it is closed.
class writer {
public:
    void line(const std::string& text) {
        const std::size_t indent = text.find_first_not_of(' ');
        if (indent == std::string::npos) return be(nothing);
        const bool star = text.compare(indent, 2, "* ") == 0;
        if (star) {
            be(list);
            out_ += (in_item_ ? "</li>\n<li>" : "<li>") + escaped(text.substr(indent + 2));
            in_item_ = true;
        } else if (indent > 0 && now_ == list) {
            out_ += '\n' + escaped(text.substr(indent));
        } else {
            const what before = now_;
            be(indent > 0 ? drawing : text_);
            if (before == now_) out_ += '\n';
            out_ += escaped(now_ == drawing ? text : text.substr(indent));
        }
    }

    std::string all() {
        be(nothing);
        return std::move(out_);
    }

private:
    enum what { nothing, text_, list, drawing };

    void be(what next) {
        static const char* const begins[] = {"", "<p>", "<ul>\n", "<pre>"};
        static const char* const ends[] = {"", "</p>\n", "</li>\n</ul>\n", "</pre>\n"};
        if (next == now_) return;
        out_ += ends[now_];
        out_ += begins[next];
        now_ = next;
        in_item_ = false;
    }

    std::string out_;
    what now_ = nothing;
    bool in_item_ = false;
};

}  // namespace

std::string prose(const std::string& text) {
    writer w;
    std::istringstream lines(text);
    for (std::string one; std::getline(lines, one);) w.line(one);
    return w.all();
}

}  // namespace nicteam::pages
