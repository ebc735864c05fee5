// IPsec logic 21a, clocked: packets come in word by word, look up, wait for engines in the order of arrival, work, are offered one at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "reference/offload/crypto_case.h"
#include "reference/offload/passage.h"

namespace reference::offload {

constexpr int nobody = -1;

struct place {
    int packet;
    passage words;                 // in, then out
    unsigned lookup = 0;
    enum { coming, looking, waiting, working, done, offered, leaving } state = coming;
    std::size_t job = 0;
    unsigned cipher = 0, lag = 0, authentication = 0;
    int cipher_engine = nobody, authentication_engine = nobody;
};

struct ipsec_registers {
    std::deque<place> inside;
    std::vector<bool> cipher_busy, authentication_busy;
    bool offered = false;
};

class ipsec_logic {
public:
    // What it asks of the block around it.
    struct block {
        virtual ~block() = default;
        virtual const nicteam::test::crypto_visit& visit(int packet) const = 0;
        virtual unsigned fetches(int packet) = 0;                    // clocks
        virtual void tell(const char* what, int packet) = 0;
        enum coming { waits, passes, gone };
        virtual coming next_word(const place&) const = 0;            // of a packet that comes in
    };
    explicit ipsec_logic(block& b) : block_(b) {}

    void edge(ipsec_registers& now);                                 // words out, engines, words in
    void offer(ipsec_registers& now);
    void comes(ipsec_registers& now, int packet, const passage&);    // in the order in which they will be whole
    static int offered(const ipsec_registers&);                      // or nobody
    void leaves(ipsec_registers& now, const passage&);               // what is offered

private:
    const nicteam::test::crypto_visit& visit(int p) const { return block_.visit(p); }
    void start_job(place&);
    bool later_use(const place&, unsigned nicteam::test::engine_job::* kind) const;
    bool needs(const place&, unsigned nicteam::test::engine_job::* kind) const;
    void release(ipsec_registers&, place&);
    void go_on(ipsec_registers&, place&);

    block& block_;
};

}  // namespace reference::offload
