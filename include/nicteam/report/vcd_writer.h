// Value change dump, IEEE 1364-2001 clause 18: changes only, 1 ps, states as text by GTKWave's `string` variables. The octets depend on the changes alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nicteam/report/file_writer.h"
#include "nicteam/report/waveform_writer.h"

namespace nicteam::report {

class vcd_writer final : public waveform_writer {
public:
    // Throws write_error.
    vcd_writer(const std::string& path, waveform_options);

    bool good() const override { return file_.good(); }
    const std::string& error() const override { return file_.error(); }

private:
    friend class waveform_writer;
    void declare(const std::vector<variable>& order) override;
    void stamp(ps) override;
    void value(const line&) override;
    void dumping(bool begins) override { file_.write(begins ? "$dumpvars\n" : "$end\n"); }
    void write_before(ps until) override;
    void stamp_and_value(ps, const line&);              // both at once, as most changes want it
    char* stamp_to(char*, ps);
    char* value_to(char*, const line&);
    std::uint64_t octets() const override { return file_.written(); }
    void commit() override { file_.commit(); }

    file_writer file_;
    ps millions_ = -1;                                  // of the latest stamp, as text below
    char millions_text_[24];
    std::size_t millions_length_ = 0;
};

}  // namespace nicteam::report
