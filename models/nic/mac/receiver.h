// MAC receive: what the link brings goes through the identity stage and the address filter into the receive FIFO.
#pragma once

#include <deque>
#include <functional>

#include "nic/chip.h"
#include "nic/receive/receive_path.h"
#include "nic/receive/received_form.h"
#include "nicteam/wire/link.h"

namespace nicteam::nic {

class crypto_receive;

class receiver : public wire::wire_sink {
public:
    explicit receiver(chip&);
    void configured();
    // Something changed that the receive unit waits for. `ready`: how it takes the drop of a frame that finds the FIFO full.
    void on_change(std::function<void(ps)> f) { changed_ = std::move(f); }
    enum class unit_state : std::uint8_t { idle, waiting, ready };
    void unit(unit_state s) { unit_ = s; }

    // MAC control frames, good ones: true if the frame is not for memory.
    void on_control(std::function<bool(const frame&, ps)> f) { control_ = std::move(f); }
    // Told when the FIFO holds `bytes` (0: never), and what it holds whenever that is looked at.
    void on_level(std::function<void(ps)> reached, std::function<void(std::uint32_t level, ps)> f) { reached_ = std::move(reached), level_ = std::move(f); }
    void watch(std::uint32_t bytes, bool level);
    void on_asleep(std::function<void(const frame&, ps)> f) { asleep_ = std::move(f); }      // good ones below D0
    void on_configured(std::function<void()> f) { configured_ = std::move(f); }
    // Looks at each good frame for this station when it is whole: what becomes of one that does not go to memory.
    void on_offload(std::function<const outcome_info*(const frame&, ps)> f) { offload_ = std::move(f), configured(); }
    void reached(ps at);                             // timer

    // The crypto block stands between the link and the FIFO.
    void carry(crypto_receive& c) { crypto_ = &c, configured(); }
    bool judged() const { return crypto_; }          // what comes into the FIFO has been judged before
    // For what stands there: what it lets into the FIFO, and what is judged in front of it.
    void begins(const frame_ref&, const span&, ps at);
    void replans(const span&, ps at);
    void ends(const frame_ref&, wire::wire_end, ps at);
    const outcome_info* turns_away(const frame&);    // none: it may come in
    void heard(const frame_ref&, ps first_octet, wire::wire_end, ps at);     // a frame has passed the MAC: for captures and lifelines
    bool controls(const frame&, ps at);              // a MAC control frame that is not for memory

    receive_path& path() { return path_; }
    const received_form& form() const { return form_; }
    bool keeps_overruns() const;       // by configuration
    bool tells_collisions() const;     // by identity
    // Judges the front frame's destination address; it has been seen. False: not for us.
    bool matches(receive_path::arrival&);
    void before_filter_changes(ps at);               // whose address has passed by `at` is judged by the filter as it was
    void sample(ps at);
    void sample_142(ps at);                          // of the crypto block

    // From the link.
    void begin(const frame_ref&, const span& octets) override;
    void replan(const span& octets) override;
    void end(const frame_ref& arrived, wire::wire_end) override;

    void stage(ps at);                               // timers
    void overrun(ps at);
    // Throws all frames away, or all but the front one. `unsettled` ends elsewhere.
    void reset(ps at, bool keep_front = false, trace_id unsettled = 0);
    void claim(const sim::station::claim&) const;    // frames in the stage and in the FIFO

private:
    struct delayed {                                 // on its way through the identity stage
        enum { begins, replanned, ends } what;
        ps at;
        frame_ref data;
        span octets;
        wire::wire_end how;
    };
    ps stage_time() const { return chip_.clock() * static_cast<ps>(chip_.config.rx_stage_clocks); }
    void delay(delayed);
    void hears(bool on, ps at);
    const outcome_info& discards(const frame&);
    void drop(const sim::station&, counter&, outcome_row, ps at);
    void form(receive_path::arrival&);
    void judge(receive_path::arrival&, ps at);
    void arm() {
        chip_.timers.set(overrun_timer, path_.next_overrun());
        if (watched_ && !crypto_) arm_flow();
    }
    void arm_flow();

    chip& chip_;
    crypto_receive* crypto_ = nullptr;
    receive_path path_;
    std::function<void(ps)> changed_;
    std::deque<delayed> stage_;
    std::function<bool(const frame&, ps)> control_;
    std::function<void()> configured_;
    std::function<const outcome_info*(const frame&, ps)> offload_;
    std::function<void(const frame&, ps)> asleep_;
    std::uint32_t watched_ = 0;
    bool level_watched_ = false;
    std::function<void(ps)> reached_;
    std::function<void(std::uint32_t, ps)> level_;
    unit_state unit_ = unit_state::idle;
    bool keeps_filling_ = true;
    received_form form_;
    const outcome_info* turned_away_ = nullptr;      // the frame that passes, why it does not come in
    bool plain_ = true;                              // data alone go to memory, as they are
    bool hears_ = false;                             // a frame passes the MAC
};

}  // namespace nicteam::nic
