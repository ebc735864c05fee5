#include "nicteam/offload/engine_pool.h"

#include <algorithm>

namespace nicteam::offload {

engine_pool::times engine_pool::run(const std::vector<engine_work>& all, ps ready) {
    const bool ciphers = std::any_of(all.begin(), all.end(), [](const engine_work& w) { return w.cipher; });
    const bool authenticates = std::any_of(all.begin(), all.end(), [](const engine_work& w) { return w.authentication; });
    if (!ciphers && !authenticates) return {ready, ready};
    const auto cipher = std::min_element(cipher_.begin(), cipher_.end()), authentication = std::min_element(authentication_.begin(), authentication_.end());
    ps start = std::max(ready, last_start_);
    if (ciphers) start = std::max(start, *cipher);
    if (authenticates) start = std::max(start, *authentication);
    last_start_ = start;
    ps t = start;
    for (const engine_work& w : all) {
        const ps first = after(t, w.cipher);
        const ps second = !w.authentication ? t : after(!w.cipher ? t : w.chained ? after(t, w.lag) : first, w.authentication);
        if (w.cipher) *cipher = first;
        if (w.authentication) *authentication = second;
        t = std::max(first, second);
    }
    return {start, t};
}

}  // namespace nicteam::offload
