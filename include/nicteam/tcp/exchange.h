// What two applications say to each other over a connection: requests one way, responses the other, as often as it is asked for. Function apart
// from time: an application on a host's CPU and a peer run the same code over their own octet_stream.
//
// A request begins with a header, 32 octets in network order, which tells whoever listens all that it has to know: 4E544331h ("NTC1"), group
// (2), flags (2), connection (4), round (4), octets of request and response (4 and 4), time in ps (8). All other octets are a pattern of
// group, connection and direction.
#pragma once

#include <cstdint>

#include "nicteam/base/time.h"
#include "nicteam/tcp/octet_pattern.h"

namespace nicteam::tcp {

// One end of a connection as an application has it.
class octet_stream {
public:
    virtual ~octet_stream() = default;
    virtual std::size_t room() const = 0;                      // octets that send() would take
    virtual void send(packet::octets) = 0;                     // at most room()
    virtual packet::octets readable() const = 0;               // valid until consume()
    virtual void consume(std::size_t) = 0;                     // at most readable()
    virtual bool peer_closed() const = 0;                      // nothing comes behind what is readable
    virtual void close() = 0;                                  // nothing more to send
    virtual void abort() = 0;
    // Room to make octets in, good until the next call of anything here. It is no local variable of who makes them: a run may end while time passes
    // inside send(), and what lies on a CPU's stack then is never given back.
    virtual bytes& scratch() { return own_; }

private:
    bytes own_;
};

constexpr std::size_t exchange_header = 32;

// Who says first that it has no more to say.
enum class closing : std::uint8_t { client, server, nobody };

struct exchange_plan {
    std::uint16_t group = 0;
    std::uint32_t rounds = 1;
    std::uint32_t request = 100, response = 1000;              // octets; a request has its header at least
    ps pause = 0;                                              // from the end of a response to the next request
    tcp::closing closing = closing::client;
    bool half_close = false;                                   // the client's: behind its last request, before the response
};

// What a call of pump() has done.
struct exchanged {
    std::size_t sent = 0, heard = 0;                           // octets
    unsigned rounds = 0;                                       // finished
    ps round_time = 0;                                         // of the last one: from its request's time
    bool damaged = false;                                      // an octet was not the one that was sent …
    bool cut_short = false;                                    // … or the other end closed before all had come
    bool foreign = false;                                      // what came is no request of ours
};

// Opens, asks, and closes.
class exchange_client {
public:
    exchange_client(const exchange_plan&, std::uint32_t connection);

    // Whenever the stream is writable or readable, and at next_at().
    exchanged pump(octet_stream&, ps now);
    ps next_at() const { return pausing_ ? next_ : never; }
    bool finished() const { return round_ == plan_->rounds; }  // every response has come
    bool idle() const { return pausing_ || finished(); }       // it waits for nothing of the other end

private:
    void ask(octet_stream&, ps now, exchanged&);
    void listen(octet_stream&, ps now, exchanged&);

    const exchange_plan* plan_;
    std::uint32_t connection_, round_ = 0;
    std::uint32_t asked_ = 0, heard_ = 0;                      // of this round
    ps began_ = 0, next_ = 0;
    bool pausing_ = true, closed_ = false, told_ = false;
};

// Listens, answers, and closes when it is told to, or when the other end has.
class exchange_server {
public:
    exchanged pump(octet_stream&, ps now);
    std::uint16_t group() const { return group_; }             // once `known`, as
    std::uint32_t connection() const { return connection_; }   // this
    bool known() const { return known_; }

private:
    bool read_header(octet_stream&, exchanged&);

    bool known_ = false, in_request_ = false, in_response_ = false, last_ = false, closed_ = false, told_ = false;
    std::uint16_t group_ = 0;
    std::uint32_t connection_ = 0, round_ = 0, request_ = 0, response_ = 0, heard_ = 0, answered_ = 0;
    std::uint64_t in_ = 0, out_ = 0;                           // octets of the whole connection
    ps asked_at_ = 0;
};

}  // namespace nicteam::tcp
