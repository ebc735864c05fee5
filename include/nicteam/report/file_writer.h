// A file that is whole or absent: written under a temporary name beside it, renamed when all of it is there. Buffered; the
// first error is kept, and what was written until then is gone at once: on a full disk others find its room.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nicteam::report {

// The message names the path and the system's reason.
struct write_error : std::runtime_error { using std::runtime_error::runtime_error; };
// Who reads a pipe went away: no fault, and nobody is there to be told.
struct reader_left : write_error { using write_error::write_error; };

class file_writer {
public:
    // Opens path + ".part" (a device or pipe that exists is written directly). Throws write_error.
    explicit file_writer(std::string path, std::size_t buffer = 1u << 18);
    ~file_writer();                              // not committed: nothing is left behind
    file_writer(const file_writer&) = delete;
    file_writer& operator=(const file_writer&) = delete;

    void write(std::string_view s) {
        if (s.size() > room()) return write_slowly(s);
        s.copy(at_, s.size());
        at_ += s.size();
    }
    // For fast writers: at least n <= 4096 characters at the pointer; then say where they end.
    char* reserve(std::size_t n) {
        if (n > room()) flush();
        return at_;
    }
    void advance(char* end) { at_ = end; }

    bool good() const { return error_.empty(); }
    const std::string& error() const { return error_; }
    const std::string& path() const { return path_; }
    std::uint64_t written() const { return total_ + static_cast<std::uint64_t>(at_ - buffer_.get()); }

    // Flushes, closes, renames. Throws write_error if anything went wrong since opening; the file is then absent.
    void commit();

private:
    std::size_t room() const { return static_cast<std::size_t>(end_ - at_); }
    void flush();
    void give_up();
    void write_slowly(std::string_view);

    std::string path_, temporary_, error_;
    std::unique_ptr<char[]> buffer_;
    char *at_, *end_;
    std::uint64_t total_ = 0;
    int file_ = -1;
};

// All at once. Throws write_error.
void write_file(const std::string& path, std::string_view content);

// To standard output, at once, so that a full disk or a closed descriptor shows. Throws write_error, or reader_left
// where SIGPIPE is ignored.
void write_output(std::string_view);

// To standard error, at once. Where that cannot be written (closed, a full disk, a reader or a terminal that is gone) nobody can be told: the text is lost,
// and nothing else.
void write_message(std::string_view) noexcept;

}  // namespace nicteam::report
