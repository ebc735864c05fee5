// Where packets leave IPsec logic 21a of the transmit side when path 152 brings received datagrams too: to the frame buffer of 16a what is to be
// sent, back to 22b what was received (source document 004, 28). One packet leaves at a time.
#pragma once

#include <algorithm>

#include "nicteam/offload/ipsec_logic_21a.h"

namespace nicteam::offload {

class exit_21a : public stream_sink {
public:
    explicit exit_21a(ipsec_logic_21a& l) : logic_(l) {}
    void connect(stream_sink& frame_buffer, stream_sink& logic_22b) { sinks_[0] = &frame_buffer, sinks_[1] = &logic_22b; }
    void offers_changed(ps at) override { sinks_[logic_.next_out()->came_in]->offers_changed(at); }
    sized_source& output_16a() { return outputs_[0]; }
    sized_source& output_22b() { return outputs_[1]; }

private:
    struct output : sized_source {
        output(exit_21a& e, bool r) : exit(e), received(r) {}
        ps offered() const override {
            const ipsec_logic_21a& l = exit.logic_;
            return l.offered() != never && l.next_out()->came_in == received ? std::max(l.offered(), exit.free_ - 1) : never;
        }
        std::uint32_t octets_offered() const override { return offered() == never ? 0 : exit.logic_.octets_offered(); }
        item_ref take(ps at) override {
            item_ref p = exit.logic_.take(at);
            exit.free_ = p->words.last();
            return p;
        }

        exit_21a& exit;
        bool received;
    };
    ipsec_logic_21a& logic_;
    output outputs_[2] = {{*this, false}, {*this, true}};
    stream_sink* sinks_[2] = {};
    ps free_ = 0;                        // the last word of what leaves: at its edge either may take
};

}  // namespace nicteam::offload
