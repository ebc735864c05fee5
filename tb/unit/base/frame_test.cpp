#include <catch2/catch.hpp>

#include "nicteam/base/frame.h"

using namespace nicteam;

TEST_CASE("frame comes back clean from the pool with its capacity kept") {
    const frame* first = nullptr;
    {
        ref<frame> f = frame::make();
        first = f.get();
        f->data.assign(1518, 0xAA);
        f->id = 7;
        f->parent = 3;
        f->fcs_known = false;
    }
    ref<frame> again = frame::make();
    REQUIRE(again.get() == first);
    REQUIRE(again->data.empty());
    REQUIRE(again->data.capacity() >= 1518);
    REQUIRE(again->id == 0);
    REQUIRE(again->parent == 0);
    REQUIRE(again->fcs_known);
}

TEST_CASE("frame stays while anybody refers to it") {
    frame_ref kept;
    {
        ref<frame> f = frame::make();
        f->data = {1, 2, 3};
        kept = f;
    }
    ref<frame> other = frame::make();
    REQUIRE(other.get() != kept.get());
    REQUIRE(kept->data == bytes{1, 2, 3});
    frame_ref copy = kept, moved = std::move(kept);
    REQUIRE_FALSE(kept);
    REQUIRE(copy.get() == moved.get());
    copy = moved;   // to itself, in effect
    REQUIRE(copy->data.size() == 3);
    copy = frame_ref();
    REQUIRE(moved->data.size() == 3);
}

namespace {
struct watched : counted {
    explicit watched(int& alive) : alive_(alive) { ++alive_; }
    ~watched() override { --alive_; }
    int& alive_;
};
}  // namespace

TEST_CASE("ref frees what nobody refers to exactly once") {
    int alive = 0;
    {
        ref<watched> a(new watched(alive)), b = a, c;
        c = b;
        a = ref<watched>(new watched(alive));
        REQUIRE(alive == 2);
        b = c = a;
        REQUIRE(alive == 1);
        a = a;
        REQUIRE(alive == 1);
        ref<const watched> d = a;
        REQUIRE(d.get() == a.get());
    }
    REQUIRE(alive == 0);
}
