// Where the associations of a unit are, and what its engines do for them: its own, or those of the block that carries it.
#pragma once

#include "nicteam/ipsec/databases.h"
#include "nicteam/offload/engine_timing.h"
#include "nicteam/packet/identification.h"
#include "nicteam/rings/engine_set.h"
#include "nicteam/rings/entries.h"

namespace nicteam::rings {

class association_store {
public:
    virtual ~association_store() = default;

    // The table that an association of these flags of `install` goes to.
    virtual ipsec::association_table& table_for(std::uint8_t flags) = 0;
    // Whether its engines serve it, in the directions that the flags say.
    virtual bool serves(const ipsec::association_parameters&, std::uint8_t flags) const = 0;
    virtual void added(state::handle) {}             // it is in its table now
    virtual void lies_at(state::handle, std::uint64_t address) {}        // its parts, CONST first, in host memory

    // The table that a handle is of; never none, for a handle of nobody finds nothing anywhere.
    virtual ipsec::association_table& table_of(state::handle) = 0;
    virtual bool carries(state::handle, offload::way) const = 0;         // jobs of this way may name it
    // `packet`: octets as it comes, `header` of them IP header.
    virtual offload::engine_work work(state::handle, offload::way, std::size_t packet, std::size_t header, bool new_key) = 0;

    // Of a self-test of the engines that it asks; nothing of an association that is not there.
    virtual offload::engine_work self_test(state::handle, offload::way) = 0;

    virtual packet::identification_source& identifications() = 0;        // of outer IPv4 headers
    virtual std::uint32_t ciphers() const = 0;       // bits of the capability block
    virtual std::uint32_t authentications() const = 0;
    virtual void clear() = 0;                        // all are gone; their handles stay stale
};

// Numbers for an association, by whatever command they come: what is frozen takes none.
reason lend(ipsec::association_table&, state::handle, const ipsec::lease&);

// All of a table: for whoever clears one.
void remove_all(ipsec::association_table&);

// A unit's own: one table, and each association is served both ways.
class own_associations final : public association_store {
public:
    own_associations(std::size_t capacity, offload::engine_set e) : engines_(std::move(e)), table_(capacity), serving_(capacity) {}

    const offload::engine_set& engines() const { return engines_; }
    const ipsec::association_table& table() const { return table_; }

    ipsec::association_table& table_for(std::uint8_t) override { return table_; }
    bool serves(const ipsec::association_parameters& p, std::uint8_t) const override { return serving(engines_, p).has_value(); }
    void added(state::handle) override;
    ipsec::association_table& table_of(state::handle) override { return table_; }
    bool carries(state::handle, offload::way) const override { return true; }
    offload::engine_work work(state::handle, offload::way, std::size_t packet, std::size_t header, bool new_key) override;
    offload::engine_work self_test(state::handle, offload::way) override;
    packet::identification_source& identifications() override { return identifications_; }
    std::uint32_t ciphers() const override { return ciphers_of(engines_); }
    std::uint32_t authentications() const override { return authentications_of(engines_); }
    void clear() override { remove_all(table_); }

private:
    offload::engine_set engines_;
    ipsec::association_table table_;
    packet::identification_source identifications_;
    std::vector<serving_engines> serving_;           // by index
};

}  // namespace nicteam::rings
