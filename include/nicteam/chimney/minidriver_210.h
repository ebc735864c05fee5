// The NDIS minidriver 210 with the chimney driver 212 (source document 002, FIG. 2; one driver, ¶61): questions of the layers to the device, by tickets; and
// FIG. 6 and 7 as far as they pass it.
#pragma once

#include <functional>
#include <map>

#include "nicteam/chimney/acts.h"
#include "nicteam/chimney/journey.h"

namespace nicteam::chimney {

class minidriver_210 final : public answers {
public:
    minidriver_210(dispatch_table t, act_observer& o) : down_(std::move(t)), observer_(o) {}

    // To whom answers go that are no journey's completion.
    std::function<void(ps, journey_ref)> offload_done, upload_done;
    std::function<void(ps, state::handle, reason)> termination_asked;            // 704
    std::function<void(ps, std::size_t outstanding)> in_progress;                // 734
    std::function<void(ps, state::handle, const happening&)> told_of;            // its octets are good during the call

    void offload(ps now, journey_ref);                                           // 336
    void upload(ps now, journey_ref);                                            // 724
    using heard = std::function<void(ps, status)>;
    void write(ps now, state::handle, state::part, bytes, heard = {});
    void write_data(ps now, state::handle, bytes, heard = {});
    void update(ps now, state::handle, bytes cached, heard);                     // 630
    void relink(ps now, state::handle path, state::handle neighbour, heard = {});
    void forward(ps now, state::handle, const packet::ip_address& source, const packet::ip_address& destination, bytes segment, heard);
    void query(ps now, state::handle, state::part, std::function<void(ps, status, const bytes&)>);

    dispatch_table& table() { return down_; }    // to be patched (¶71)
    const abilities& able() const { return down_.able(); }

    void offloaded(ps now, ticket, state::block_list) override;
    void written(ps now, ticket, status) override;
    void updated(ps now, ticket, status) override;
    void uploaded(ps now, ticket, state::block_list) override;
    void asked(ps now, ticket, status, const bytes& part) override;
    void sent_on(ps now, ticket, status) override;
    void indicated(ps now, state::handle connection, reason) override;
    void happened(ps now, state::handle connection, const happening&) override;

private:
    ticket listen(heard h);
    void answer(ps now, ticket, status);

    dispatch_table down_;
    act_observer& observer_;
    std::map<ticket, journey_ref> under_way_;
    std::map<ticket, heard> waiting_;
    std::map<ticket, std::function<void(ps, status, const bytes&)>> asking_;
    ticket next_ = 1;
};

}  // namespace nicteam::chimney
