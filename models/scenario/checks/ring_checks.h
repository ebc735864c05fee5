// [[sa]]: whose rings work for a host, when what is received is decrypted (sent_back_to) and when what is sent is protected (put_on_by).
#pragma once

#include <cstdint>
#include <map>

#include "nicteam/ipsec/association_config.h"
#include "nicteam/scenario/problem.h"
#include "nicteam/scenario/resolved.h"

namespace nicteam::scenario {

class ring_checks {
public:
    ring_checks(const resolved& r, problems& found) : r_(r), found_(found) {}
    void check(const component& sa, const ipsec::association_parameters&);

private:
    void check_way_back(const component& sa, const component& ring, const ipsec::association_parameters&);
    void check_way_out(const component& sa, const component& ring, const ipsec::association_parameters&);
    void check_jobs(const component& sa, const char* key, const component& nic);
    void check_card(const component& sa, const char* key, const component& card, const ipsec::association_parameters&);
    void wrong(const component& sa, const char* key, const component& ring, const std::string& why);

    const resolved& r_;
    problems& found_;
    std::map<const component*, std::int64_t> on_cards_;
};

// A device takes it off, whose window has an end.
void check_window(const component& sa, const component& device, problems&);

}  // namespace nicteam::scenario
