#include "qtest.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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
    const char* temporary = std::getenv("TMPDIR");
    folder_ = std::string(temporary && *temporary ? temporary : "/tmp") + "/nicteam-qemu-XXXXXX";
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
    outgoing_ += line;
    outgoing_ += '\n';
    // Answers wait in a pipe of 64 KiB: never leave so many that both sides block.
    if (++unanswered_ >= 500) flush();
}

std::string qtest::answer() {
    for (;;) {
        const std::size_t end = incoming_.find('\n');
        if (end != std::string::npos) {
            std::string line = incoming_.substr(0, end);
            incoming_.erase(0, end + 1);
            if (line.compare(0, 4, "IRQ ") == 0) {
                const unsigned number = static_cast<unsigned>(std::stoul(line.substr(line.rfind(' ') + 1))) & 31;
                if (line.compare(4, 5, "raise") == 0) lines_ |= 1u << number;
                else lines_ &= ~(1u << number);
                continue;
            }
            if (line.compare(0, 2, "OK") != 0) throw std::runtime_error("qtest: QEMU answered '" + line + "'");
            return line;
        }
        pollfd wait{from_, POLLIN, 0};
        if (poll(&wait, 1, 20'000) != 1) throw std::runtime_error("qtest: no answer from QEMU within 20 s");
        char piece[4096];
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
    for (; unanswered_ > 0; --unanswered_) answer();
}

std::uint32_t qtest::ask(const std::string& line) {
    flush();
    outgoing_ = line + '\n';
    unanswered_ = 0;
    flush();
    return static_cast<std::uint32_t>(std::stoul(answer().substr(3), nullptr, 16));
}

bool qtest::line(unsigned number) {
    flush();
    return lines_ >> number & 1;
}

void qtest::write_memory_space(unsigned size, std::uint32_t address, std::uint32_t value) {
    send(std::string("write") + suffix(size) + " " + hex(address) + " " + hex(value));
}
std::uint32_t qtest::read_memory_space(unsigned size, std::uint32_t address) { return ask(std::string("read") + suffix(size) + " " + hex(address)); }

// Configuration mechanism 1, PCI 2.2, 3.2.2.3.2.
void qtest::write_configuration(unsigned slot, unsigned offset, std::uint32_t value) {
    send("outl 0xcf8 " + hex(0x8000'0000u | slot << 11 | offset));
    send("outl 0xcfc " + hex(value));
}
std::uint32_t qtest::read_configuration(unsigned slot, unsigned offset) {
    send("outl 0xcf8 " + hex(0x8000'0000u | slot << 11 | offset));
    return ask("inl 0xcfc");
}

}  // namespace qemu_oracle
