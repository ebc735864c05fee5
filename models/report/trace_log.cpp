#include "nicteam/report/trace_log.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "nicteam/report/file_writer.h"
#include "nicteam/report/result.h"

namespace nicteam::report {
namespace {

std::string id_text(trace_id id) { return fmt::format("\"{}:{}\"", id >> 40, id & ((1ull << 40) - 1)); }
std::string microseconds(ps t) {
    const ps size = t < 0 ? -t : t;
    return fmt::format("{}{}.{:06}", t < 0 ? "-" : "", size / microsecond, size % microsecond);
}

}  // namespace

trace_log::track trace_log::add_track(const std::string& process, const std::string& thread) {
    tracks_.emplace_back(process, thread);
    return static_cast<track>(tracks_.size() - 1);
}

trace_log::name trace_log::intern(const std::string& s) {
    const auto [it, fresh] = name_of_.emplace(s, static_cast<name>(names_.size()));
    if (fresh) names_.push_back(s);
    return it->second;
}

// Which reports are kept must not depend on their order within an instant.
bool trace_log::take(entry e) {
    if (e.told >= full_at_) {
        ++left_out_;
        return false;
    }
    if (entries_.size() >= options_.limit) {
        full_at_ = e.told;
        ++left_out_;
        const std::size_t before = entries_.size();
        while (!entries_.empty() && entries_.back().told >= full_at_) entries_.pop_back();
        left_out_ += before - entries_.size();
        return false;
    }
    entries_.push_back(e);
    return true;
}

void trace_log::tenure(track t, ps from, ps until, trace_id packet, const tenure_facts& f, ps told) {
    if (until < options_.from || from >= options_.until) return;
    take({from,
          until,
          told,
          packet,
          kind::tenure,
          t,
          f.command,
          {f.address, f.words, f.octets, static_cast<std::uint64_t>(f.request), static_cast<std::uint64_t>(f.first),
           static_cast<std::uint64_t>(f.last), f.master, f.why, 0}});
}
void trace_log::frame(track t, ps from, ps until, trace_id packet, std::uint32_t octets, name comment, ps told) {
    if (until < options_.from || from >= options_.until) return;
    take({from, until, told, packet, kind::frame, t, 0, {octets, comment}});
}
void trace_log::state(track t, ps from, ps until, name n, ps told) {
    if (until <= from || until < options_.from || from >= options_.until) return;
    take({from, until, told, 0, kind::state, t, n, {}});
}
void trace_log::born(trace_id id, trace_id parent, name where, std::uint32_t octets, ps at, ps told) {
    if (id && at >= options_.from && at < options_.until) take({at, at, told, id, kind::born, 0, where, {parent, octets}});
}
void trace_log::passed(trace_id id, name stage, name where, ps at, ps told) {
    if (id && at >= options_.from && at < options_.until) take({at, at, told, id, kind::passed, 0, stage, {where}});
}
void trace_log::ended(trace_id id, name outcome, name where, ps at, ps told) {
    if (id && at >= options_.from) take({at, at, told, id, kind::ended, 0, outcome, {where}});
}

std::string trace_log::quoted(std::uint64_t n) const { return json_quoted(names_[n]); }

void trace_log::place(std::string& out, track t) const {
    out += fmt::format("\"pid\":{},\"tid\":{}", numbers_[t].first, numbers_[t].second);
}

void trace_log::slice(std::string& out, const entry& e) const {
    out += fmt::format(",\n{{\"ph\":\"X\",\"ts\":{},\"dur\":{},", microseconds(e.from), microseconds(e.until - e.from));
    place(out, e.track);
    const auto& m = e.more;
    if (e.what == kind::tenure) {
        const std::string title = names_[m[6]] + " " + names_[e.title];
        out += fmt::format(
            ",\"cat\":\"bus\",\"name\":{},\"args\":{{\"master\":{},\"command\":{},\"address\":\"0x{:08x}\",\"words\":{},\"octets\":{},"
            "\"ended\":{},\"request_ps\":\"{}\",\"address_ps\":\"{}\"",
            json_quoted(title), quoted(m[6]), quoted(e.title), m[0], m[1], m[2], quoted(m[7]), m[3], e.from);
        if (m[1]) out += fmt::format(",\"first_data_ps\":\"{}\",\"last_data_ps\":\"{}\"", m[4], m[5]);
        out += fmt::format(",\"idle_ps\":\"{}\"", e.until);
    } else if (e.what == kind::frame) {
        out +=
            fmt::format(",\"cat\":\"wire\",\"name\":\"{} B\",\"args\":{{\"octets\":{},\"first_octet_ps\":\"{}\",\"last_octet_ps\":\"{}\"",
                        m[0], m[0], e.from, e.until);
        if (!names_[m[1]].empty()) out += ",\"comment\":" + quoted(m[1]);
    } else {
        out += fmt::format(",\"cat\":\"state\",\"name\":{},\"args\":{{\"from_ps\":\"{}\",\"until_ps\":\"{}\"", quoted(e.title), e.from,
                           e.until);
    }
    if (e.packet) out += ",\"packet\":" + id_text(e.packet);
    out += "}}";
}

// Per packet: itself, and one after the other its stages, each from where the one before was passed.
void trace_log::packets(std::string& out, ps end) const {
    std::vector<const entry*> lives;
    for (const entry& e : entries_)
        if (e.what >= kind::born) lives.push_back(&e);
    std::stable_sort(lives.begin(), lives.end(), [](const entry* a, const entry* b) {
        return a->packet != b->packet                           ? a->packet < b->packet
               : a->what == kind::born || b->what == kind::born ? a->what < b->what
                                                                : a->from < b->from;
    });
    std::vector<std::pair<ps, std::string>> all;  // by birth, then id
    for (std::size_t i = 0; i < lives.size();) {
        std::size_t next = i;
        while (next < lives.size() && lives[next]->packet == lives[i]->packet) ++next;
        const entry& b = *lives[i];
        if (b.what != kind::born) {  // born before the window, or left out
            i = next;
            continue;
        }
        const std::string id = id_text(b.packet), title = quoted(b.title);
        const auto event = [&](const char* phase, ps at, const std::string& name, const std::string& args) {
            return fmt::format(",\n{{\"ph\":\"{}\",\"cat\":\"packet\",\"id\":{},\"pid\":1,\"tid\":0,\"ts\":{},\"name\":{}{}}}", phase, id,
                               microseconds(at), name, args.empty() ? "" : ",\"args\":{" + args + "}");
        };
        std::string text = event(
            "b", b.from, title,
            fmt::format("\"octets\":{},\"born_ps\":\"{}\"{}", b.more[1], b.from, b.more[0] ? ",\"parent\":" + id_text(b.more[0]) : ""));
        const entry* last = nullptr;
        for (std::size_t n = i + 1; n < next; ++n)
            if (lives[n]->what == kind::ended && lives[n]->from <= std::max(end, b.from)) last = lives[n];      // software tells ahead
        const ps over = last ? last->from : std::max(end, b.from);
        ps since = b.from;
        for (std::size_t n = i + 1; n < next; ++n) {
            const entry& s = *lives[n];
            if (s.what != kind::passed || s.from > over) continue;  // completions that come after the end
            text += event("b", since, quoted(s.title), fmt::format("\"at\":{},\"passed_ps\":\"{}\"", quoted(s.more[0]), s.from)) +
                    event("e", s.from, quoted(s.title), "");
            since = s.from;
        }
        text += event("e", over, title,
                      last ? fmt::format("\"outcome\":{},\"at\":{},\"ended_ps\":\"{}\"", quoted(last->title), quoted(last->more[0]), over)
                           : "\"outcome\":\"held\"");
        all.emplace_back(b.from, std::move(text));
        i = next;
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [at, text] : all) out += text;
}

void trace_log::flows(std::string& out, const std::vector<const entry*>& slices) const {
    std::vector<const entry*> way;
    for (const entry* e : slices)
        if (e->packet) way.push_back(e);
    std::stable_sort(way.begin(), way.end(), [](const entry* a, const entry* b) { return a->packet != b->packet ? a->packet < b->packet : a->from < b->from; });
    for (std::size_t i = 0; i < way.size();) {
        std::size_t next = i;
        while (next < way.size() && way[next]->packet == way[i]->packet) ++next;
        for (std::size_t n = i; next - i > 1 && n < next; ++n) {
            out += fmt::format(",\n{{\"ph\":\"{}\",\"cat\":\"way\",\"name\":\"packet\",\"id\":{},\"ts\":{},",
                               n == i          ? "s"
                               : n + 1 == next ? "f"
                                               : "t",
                               id_text(way[n]->packet), microseconds(way[n]->from));      // where slices begin: in their order, though they overlap
            place(out, way[n]->track);
            out += n == i ? "}" : ",\"bp\":\"e\"}";
        }
        i = next;
    }
}

void trace_log::write(const std::string& path, ps end) {
    // Processes and threads by name; process 1 has the packets.
    std::map<std::string, std::set<std::string>> processes;
    for (const auto& [process, thread] : tracks_) processes[process].insert(thread);
    std::string head = fmt::format(
        "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"made_by\":{},\"scenario\":{},\"seed\":\"{}\"{}}},\"traceEvents\":[\n"
        "{{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{{\"name\":\"packets\"}}}}",
        json_quoted("nicteam " + options_.version), json_quoted(options_.scenario), options_.seed,
        full_at_ == never ? "" : fmt::format(",\"complete_until_ps\":\"{}\",\"reports_left_out\":\"{}\"", full_at_, left_out_));
    std::map<std::pair<std::string, std::string>, std::pair<unsigned, unsigned>> number;
    unsigned pid = 1;
    for (const auto& [process, threads] : processes) {
        head +=
            fmt::format(",\n{{\"ph\":\"M\",\"pid\":{},\"name\":\"process_name\",\"args\":{{\"name\":{}}}}}", ++pid, json_quoted(process));
        unsigned tid = 0;
        for (const std::string& thread : threads) {
            head += fmt::format(",\n{{\"ph\":\"M\",\"pid\":{},\"tid\":{},\"name\":\"thread_name\",\"args\":{{\"name\":{}}}}}", pid, ++tid,
                                json_quoted(thread));
            number[{process, thread}] = {pid, tid};
        }
    }
    numbers_.clear();
    for (const auto& t : tracks_) numbers_.push_back(number[t]);

    std::vector<const entry*> slices;
    for (const entry& e : entries_)
        if (e.what < kind::born) slices.push_back(&e);
    std::stable_sort(slices.begin(), slices.end(), [this](const entry* a, const entry* b) {
        return a->from != b->from ? a->from < b->from : numbers_[a->track] < numbers_[b->track];
    });
    file_writer file(path);
    file.write(head);
    std::string text;
    for (const entry* e : slices) {
        text.clear();
        slice(text, *e);
        file.write(text);
    }
    text.clear();
    flows(text, slices);
    packets(text, end);
    file.write(text);
    file.write("\n]}\n");
    file.commit();
}

}  // namespace nicteam::report
