// The checkers of IPsec together, as a system is wired to them: I-1, I-2, I-3, I-7. Where nothing of IPsec is, nothing here is made.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "nicteam/check/admission.h"
#include "nicteam/check/joints.h"
#include "nicteam/check/numbers.h"
#include "nicteam/check/secrecy.h"
#include "nicteam/report/work.h"

namespace nicteam::check {

class security_checks {
public:
    security_checks(breaches&, sim::session&);
    ~security_checks();

    // What leaves a component: its policies and associations are added to what this returns.
    struct sender {
        secrecy clear;
        numbers used;
    };
    sender& of_sender(const std::string& path);
    // One of its transmitters. `recorded`: true while what leaves comes from a recording, which says what it says; may be empty.
    void watch(sender&, sim::capture_point&, std::function<bool()> recorded = {});

    std::optional<report::exposure> exposure() const;             // none: no sender has a policy that protects anything

    admission& of_receiver(const std::string& host);
    joints& of_block(const std::string& path);

private:
    class transmitter;
    breaches& breaches_;
    sim::session& session_;
    std::deque<sender> senders_;
    std::deque<std::unique_ptr<transmitter>> transmitters_;
    std::unique_ptr<openings> openings_;
    std::deque<admission> receivers_;
    std::deque<joints> blocks_;
};

}  // namespace nicteam::check
