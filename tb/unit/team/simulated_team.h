// A few members without any hardware: links that a test pulls, a mode and its monitors that run by their own clock, and a record of what they did.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "nicteam/packet/ethernet.h"
#include "nicteam/team/mode_config.h"
#include "nicteam/team/monitor_config.h"

namespace nicteam::test {

using namespace nicteam::team;

inline mac_address own_mac(unsigned member) { return {2, 0, 0, 0, 1, static_cast<std::uint8_t>(member)}; }

class simulated_team {
public:
    struct announced { ps at; unsigned member; };
    struct sent { ps at; unsigned member; bytes octets; };
    struct moved { ps at; unsigned active; };

    simulated_team(unsigned n, mode_config mc, monitor_config nc = {}) : simulated_team(std::vector<member>(n), std::move(mc), std::move(nc)) {
        for (unsigned m = 0; m < n; ++m) all[m].rate = line_rate[m] = 100'000'000, all[m].full_duplex = true;
    }
    simulated_team(members given, mode_config mc, monitor_config nc = {}) : all(std::move(given)) {
        mc.monitor_interval = monitor_interval(nc);
        nc.mode = mc.mode;
        the_mode = make_mode(mc, random_stream(1, "team", "mode"));
        monitors = make_monitors(nc);
        for (unsigned m = 0; m < all.size(); ++m) {
            all[m].permanent = all[m].address = own_mac(m);
            line_rate.push_back(all[m].rate);
            address.push_back(all[m].permanent);
            cable.push_back(true);
            all[m].link = true;
        }
    }

    void start() {
        started = true;
        for (auto& w : monitors) call([&](actions& a) { w->start(all, now, a); });
        for (unsigned m = 0; m < all.size(); ++m) all[m].usable = says_good(m), all[m].usable_since = now;
        call([&](actions& a) { the_mode->start(all, now, a); });
        note_active();
    }

    // What happens strictly before `t`, then `t` is now.
    void run_to(ps t) {
        for (;;) {
            ps n = the_mode->next();
            for (auto& w : monitors) n = std::min(n, w->next());
            for (const auto& e : later) n = std::min(n, e.first);
            if (n >= t || n == never) break;
            now = std::max(now, n);
            while (!later.empty() && later.begin()->first <= now) {
                auto e = std::move(later.begin()->second);
                later.erase(later.begin());
                e();
            }
            for (auto& w : monitors)
                if (w->next() <= now) {
                    call([&](actions& a) { w->due(all, now, a); });
                    judge();
                }
            if (the_mode->next() <= now) call([&](actions& a) { the_mode->due(all, now, a); });
            note_active();
        }
        now = t;
    }
    void run_for(ps d) { run_to(now + d); }
    void at(ps t, std::function<void()> what) { later.emplace(t, std::move(what)); }

    // The cable of a member. Its driver learns of it when asked, or at once when it tells by itself.
    void pull(unsigned m) { plug(m, false); }
    void plug(unsigned m, bool in = true) {
        cable[m] = in;
        if (drivers_tell) look(m);
    }
    void remove(unsigned m) {
        all[m].present = all[m].link = false;
        told(m);
        call([&](actions& a) { the_mode->changed(all, now, a); });
        note_active();
    }
    void insert(unsigned m, const mac_address& permanent) {
        all[m].present = true;
        all[m].permanent = all[m].address = address[m] = permanent;
        all[m].link = cable[m];
        told(m);
        call([&](actions& a) { the_mode->changed(all, now, a); });
        note_active();
    }
    // A verdict of no monitor: for tests of modes alone.
    void set_usable(unsigned m, bool usable) {
        all[m].usable = usable;
        all[m].usable_since = now;
        call([&](actions& a) { the_mode->changed(all, now, a); });
        note_active();
    }

    template <class F>
    void order(F&& of) {                           // an operator's
        call([&](actions& a) { of(*the_mode, all, now, a); });
        note_active();
    }

    route choose(const bytes& f) {
        route r;
        the_mode->choose(view(f), all, now, r);
        return r;
    }
    bool delivers(unsigned m, const bytes& f) {
        bool yes = false;
        call([&](actions& a) { yes = the_mode->delivers(m, view(f), all, now, a); });
        return yes;
    }
    // A frame from the line: to the monitors, then to the mode. True: it rises.
    bool receive(unsigned m, const bytes& f) {
        bool taken = false, rises = false;
        for (auto& w : monitors) call([&](actions& a) { taken |= w->takes(m, view(f), all, now, a); });
        judge();
        if (!taken) call([&](actions& a) { taken = the_mode->takes(m, view(f), all, now, a); });
        if (!taken) call([&](actions& a) { rises = the_mode->delivers(m, view(f), all, now, a); });
        note_active();
        return rises;
    }
    static frame_view view(const bytes& f) { return {packet::octets(f), static_cast<std::uint32_t>(f.size())}; }

    unsigned active() const { return the_mode->active(); }
    // Its own frames that were made by then have left.
    void tell_left(unsigned m, ps made) {
        for (auto& w : monitors) w->left(m, made, now);
    }

    members all;
    ps now = 0;
    bool drivers_tell = false;
    ps look_time = 0;                              // from the request until the driver's word
    std::unique_ptr<mode> the_mode;
    std::vector<std::unique_ptr<monitor>> monitors;
    std::vector<mac_address> address;              // that each device has
    std::vector<bool> cable;
    std::vector<std::int64_t> line_rate;
    std::vector<announced> announcements;
    std::vector<sent> frames;
    std::vector<moved> moves;
    std::vector<bool> backlog;                     // by member: its own frames wait in its ring; empty: nobody's do
    std::function<void(unsigned, const bytes&)> on_frame;      // what the network makes of a control frame

private:
    bool says_good(unsigned m) const {
        return std::all_of(monitors.begin(), monitors.end(), [&](const auto& w) { return w->good(m); });
    }
    void judge() {
        if (!started || monitors.empty()) return;
        bool any = false;
        for (unsigned m = 0; m < all.size(); ++m) {
            const bool good = says_good(m);
            if (good == all[m].usable) continue;
            all[m].usable = good;
            all[m].usable_since = now;
            any = true;
        }
        if (any) call([&](actions& a) { the_mode->changed(all, now, a); });
    }
    void look(unsigned m) {
        const bool link = cable[m] && all[m].present;
        if (link == all[m].link) return;
        all[m].link = link;
        all[m].rate = link ? line_rate[m] : 0;
        told(m);
    }
    void told(unsigned m) {
        for (auto& w : monitors) call([&](actions& a) { w->changed(m, all, now, a); });
        judge();
        note_active();
    }
    template <class F>
    void call(F f) {
        actions a;
        f(a);
        for (const auto& x : a.addresses) address[x.member] = all[x.member].address = x.mac;
        for (unsigned m = 0; m < all.size(); ++m) {
            const bool active = the_mode->active() == m;
            if (active && !all[m].active) all[m].active_since = now;
            all[m].active = active;
        }
        for (const auto& x : a.announcements) announcements.push_back({now, x});
        for (auto& x : a.frames) {
            frames.push_back({now, x.member, x.octets});
            if (on_frame) on_frame(x.member, x.octets);
            if (backlog.empty() || !backlog[x.member]) tell_left(x.member, now);
        }
        for (const unsigned m : a.looks) {
            if (look_time) at(now + look_time, [this, m] { look(m); });
            else look(m);
        }
    }
    void note_active() {
        if (moves.empty() || moves.back().active != the_mode->active()) moves.push_back({now, the_mode->active()});
    }

    bool started = false;
    std::multimap<ps, std::function<void()>> later;
};

// A UDP datagram of a flow, from the team's address unless told otherwise.
inline bytes datagram(unsigned flow = 0, mac_address from = own_mac(0), mac_address to = {2, 0, 0, 0, 9, 9}) {
    bytes f;
    packet::append_ethernet(f, to, from, packet::ether_type::ipv4);
    const std::uint8_t ip[] = {0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, static_cast<std::uint8_t>(2 + flow % 200)};
    f.insert(f.end(), ip, ip + sizeof ip);
    const std::uint8_t udp[] = {0x9C, static_cast<std::uint8_t>(flow), 0, static_cast<std::uint8_t>(9 + flow / 256), 0, 12, 0, 0, 1, 2, 3, 4};
    f.insert(f.end(), udp, udp + sizeof udp);
    packet::pad_to_minimum(f);
    return f;
}

}  // namespace nicteam::test
