#include "nic/receive/received_form.h"

#include <algorithm>

#include "nic/mac/crc16.h"
#include "nic/octets.h"
#include "nic/packet_headers.h"
#include "nicteam/packet/fcs.h"

namespace nicteam::nic {
namespace {

constexpr std::size_t header_octets = 14, length_offset = 12;
constexpr std::uint32_t least_data = 46;         // shorter data are padded (IEEE 802.3 3.2.8)

}  // namespace

received_form received_form::of(const configuration& c) {
    received_form f;
    f.crc_to_memory = c.get(field::crc_to_memory);
    f.checksum_word = c.get(field::checksum_word);
    f.stripping = c.get(field::stripping) && !f.crc_to_memory;
    f.crc16 = c.get(field::crc16);
    f.extended = c.get(field::extended_rfd);
    f.parser = c.get(field::receive_parser);
    f.vlan_stripping = c.get(field::vlan_stripping);
    return f;
}

unsigned received_form::crc_octets() const { return crc16 ? crc16_octets : static_cast<unsigned>(packet::fcs_octets); }

// The length field decides, as it passes before what it speaks of.
std::uint32_t received_form::data_octets(const frame& f) const {
    if (!stripping || f.data.size() < header_octets) return UINT32_MAX;
    const std::uint32_t length = static_cast<std::uint32_t>(f.data[length_offset]) << 8 | f.data[length_offset + 1];
    return length < least_data ? static_cast<std::uint32_t>(header_octets) + length : UINT32_MAX;
}

unsigned received_form::tag_octets(const frame& f) const {
    return vlan_stripping && has_vlan_tag(f.data) ? vlan_tag_octets : 0;
}

frame_ref received_form::without_tag(const frame_ref& f) const {
    if (crc_to_memory) packet::ensure_fcs(*f);
    const ref<frame> g = frame::make();
    const std::size_t before = std::min<std::size_t>(f->data.size(), vlan_tag_at), behind = std::min<std::size_t>(f->data.size(), vlan_tag_at + vlan_tag_octets);
    g->data.assign(f->data.begin(), f->data.begin() + static_cast<std::ptrdiff_t>(before));
    g->data.insert(g->data.end(), f->data.begin() + static_cast<std::ptrdiff_t>(behind), f->data.end());
    g->id = f->id;
    g->parent = f->parent;
    return frame_ref(g);
}

frame_ref received_form::with_checksum_word(const frame_ref& f, const frame_ref& kept, std::uint32_t data) const {
    const std::size_t behind = std::min<std::size_t>(f->data.size(), crc_octets()), summed = f->data.size() - behind;
    std::uint8_t word[word_octets];
    put16(word, summed > header_octets ? nic::checksum_word(f->data.data() + header_octets, summed - header_octets) : 0u);
    if (crc_to_memory) packet::ensure_fcs(*kept);
    const bytes& k = kept->data;
    const std::size_t n = crc_to_memory ? k.size() : std::min<std::size_t>(k.size() - std::min(k.size(), behind), data);
    const ref<frame> g = frame::make();
    g->data.assign(k.begin(), k.begin() + static_cast<std::ptrdiff_t>(n));
    g->data.insert(g->data.end(), word, word + word_octets);
    g->id = f->id;
    g->parent = f->parent;
    return frame_ref(g);
}

std::uint16_t checksum_word(const std::uint8_t* p, std::size_t n) {
    std::uint64_t sum = 0;
    for (; n >= 2; n -= 2, p += 2) sum += get16(p);
    if (n) sum += *p;
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

}  // namespace nicteam::nic
