// QEMU under the qtest protocol: a child process that obeys lines on its standard input, and its memory, shared by a file.
// Lines are collected and sent in one piece when an answer is needed: a round trip costs more than the work.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace qemu_oracle {

class qtest {
public:
    // Throws std::runtime_error when the program does not start. `devices`: further arguments of the command line.
    explicit qtest(const std::vector<std::string>& devices);
    ~qtest();
    qtest(const qtest&) = delete;
    qtest& operator=(const qtest&) = delete;

    static bool installed();

    void send(const std::string& line);                 // an answer is expected for every line
    void flush();                                       // until all are answered
    std::uint32_t ask(const std::string& line);         // flushes; the number in the answer

    void write_memory_space(unsigned size, std::uint32_t address, std::uint32_t value);
    std::uint32_t read_memory_space(unsigned size, std::uint32_t address);
    void write_configuration(unsigned slot, unsigned offset, std::uint32_t value);
    std::uint32_t read_configuration(unsigned slot, unsigned offset);

    // Interrupt lines into the I/O APIC, once `irq_intercept_in ioapic` was sent.
    bool line(unsigned number);

    std::uint8_t* memory() { return memory_; }          // physical address 0; flush before use
    static constexpr std::size_t memory_size = 16u << 20;

private:
    std::string answer();

    std::string folder_;
    std::uint8_t* memory_ = nullptr;
    int to_ = -1, from_ = -1, child_ = -1;
    std::string outgoing_, incoming_;
    unsigned unanswered_ = 0;
    std::uint32_t lines_ = 0;
};

}  // namespace qemu_oracle
