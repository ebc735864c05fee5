#include "qtest.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace qemu_oracle {
namespace {

const char* const program = "qemu-system-x86_64";

// Firmware of 64 KiB that stops the processor at once: CLI, HLT, JMP back, at the reset vector. The machine then counts as
// running, without which no frame moves.
std::string halting_firmware() {
    std::string s(65536, '\xF4');
    s.replace(0xFFF0, 4, "\xFA\xF4\xEB\xFD");
    return s;
}

std::string hex(std::uint32_t v) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%x", v);
    return text;
}

const char* suffix(unsigned size) { return size == 1 ? "b" : size == 2 ? "w" : "l"; }

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("qtest: " + what + (errno ? std::string(": ") + std::strerror(errno) : "")); }

}  // namespace

bool qtest::installed() {
    const char* path = std::getenv("PATH");
    std::string list = path ? path : "";
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(':', at), list.size());
        if (access((list.substr(at, end - at) + "/" + program).c_str(), X_OK) == 0) return true;
        at = end + 1;
    }
    return false;
}

qtest::qtest(const std::vector<std::string>& devices) {
    folder_ = (std::filesystem::temp_directory_path() / "nicteam-qemu-XXXXXX").string();
    if (!mkdtemp(folder_.data())) fail("temporary folder");
    const std::string firmware = folder_ + "/halt.bin", ram = folder_ + "/ram";
    std::ofstream(firmware, std::ios::binary) << halting_firmware();

    const int file = open(ram.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, memory_size) != 0) fail("memory file");
    void* mapped = mmap(nullptr, memory_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) fail("memory file");
    memory_ = static_cast<std::uint8_t*>(mapped);

    std::vector<std::string> words{program, "-machine", "pc,memory-backend=ram", "-m", "16M", "-accel", "tcg", "-bios", firmware,
                                   "-object", "memory-backend-file,id=ram,size=16M,share=on,mem-path=" + ram,
                                   "-nodefaults", "-display", "none", "-qtest", "stdio", "-qtest-log", "none"};
    words.insert(words.end(), devices.begin(), devices.end());
    std::vector<char*> arguments;
    for (auto& w : words) arguments.push_back(w.data());
    arguments.push_back(nullptr);

    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) fail("pipe");
    child_ = fork();
    if (child_ < 0) fail("fork");
    if (child_ == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        const int nothing = open("/dev/null", O_WRONLY);
        dup2(nothing, 2);   // warnings about the unconnected hub
        execvp(program, arguments.data());
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_ = in[1];
    from_ = out[0];
    std::signal(SIGPIPE, SIG_IGN);
}

qtest::~qtest() {
    if (child_ > 0) {
        close(to_);
        kill(child_, SIGKILL);
        waitpid(child_, nullptr, 0);
        close(from_);
    }
    if (memory_) munmap(memory_, memory_size);
    unlink((folder_ + "/halt.bin").c_str());
    unlink((folder_ + "/ram").c_str());
    rmdir(folder_.c_str());
}

void qtest::send(const std::string& line) {
    // Answers wait in a pipe of 64 KiB: never leave so many that both sides block.
    if (expected_.size() >= 500) flush();
    outgoing_ += line;
    outgoing_ += '\n';
    expected_.emplace_back();
}

void qtest::answer(const expected& e) {
    for (;;) {
        const std::size_t end = incoming_.find('\n', taken_);
        if (end != std::string::npos) {
            const std::string line = incoming_.substr(taken_, end - taken_);
            taken_ = end + 1;
            if (line.compare(0, 4, "IRQ ") == 0) {
                const unsigned number = static_cast<unsigned>(std::stoul(line.substr(line.rfind(' ') + 1))) & 31;
                if (line.compare(4, 5, "raise") == 0) lines_ |= 1u << number;
                else lines_ &= ~(1u << number);
                continue;
            }
            if (line.compare(0, 2, "OK") != 0) throw std::runtime_error("qtest: QEMU answered '" + line + "'");
            if (e.number) *e.number = static_cast<std::uint32_t>(std::stoul(line.substr(3), nullptr, 16));
            if (e.on) *e.on = lines_ >> e.line & 1;
            return;
        }
        incoming_.erase(0, taken_);
        taken_ = 0;
        pollfd wait{from_, POLLIN, 0};
        if (poll(&wait, 1, 20'000) != 1) throw std::runtime_error("qtest: no answer from QEMU within 20 s");
        char piece[65536];
        const ssize_t n = ::read(from_, piece, sizeof piece);
        if (n <= 0) {
            errno = 0;
            fail("QEMU has ended");
        }
        incoming_.append(piece, static_cast<std::size_t>(n));
    }
}

void qtest::flush() {
    for (std::size_t done = 0; done < outgoing_.size();) {
        const ssize_t n = ::write(to_, outgoing_.data() + done, outgoing_.size() - done);
        if (n <= 0) fail("QEMU has ended");
        done += static_cast<std::size_t>(n);
    }
    outgoing_.clear();
    for (; !expected_.empty(); expected_.pop_front()) answer(expected_.front());
}

void qtest::ask(const std::string& line, std::uint32_t& into) {
    send(line);
    expected_.back().number = &into;
}

void qtest::line(unsigned number, bool& into) {
    if (expected_.empty()) {
        into = lines_ >> number & 1;
        return;
    }
    expected_.back().on = &into;
    expected_.back().line = number;
}

void qtest::write_octets(std::uint32_t address, const std::uint8_t* from, std::size_t n) {
    static const char digits[] = "0123456789abcdef";
    std::string line = "write " + hex(address) + " " + hex(static_cast<std::uint32_t>(n)) + " 0x";
    for (std::size_t i = 0; i < n; ++i) {
        line += digits[from[i] >> 4];
        line += digits[from[i] & 15];
    }
    send(line);
}

void qtest::write_memory_space(unsigned size, std::uint32_t address, std::uint32_t value) {
    send(std::string("write") + suffix(size) + " " + hex(address) + " " + hex(value));
}
void qtest::read_memory_space(unsigned size, std::uint32_t address, std::uint32_t& into) { ask(std::string("read") + suffix(size) + " " + hex(address), into); }
void qtest::write_io_space(unsigned size, std::uint32_t address, std::uint32_t value) { send(std::string("out") + suffix(size) + " " + hex(address) + " " + hex(value)); }
void qtest::read_io_space(unsigned size, std::uint32_t address, std::uint32_t& into) { ask(std::string("in") + suffix(size) + " " + hex(address), into); }

// Configuration mechanism 1, PCI 2.2, 3.2.2.3.2.
void qtest::write_configuration(unsigned slot, unsigned offset, std::uint32_t value, unsigned size) {
    write_io_space(4, 0xCF8, 0x8000'0000u | slot << 11 | (offset & ~3u));
    write_io_space(size, 0xCFC + (offset & 3), value);
}
void qtest::read_configuration(unsigned slot, unsigned offset, unsigned size, std::uint32_t& into) {
    write_io_space(4, 0xCF8, 0x8000'0000u | slot << 11 | (offset & ~3u));
    read_io_space(size, 0xCFC + (offset & 3), into);
}

}  // namespace qemu_oracle
