#include "sweep/running/progress.h"

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"

namespace nicteam::sweep {

sweep_progress::sweep_progress(bool wanted, std::size_t runs) : wanted_(wanted), runs_(runs) {}

void sweep_progress::ended(record::status_type status, bool known) {
    ++ended_, broken_ += status == record::broken, failed_ += status == record::failed, known_ += known;
    show();
}

void sweep_progress::killed() {
    ++ended_, ++killed_;
    show();
}

void sweep_progress::show() {
    if (!wanted_ || clock::now() - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = clock::now();
    print();
}

void sweep_progress::print() {
    const double seconds = std::chrono::duration<double>(clock::now() - began_).count();
    const std::size_t run = ended_ - known_;
    std::string text = fmt::format("{} of {} runs", ended_, runs_);
    if (broken_) text += fmt::format(", {} broken", broken_);
    if (failed_) text += fmt::format(", {} failed", failed_);
    if (killed_) text += fmt::format(", {} killed", killed_);
    if (run && seconds > 0) {
        const double rate = static_cast<double>(run) / seconds;
        const auto left = static_cast<long>(static_cast<double>(runs_ - ended_) / rate + 0.5);
        text += fmt::format(", {:.{}f}/s, {}:{:02}:{:02} left", rate, rate < 10 ? 1 : 0, left / 3600, left / 60 % 60, left % 60);
    }
    report::write_message(fmt::format("\r\033[K{}", text));
}

void sweep_progress::close() {
    if (wanted_) report::write_message("\r\033[K");
}

}  // namespace nicteam::sweep
