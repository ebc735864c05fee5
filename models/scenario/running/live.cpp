#include "scenario/running/live.h"

#include <filesystem>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"

namespace nicteam::scenario {

std::string record_of(const component& port) { return port.text("replay").empty() ? "inputs/" + port.name + ".record.pcapng" : ""; }

live_ports::live_ports(const resolved& r, system& s, bool quiet) : quiet_(quiet) {
    std::vector<sim::outside*> outsides;
    for (const component* c : r.of_kind("port")) {
        if (record_of(*c).empty()) continue;
        wire::external_port& port = *s.port(c->path);
        const setting& socket = *c->find("socket");
        try {
            port.open();
        } catch (const std::exception& e) {
            throw build_error(socket.at, fmt::format("port.socket = \"{}\": {}", socket.written, e.what()));
        }
        ports_.emplace_back(c, &port);
        outsides.push_back(port.live());
    }
    if (!quiet) watch_connections();
    if (!ports_.empty()) pacer_ = std::make_unique<sim::pacer>(outsides, r.top.integer("pace"));
}

// Said by whoever looks after the terminal, between two of its lines.
void live_ports::watch_connections() {
    for (const auto& [c, port] : ports_)
        port->on_connection([this, path = c->path](bool there, ps at) {
            news_.push_back(there ? fmt::format("{}: somebody is there, at {}", path, format_quantity(quantity::time, at))
                                  : fmt::format("{}: whoever was there has left, at {}; frames are lost until somebody comes", path,
                                                format_quantity(quantity::time, at)));
        });
}

void live_ports::tell_news() {
    for (const std::string& n : news_) report::write_message(fmt::format("nicteam: {}\n", n));
    news_.clear();
}

void live_ports::begin(const std::function<bool()>& stop) {
    if (!any()) return;
    if (!quiet_)
        for (const auto& [c, port] : ports_)
            report::write_message(fmt::format("nicteam: {} {} {}{}\n", c->path, c->text("role") == "listen" ? "listens at" : "connects to",
                                              c->text("socket"), c->integer("wait") ? "; the run begins when somebody is there" : ""));
    pacer_->begin(stop);
    tell_news();
    if (!quiet_ && !stop()) report::write_message("nicteam: the run begins, paced to the wall clock; Ctrl-C ends it\n");
}

void live_ports::record_in(const std::string& directory) {
    if (!any() || directory.empty()) return;
    std::filesystem::create_directories(std::filesystem::path(directory) / "inputs");
    for (const auto& [c, port] : ports_) port->record_to((std::filesystem::path(directory) / record_of(*c)).string());
}

void live_ports::check_records(const left_out& tell) {
    for (const auto& [c, port] : ports_)
        if (const std::string why = port->check_record(); !why.empty()) tell(record_of(*c), why);
}

void live_ports::close(const left_out& tell) {
    for (const auto& [c, port] : ports_) {
        try {
            port->close();
        } catch (const report::write_error& e) {
            tell(record_of(*c), e.what());
        }
    }
    if (!any() || quiet_) return;
    const auto whole_us = [](ps t) { return format_quantity(quantity::time, t / microsecond * microsecond); };
    report::write_message(fmt::format("nicteam: simulated time was behind the wall clock by {} at most, {} on average\n", whole_us(pacer_->greatest_lag()),
                                      whole_us(pacer_->mean_lag())));
}

void live_ports::describe(report::machine_facts& m) const {
    m.paced = any();
    if (!any()) return;
    m.greatest_lag = pacer_->greatest_lag();
    m.mean_lag = pacer_->mean_lag();
}

}  // namespace nicteam::scenario
