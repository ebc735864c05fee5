// Lines in a square of 10,000 that is stretched to the width of the page; the texts at its axes are not.
#pragma once

#include <string>

#include "nicteam/base/time.h"
#include "report/page/scale.h"

namespace nicteam::report {

class plot {
public:
    plot(const char* label, scale x, scale y, bool low = false);
    const scale& x() const { return x_; }
    const scale& y() const { return y_; }
    void add(const std::string& shape) { svg_ += shape; }
    void band(ps from, ps until, const std::string& name);
    void instant(ps at, const std::string& name) { band(at, at, name); }
    void series(std::size_t n, const std::string& name, const std::string& line, const std::string& area = "");
    std::string figure(const std::string& caption) const;

private:
    const char* label_;
    scale x_, y_;
    bool low_;
    std::int64_t labelled_[3] = {};    // up to where each line above the plot has text
    std::size_t lines_ = 0;
    std::string svg_, texts_, legend_;
};

}  // namespace nicteam::report
