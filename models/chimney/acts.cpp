#include "nicteam/chimney/acts.h"

namespace nicteam::chimney {
namespace {

constexpr act_info rows[] = {
    {330, "switch", "transport", "asks to offload connections; their buffers wait from now on"},
    {332, "transport", "network", "the request, with what the transport layer knows"},
    {334, "network", "framing", "the request, with paths"},
    {336, "framing", "device", "the request, with next hops: a block list"},
    {370, "device", "device", "decides and allocates"},
    {308, "device", "framing", "completion: handles, dispatch tables, what was refused"},
    {310, "framing", "device", "the state of next hops"},
    {312, "framing", "network", "the completion without its own part"},
    {314, "network", "device", "the state of paths"},
    {316, "network", "transport", "the completion without its own part"},
    {318, "transport", "device", "the state of connections: from here on they are the device's"},
    {320, "transport", "switch", "the completion"},
    {322, "switch", "device", "buffers that waited, and all further ones"},
    {610, "transport", "network", "CACHED state of a connection has changed"},
    {620, "network", "framing", "CACHED state has changed, of a path or of what is above"},
    {630, "framing", "minidriver", "likewise, or of a next hop"},
    {640, "minidriver", "device", "likewise"},
    {645, "device", "minidriver", "the device has it"},
    {635, "minidriver", "framing", "the device has it"},
    {625, "framing", "network", "the device has it"},
    {615, "network", "transport", "the device has it"},
    {702, "device", "minidriver", "the device wants to be rid of connections, with a reason"},
    {704, "minidriver", "transport", "likewise; the host decides"},
    {728, "transport", "network", "connections are to come back; nothing more is posted"},
    {726, "network", "framing", "likewise, with paths on which nothing depends any more"},
    {724, "framing", "minidriver", "likewise, with next hops on which nothing depends any more"},
    {722, "minidriver", "device", "likewise"},
    {732, "device", "minidriver", "what is outstanding: an upload is in progress"},
    {734, "minidriver", "transport", "likewise"},
    {742, "device", "minidriver", "completion: the DELEGATED state"},
    {744, "minidriver", "framing", "next hops are the host's alone"},
    {746, "framing", "network", "paths are the host's alone"},
    {748, "network", "transport", "connections are the host's"},
};
static_assert(sizeof rows / sizeof *rows == act_kinds);

}  // namespace

table<act_info> acts() { return rows; }

}  // namespace nicteam::chimney
