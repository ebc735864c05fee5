#include "nicteam/peer/replay.h"

#include "nicteam/packet/fcs.h"
#include "peer/replay_content.h"

namespace nicteam::peer {
namespace {

counter& bind(const std::string& path, replay_metric m) {
    return sim::session::current().bind_counter(path + "." + replay_metrics[m].name, replay_metrics[m]);
}

}  // namespace

replay::replay(const std::string& path, const replay_config& c) : config_(c), frames_(bind(path, p_frames)), octets_(bind(path, p_octets)) {
    content_ = std::make_unique<content>(c);
    for (const replay_metric m : {p_refused_long, p_refused_cut, p_refused_empty, p_padded}) turned_down_[m - p_refused_long] = &bind(path, m);
    plan(0);
    arriving_at_ = due(0, 0, 0);
}

replay::~replay() = default;

std::string replay::problem_of(const replay_config& c) {
    try {
        return content(c).frames.empty() ? c.file + ": holds no frame that can be sent" : "";
    } catch (const std::exception& e) {
        return e.what();
    }
}

const std::string& replay::note_on_times() const { return content_->note_on_times; }
std::size_t replay::frames_in_file() const { return content_->frames.size(); }

ps replay::due(std::size_t index, std::int64_t round, std::int64_t sent) const {
    const auto& frames = content_->frames;
    if (frames.empty() || (config_.count && sent >= config_.count) || round >= config_.repeat) return never;
    return config_.start + round * content_->round + frames[index].at;
}

void replay::plan(ps now) {
    if (index_ == content_->frames.size()) {
        index_ = 0;
        ++round_;
    }
    next_at_ = due(index_, round_, sent_);
    // As fast as possible: ready as soon as the one before is taken.
    if (next_at_ != never && config_.timing == replay_timing::fast) next_at_ = std::max(config_.start, now);
}

void replay::arrive() {
    ++waiting_;
    ++came_;
    if (++ahead_ == content_->frames.size()) {
        ahead_ = 0;
        ++ahead_round_;
    }
    arriving_at_ = due(ahead_, ahead_round_, came_);
}

outgoing replay::take(ps now) {
    const recorded& r = content_->frames[index_++];
    // Counted when their turn has come, so that a measuring window sees of them what it sees of the frames; those behind the last with it.
    const auto& others = content_->others;
    const bool last = index_ == content_->frames.size();
    for (; other_ < others.size() && (last || others[other_].before < index_); ++other_) turned_down_[others[other_].why - p_refused_long]->add();
    if (last) other_ = 0;
    outgoing out{frame::make()};
    out.data->data = r.data;
    out.data->fcs_known = r.fcs_known;
    if (!packet::check_fcs(*out.data)) out.quality = wire::wire_end::bad_fcs;
    ++sent_;
    frames_.add();
    octets_.add(r.data.size());
    plan(now);
    if (waiting_) --waiting_;
    return out;
}

}  // namespace nicteam::peer
