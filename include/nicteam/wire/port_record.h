// What the outside did to an external port, and when: the record of a live run, from which the same run can be made without the port.
//
// The file is pcapng, so any tool for captures shows it. A frame is a record with the frame's octets as they came, without FCS; whatever
// else happened is a record without octets. The stamp is rounded to nanoseconds, as such tools want it (some misread finer ones); the
// exact time stands first in the comment, then the name of what happened and, where there were several, their number: "5040000 ps",
// "5040000 ps: attached", "5040000 ps: refused_empty 3".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nicteam/base/frame.h"
#include "nicteam/base/time.h"

namespace nicteam::packet {
class pcapng_writer;
}

namespace nicteam::wire {

enum class happening : std::uint8_t {
    frame,              // came in
    attached, detached, // somebody is at the other end, or is no more
    refused_empty, refused_short, refused_long, refused_partial, refused_framing,
    dropped,            // a frame that left at this very time was not taken: too many waited to be read
    abandoned,          // were taken and had not been read when the connection ended
};
constexpr unsigned happening_count = 10;
const char* name_of(happening);

struct happened {
    ps at = 0;
    happening what = happening::frame;
    std::uint64_t count = 1;
    bytes data;                                    // of a frame
};

class port_record_writer {
public:
    // Writes path + ".part" until commit(). Throws report::write_error.
    explicit port_record_writer(std::string path);
    ~port_record_writer();                         // not committed: nothing is left behind
    void write(const happened&);
    std::string error() const;                     // why it cannot be written any more, or ""
    void flush();                                  // what is written so far can be read, whatever becomes of the run
    void commit();                                 // throws report::write_error

private:
    std::string path_;
    std::unique_ptr<packet::pcapng_writer> file_;
};

// All of a record. Throws packet::capture_error on a foreign or damaged file, and on one in which time runs backwards.
std::vector<happened> read_port_record(const std::string& path);

}  // namespace nicteam::wire
