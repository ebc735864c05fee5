#include "nicteam/sweep/whole_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"

namespace nicteam::sweep {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error, const std::string& part = "") {
    if (!part.empty()) unlink(part.c_str());
    throw report::write_error(fmt::format("{}: {}", file.string(), std::strerror(error)));
}

// What open() would have given it.
mode_t usual_rights() {
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

int open_beside(const std::filesystem::path& file, std::string& part) {
    part = file.string() + ".part-XXXXXX";
    const int opened = mkostemp(part.data(), O_CLOEXEC);
    if (opened < 0) fail(file, errno);
    fchmod(opened, usual_rights());
    return opened;
}

}  // namespace

std::string beside(const std::filesystem::path& file) {
    std::string part;
    close(open_beside(file, part));
    return part;
}

void put_in_place(const std::string& part, const std::filesystem::path& file) {
    if (std::rename(part.c_str(), file.c_str()) != 0) fail(file, errno, part);
}

void write_whole(const std::filesystem::path& file, std::string_view content) {
    std::string part;
    const int opened = open_beside(file, part);
    while (!content.empty()) {
        const ssize_t n = ::write(opened, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int error = errno;
            close(opened);
            fail(file, error, part);
        }
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    if (close(opened) != 0) fail(file, errno, part);
    put_in_place(part, file);
}

}  // namespace nicteam::sweep
