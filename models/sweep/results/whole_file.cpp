#include "nicteam/sweep/whole_file.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"
#include "nicteam/report/temporary_files.h"

namespace nicteam::sweep {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error, const std::string& part = "") {
    if (!part.empty()) unlink(part.c_str()), report::end_temporary(part);
    throw report::write_error(fmt::format("{}: {}", file.string(), std::strerror(error)));
}

// What open() would have given it.
mode_t usual_rights() {
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

constexpr const char* mark = ".part-";

// Among machines, and containers of one, that share a disk: where process numbers mean something.
std::string where_processes_are() {
    char host[256] = "", space[64] = "";
    gethostname(host, sizeof host - 1);
    if (readlink("/proc/self/ns/pid", space, sizeof space - 1) < 0) space[0] = 0;
    std::uint32_t hash = 2166136261u;  // FNV-1a
    for (const char c : std::string(host) + space) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return fmt::format("{:08x}", hash);
}

// "points.csv.part-1a2b3c4d-4711-XXXXXX": of a process of this machine that is gone.
bool left_by_the_dead(const std::string& name, const std::string& here) {
    const std::size_t at = name.rfind(mark);
    if (at == std::string::npos) return false;
    const std::string who = name.substr(at + std::strlen(mark));
    if (who.compare(0, here.size() + 1, here + "-") != 0) return false;
    pid_t process = 0;
    const char* from = who.data() + here.size() + 1;
    const auto read = std::from_chars(from, who.data() + who.size(), process);
    return read.ec == std::errc{} && read.ptr != who.data() + who.size() && *read.ptr == '-' && process > 0 && kill(process, 0) != 0 && errno == ESRCH;
}

int open_beside(const std::filesystem::path& file, std::string& part) {
    part = fmt::format("{}{}{}-{}-XXXXXX", file.string(), mark, where_processes_are(), getpid());
    const int opened = mkostemp(part.data(), O_CLOEXEC);
    if (opened < 0) fail(file, errno);
    report::begin_temporary(part);
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
    report::end_temporary(part);
}

void give_up(const std::string& part) {
    unlink(part.c_str());
    report::end_temporary(part);
}

void remove_parts_of_the_dead(const std::filesystem::path& directory) {
    const std::string here = where_processes_are();
    std::vector<std::filesystem::path> left;
    std::error_code failed;
    for (std::filesystem::recursive_directory_iterator entry(directory, failed), end; !failed && entry != end; entry.increment(failed))
        if (left_by_the_dead(entry->path().filename().string(), here)) left.push_back(entry->path());
    for (const auto& path : left) std::filesystem::remove(path, failed);
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
