// The plan of a packet that is taken while it still comes in: a word passes at the first edge of the joint that sees its last octet, which is `crossing`
// edges of the block behind its edge of the wire; the last word behind the end, when that has been judged. docs/decisions/0122.
#pragma once

#include "nicteam/base/clock_domain.h"
#include "nicteam/base/span.h"

namespace nicteam::offload {

// Taken at `at`; `octets` of the wire; the last word may pass from `last` on.
void plan_late_words(span& words, const clock_domain&, ps at, const span& octets, unsigned word_octets, ps last, unsigned crossing);

// A bad one's: the first word passes at `first`, if not `gone` by then.
inline void abort_words(span& words, ps first, ps gone) {
    words.clear();
    if (first < gone) words.append({first, 0, 1});
    words.append({gone, 0, 1});
}

}  // namespace nicteam::offload
