// An adapter whose device runs connections: the dispatch table of its Offload Target (chimney/device_port.h), behind a driver. Who uses it are the
// chimney's layers of a protocol stack. All calls are made on a CPU's thread.
#pragma once

#include "nicteam/chimney/device_port.h"
#include "nicteam/host/cpu.h"

namespace nicteam::driver {

class offload_user {
public:
    virtual ~offload_user() = default;
    virtual void answered(host::cpu&) = 0;       // a batch of answers has been given
    virtual void able_again(host::cpu&) {}       // the device answers again, or is able to do something else
};

class offload_port {
public:
    virtual ~offload_port() = default;
    // Its entries take what is asked, and no time; it waits for flush(). Answers come in the order of tickets, never before flush() was called.
    virtual chimney::dispatch_table table() = 0;
    virtual void bind(chimney::answers&, offload_user&) = 0;     // elaboration; one user
    virtual void flush(host::cpu&) = 0;          // what was asked goes to the device; may spend the CPU's time
};

}  // namespace nicteam::driver
