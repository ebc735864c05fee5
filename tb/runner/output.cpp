#include "output.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"
#include "nicteam/scenario/run.h"

namespace nicteam::runner {
namespace {

constexpr int not_written = 3, interrupted = 130;

}  // namespace

void output::write(std::string_view text) {
    if (lost_) return;
    try {
        report::write_output(text);
    } catch (const report::reader_left&) {
        lost_ = scenario::reader_left;
    } catch (const report::write_error& why) {
        lost_ = not_written;
        report::write_message(fmt::format("nicteam: {}\n", why.what()));
    }
}

int output::status(int of_work) const {
    if (lost_ == not_written) return of_work == interrupted ? interrupted : not_written;
    return of_work ? of_work : lost_;
}

void hold_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // the lowest number that is free
}

}  // namespace nicteam::runner
