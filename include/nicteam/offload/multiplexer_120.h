// The un-interrupting multiplexer 120: inputs 130 (feedforward, from 16b) and 122 (feedback, from 22b), output to input 124 of
// IPsec logic 21a. It adds no clock: the sink's take selects, and the selection stands from the first word to the last.
// Source document 004, ¶21-25; which of two that wait goes first is left open there (docs/decisions).
#pragma once

#include "nicteam/offload/choices.h"
#include "nicteam/offload/stream.h"

namespace nicteam::offload {

enum class multiplexer_input : std::uint8_t { feedforward_130, feedback_122 };

// Chooses when both wait.
class multiplexer_policy {
public:
    virtual ~multiplexer_policy() = default;
    virtual multiplexer_input choose(multiplexer_input last) const = 0;
};
const multiplexer_policy& policy_of(multiplexer_priority);

class multiplexer_120 : public stream_sink, public stream_source {
public:
    multiplexer_120(stream_source& input_130, stream_source& input_122, const multiplexer_policy& p)
        : inputs_{&input_130, &input_122}, policy_(p) {}
    void connect(stream_sink& output_124) { sink_ = &output_124; }

    ps offered() const override;
    item_ref take(ps at) override;
    multiplexer_input selected() const { return selected_; }      // latest
    void offers_changed(ps at) override { sink_->offers_changed(at); }
    void replans(const item& i) override { sink_->replans(i); }
    void aborts(const item& i, ps passes) override { sink_->aborts(i, passes); }
    bool ready(ps at) const override { return inputs_[0]->ready(at) || inputs_[1]->ready(at); }

private:
    stream_source& input(multiplexer_input i) const { return *inputs_[static_cast<unsigned>(i)]; }

    stream_source* inputs_[2];
    const multiplexer_policy& policy_;
    stream_sink* sink_ = nullptr;
    multiplexer_input selected_ = multiplexer_input::feedforward_130;
};

}  // namespace nicteam::offload
