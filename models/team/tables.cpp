#include "nicteam/team/augmentation_layer_250.h"
#include "team/machinery.h"

namespace nicteam::team {
namespace {

using c = team_config;
constexpr const char* ours = "own choice";
constexpr parameter_info parameters[] = {
    {"layer", quantity::choice, "around", nullptr, nullptr, "around|monolithic",
     "around: virtual protocol stack 202 and virtual NIC driver 204 around the intermediary 102; monolithic: one module on the members' drivers",
     "source documents 000/001, FIG. 2 and 22", store<&c::layer>},
    {"check", quantity::choice, "per_packet", nullptr, nullptr, "per_packet|mask", "314: whether the destination can protect is asked for each packet, or a transmission mask says it",
     "source documents 000/001, 37", store<&c::check>},
    {"outbound", quantity::choice, "return", nullptr, nullptr, "return|transmit|transmit_as_destination",
     "what a backup adapter does with what it has encrypted: it comes back and goes out by its destination adapter; the backup sends it under its own address; or under that of the "
     "destination adapter. What cards and software encrypt comes back, when no such member can", "source documents 000/001, 31: its three embodiments", store<&c::outbound>},
    {"returned_to", quantity::choice, "host_memory", nullptr, nullptr, "host_memory|nic_memory",
     "where what a backup adapter or a card returns lies until it is sent: memory of the host; or that of its destination adapter (nic.memory), which it is written to peer to peer, so that it "
     "crosses the bus twice instead of three times", "source documents 000/001, 32: \"some other memory location\"; own choice of a way", store<&c::returned_to>},
    {"address_change", quantity::choice, "setup", nullptr, nullptr, "setup|frame",
     "transmit_as_destination: the backup's individual address is changed before, and changed back when no such packet is left; or only the frame has the address",
     "source documents 000/001, 31: \"temporarily\"", store<&c::address_change>},
    {"advertises", quantity::choice, "verified", nullptr, nullptr, "verified|union",
     "306, when the team says that it protects: while somebody lends engines, or each member that carries regular traffic has its own; or, naive, as soon as any member has some, as Linux bonding did (LB-7)",
     "source documents 000/001, 34-35; Linux bonding", store<&c::advertises>},
    {"second_filter", quantity::flag, "false", nullptr, nullptr, nullptr,
     "members that lend engines also take in what is for other members' addresses, by the hash table of their filter, and the team delivers it", ours, store<&c::second_filter>},
    {"plain_bypass", quantity::flag, "false", nullptr, nullptr, nullptr,
     "packets that are sent as they are leave by the member that has the team's address, neither balanced, nor rewritten, nor repackaged", "source documents 000/001, 36",
     store<&c::plain_bypass>},
    {"buffers", quantity::count, "64", "1", "4096", nullptr, "places for packets on their way to and from engines", ours, store<&c::buffers>},
    {"control_buffers", quantity::count, "64", "1", "4096", nullptr,
     "places of each member for frames of the team's own: LACPDUs, probes, beats, ARP requests, announcements. They wait behind no packet but those in the member's ring", ours,
     store<&c::control_buffers>},
    {"accepts", quantity::list, "", nullptr, nullptr, nullptr, "identities of members, \"8086:1229\" or with revision \"8086:1229:08\"; others are refused; empty: all",
     "source documents 000/001, 33", store<&c::accepts>},
    {"cost_send", quantity::count, "200", "0", "1000000", nullptr, "CPU cycles: a packet delivered to 204", ours, store<&c::cost_send>},
    {"cost_check", quantity::count, "40", "0", "1000000", nullptr, "CPU cycles: 314, asked of the member", ours, store<&c::cost_check>},
    {"cost_mask", quantity::count, "4", "0", "1000000", nullptr, "CPU cycles: 314, by the transmission mask", ours, store<&c::cost_mask>},
    {"cost_repackage", quantity::count, "120", "0", "1000000", nullptr, "CPU cycles: 202 repackages it for a member's driver", ours, store<&c::cost_repackage>},
    {"cost_receive", quantity::count, "150", "0", "1000000", nullptr, "CPU cycles: a packet that a member received", ours, store<&c::cost_receive>},
    {"cost_identify", quantity::count, "60", "0", "1000000", nullptr, "CPU cycles: 334, an encrypted packet is recognised", ours, store<&c::cost_identify>},
};

constexpr metric_info metrics[] = {
#define NICTEAM_STEP(name, unit, meaning) {#name, unit, meaning},
#include "team/steps.def"
#undef NICTEAM_STEP
    {"no_member", "packets", "packets that no member could carry: dropped"},
    {"no_engine", "packets", "packets to be protected, or to be opened, that no unit of the team can: dropped, never sent as they are"},
    {"no_buffer", "packets", "packets, or copies of them, that found no place, or are longer than one (2,048 octets): dropped"},
    {"jobs_failed", "packets", "packets whose work no unit did: dropped"},
    {"replayed", "packets", "packets that came before, by whatever member: dropped"},
    {"not_authentic", "packets", "packets that a unit found not to verify: dropped"},
    {"standby_copies", "packets", "packets received by a member that the mode does not listen to: dropped"},
    {"control_sent", "frames", "frames of the team's own: LACPDUs, learning packets, probes, announcements"},
    {"control_received", "frames", "frames for the team itself"},
    {"control_lost", "frames", "frames of the team's own that found no place, are longer than one (256 octets), or waited until their member had another address"},
    {"announcements", "frames", "gratuitous ARP requests"},
    {"changes_of_active", "times", "times that another member became the active one, or none"},
    {"member_lost", "times", "times that a member became unusable for regular traffic"},
    {"member_found", "times", "times that a member became usable for regular traffic"},
    {"addresses_taken", "times", "times that a member took its destination's address to send under it"},
    {"addresses_given_back", "times", "times that such a member got its own address again"},
    {"bypassed", "packets", "packets sent as they are that left unaugmented"},
    {"second_filter", "packets", "packets delivered that came in by a member for another one's address"},
    {"expired", "packets", "packets of an association that the team's units together took to its hard limit, or that its user has not added yet, or has deleted: dropped"},
    {"orders", "orders", "orders of an operator about the active member that were carried out"},
    {"orders_refused", "orders", "orders of an operator to make a member active that is not usable: nothing changed"},
    {"gone_with_member", "packets", "packets whose encrypted octets lay in the memory of a member that went: dropped"},
};
static_assert(sizeof metrics / sizeof *metrics == step_count + team_metric_count);

constexpr const char* members_by_number[] = {"member0", "member1", "member2", "member3", "member4", "member5", "member6", "member7", "none", nullptr};
constexpr probe_info probes[] = {
    {"active", 0, members_by_number, "of a mode with one active member: which one"},
    {"usable", most_members, nullptr, "members that are usable for regular traffic, a bit each"},
    {"borrowing", most_members, nullptr, "members that have another one's address to send under it, a bit each"},
};

constexpr fault_info faults[] = {
    {"active_cleared", "", "an operator takes the active member out of that role, at an instant: the mode chooses anew, perhaps the same"},
    {"active_set", "member", "an operator makes a member the active one, at an instant, by its number in team.members, from 0; refused if it is not usable; it stays until members change"},
};

constexpr stage_info stages[] = {
    {"delivered_308", "the protocol stack delivered it to the team"},
    {"forwarded_316", "the team handed it to a backup adapter to be encrypted"},
    {"returned_320", "it came back encrypted, to be sent as regular data"},
    {"received_322", "a member's driver handed it to the team"},
    {"forwarded_336", "the team handed it to a capable adapter to be decrypted"},
    {"returned_338", "it came back decrypted"},
    {"delivered_340", "the team delivers it as a regular packet"},
};

constexpr outcome_info outcomes[] = {
    {"no_member", true, "no member of the team could carry it"},
    {"no_engine", true, "it was to be protected, or to be opened, and no unit of the team can"},
    {"put_on_by_team", false, "a backup adapter put IPsec on: it goes on as what came back", true},
    {"team_job_failed", true, "handed to an engine of the team, and not done"},
    {"sent_to_several", false, "it goes on as copies through several members", true},
    {"taken_off", false, "a capable member took IPsec off: it goes on as what came back", true},
    {"replayed_in_team", true, "it came before, by another member"},
    {"not_authentic_in_team", true, "it does not verify"},
    {"standby_copy", true, "received by a member that the mode does not listen to", false, false, false, true},
    {"team_control", false, "it was for the team itself"},
    {"with_lost_unit", true, "handed to a unit to be encrypted and sent, which is gone: whether it was sent, nobody can say"},
    {"no_place_in_team", true, "no place of the team was free for it"},
    {"expired_in_team", true, "its association is past its hard lifetime, as all units of the team together count it, or its user has deleted it"},
    {"outdated_in_team", true, "a frame of the team's own that waited until its member had another address"},
    {"gone_with_member", true, "its encrypted octets lay in the memory of a member that went"},
};

}  // namespace

const block_info team_info = {"team", "a team of adapters: augmentation layer 250", parameters, metrics, probes, faults, {}, stages, outcomes};

}  // namespace nicteam::team
