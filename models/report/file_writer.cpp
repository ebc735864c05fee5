#include "nicteam/report/file_writer.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nicteam/report/temporary_files.h"

namespace nicteam::report {
namespace {

std::string reason(const std::string& path, int error) { return path + ": " + std::strerror(error); }

}  // namespace

file_writer::file_writer(std::string path, std::size_t buffer)
    : path_(std::move(path)), buffer_(new char[buffer < 8192 ? 8192 : buffer]), at_(buffer_.get()), end_(at_ + (buffer < 8192 ? 8192 : buffer)) {
    struct stat there;
    const bool direct = stat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
    if (!direct) begin_temporary(temporary_ = path_ + ".part");
    const std::string& target = direct ? path_ : temporary_;
    file_ = open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file_ < 0) {
        const int error = errno;
        end_temporary(temporary_);
        throw write_error(reason(path_, error));
    }
    if (!direct && stat(path_.c_str(), &there) == 0 && S_ISDIR(there.st_mode)) {
        give_up();
        throw write_error(reason(path_, EISDIR));
    }
}

file_writer::~file_writer() { give_up(); }

void file_writer::give_up() {
    if (file_ < 0) return;
    close(file_);
    file_ = -1;
    if (temporary_.empty()) return;
    unlink(temporary_.c_str());
    end_temporary(temporary_);
}

void file_writer::flush() {
    const char* p = buffer_.get();
    std::size_t left = static_cast<std::size_t>(at_ - p);
    total_ += left;
    at_ = buffer_.get();
    while (left && error_.empty()) {
        const ssize_t n = ::write(file_, p, left);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            error_ = reason(path_, errno);
            give_up();
            break;
        }
        p += n;
        left -= static_cast<std::size_t>(n);
    }
}

void file_writer::write_slowly(std::string_view s) {
    while (!s.empty()) {
        if (room() == 0) flush();
        const std::size_t n = s.size() < room() ? s.size() : room();
        s.copy(at_, n);
        at_ += n;
        s.remove_prefix(n);
    }
}

void file_writer::commit() {
    if (file_ < 0) throw write_error(good() ? path_ + ": written already" : error_);
    flush();
    if (good() && close(file_) != 0) error_ = reason(path_, errno);
    file_ = -1;
    if (error_.empty() && !temporary_.empty() && std::rename(temporary_.c_str(), path_.c_str()) != 0) error_ = reason(path_, errno);
    if (!error_.empty() && !temporary_.empty()) unlink(temporary_.c_str());
    end_temporary(temporary_);
    if (!error_.empty()) throw write_error(error_);
}

void write_file(const std::string& path, std::string_view content) {
    file_writer f(path, 1u << 14);
    f.write(content);
    f.commit();
}

void write_output(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
    const int error = errno;
    if (error == EPIPE) throw reader_left(reason("standard output", error));
    throw write_error(reason("standard output", error));
}

void write_message(std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace nicteam::report
