// QEMU under the qtest protocol: a child process that obeys lines on its standard input, and its memory, shared by a file.
// Lines are collected and sent in one piece when an answer is needed: a round trip costs more than the work.
#pragma once

#include <cstdint>
#include <deque>
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
    void ask(const std::string& line, std::uint32_t& into);   // the number in the answer, there after flush()

    void write_memory_space(unsigned size, std::uint32_t address, std::uint32_t value);
    void read_memory_space(unsigned size, std::uint32_t address, std::uint32_t& into);
    void write_io_space(unsigned size, std::uint32_t address, std::uint32_t value);
    void read_io_space(unsigned size, std::uint32_t address, std::uint32_t& into);
    void write_octets(std::uint32_t address, const std::uint8_t*, std::size_t);      // in its turn, unlike what is written to memory()
    void write_configuration(unsigned slot, unsigned offset, std::uint32_t value, unsigned size = 4);
    void read_configuration(unsigned slot, unsigned offset, unsigned size, std::uint32_t& into);

    // Interrupt lines into the I/O APIC, once `irq_intercept_in ioapic` was sent: as it is after the last line sent; there after flush().
    void line(unsigned number, bool& into);

    std::uint8_t* memory() { return memory_; }          // physical address 0; flush before use
    static constexpr std::size_t memory_size = 16u << 20;

private:
    struct expected {
        std::uint32_t* number = nullptr;
        bool* on = nullptr;
        unsigned line = 0;
    };
    void answer(const expected&);

    std::string folder_;
    std::uint8_t* memory_ = nullptr;
    int to_ = -1, from_ = -1, child_ = -1;
    std::string outgoing_, incoming_;
    std::size_t taken_ = 0;                             // of incoming_
    std::deque<expected> expected_;                     // an entry for each line that has no answer yet
    std::uint32_t lines_ = 0;
};

}  // namespace qemu_oracle
