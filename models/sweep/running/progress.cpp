#include "sweep/running/progress.h"

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"

namespace nicteam::sweep {

std::string text_of(const progress& p, double seconds) {
    std::string text = fmt::format("{} of {} runs", p.ended, p.runs);
    if (p.broken) text += fmt::format(", {} broken", p.broken);
    if (p.failed) text += fmt::format(", {} failed", p.failed);
    if (p.killed) text += fmt::format(", {} killed", p.killed);
    const std::size_t here = p.ended - p.known;
    if (!here || seconds <= 0) return text;
    const double rate = static_cast<double>(here) / seconds;
    const auto left = static_cast<long>(static_cast<double>(p.runs - p.ended) / rate + 0.5);
    return text + fmt::format(", {:.{}f}/s, {}:{:02}:{:02} left", rate, rate < 10 ? 1 : 0, left / 3600, left / 60 % 60, left % 60);
}

sweep_progress::sweep_progress(bool wanted, std::size_t runs) : wanted_(wanted) { now_.runs = runs; }

void sweep_progress::ended(record::status_type status, bool known) {
    ++now_.ended, now_.broken += status == record::broken, now_.failed += status == record::failed, now_.known += known;
    show();
}

void sweep_progress::killed() {
    ++now_.ended, ++now_.killed;
    show();
}

void sweep_progress::show() {
    if (!wanted_ || clock::now() - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = clock::now();
    report::write_message(fmt::format("\r\033[K{}", text_of(now_, std::chrono::duration<double>(clock::now() - began_).count())));
}

void sweep_progress::close() {
    if (wanted_) report::write_message("\r\033[K");
}

}  // namespace nicteam::sweep
