// The receive side's end of path 152: path_152.h. Without a far end nothing passes here.
#pragma once

#include "nicteam/offload/path_152.h"
#include "nicteam/offload/receive_block.h"
#include "nicteam/offload/served_associations.h"

namespace nicteam::offload {

class receive_path_152 : public receive_end_152 {
public:
    explicit receive_path_152(receive_block::machinery& m);

    // For the receive side: what buffer 140 offers to, and where 22b takes from.
    stream_sink& away() { return away_; }
    stream_source& back() { return back_; }
    bool stuck() const { return far && far->full_of_received(); }        // until 22b takes

    // For the transmit side.
    stream_source& datagrams() override { return datagrams_; }
    security_work visit_152(item&, engine_bank&, engine_health&, ps) override;
    void worked_152(const item&, ps started, ps done) override;
    void offers_22b(ps at) override;
    void transmit_acted(ps at) override;

    transmit_end_152* far = nullptr;

private:
    struct going : stream_sink {
        explicit going(receive_path_152& p) : path(p) {}
        void offers_changed(ps at) override {
            if (path.far) path.far->offers_152(at);
        }
        receive_path_152& path;
    };
    struct returning : stream_source {
        explicit returning(receive_path_152& p) : path(p) {}
        ps offered() const override { return path.far ? path.far->returned().offered() : never; }
        item_ref take(ps at) override;
        receive_path_152& path;
    };
    struct marked : stream_source {
        explicit marked(receive_path_152& p) : path(p) {}
        ps offered() const override;
        item_ref take(ps at) override;
        receive_path_152& path;
    };

    receive_block::machinery& receive_;
    going away_{*this};
    returning back_{*this};
    marked datagrams_{*this};
    served_by engines_;                               // the transmit side's
};

}  // namespace nicteam::offload
