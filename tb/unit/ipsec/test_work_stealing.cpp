// Each task is done once, whoever is faster; nobody stands idle; a thread is there only when there is work.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "ipsec/service/work_stealing.h"

using namespace nicteam::ipsec;

namespace {

// Held until somebody lets it go, if so asked.
struct counted final : task {
    explicit counted(const std::atomic<bool>* gate = nullptr) : gate(gate) {}
    void run(unsigned thread) override {
        by = thread;
        begun = true;
        while (gate && !*gate) std::this_thread::yield();
        ++times;
    }
    const std::atomic<bool>* gate;
    std::atomic<bool> begun{false};
    std::atomic<unsigned> by{99}, times{0};
};

void until(const std::atomic<bool>& b) {
    while (!b) std::this_thread::yield();
}

struct failing final : task {
    void run(unsigned) override { throw std::runtime_error("cannot"); }
};

}  // namespace

TEST_CASE("who joins what nobody has begun does it itself") {
    std::atomic<bool> gate{false};
    work_stealing w(1);
    const auto held = std::make_shared<counted>(&gate), mine = std::make_shared<counted>();
    w.submit(held);
    until(held->begun);                      // the only thread is at it
    w.submit(mine);
    w.join(*mine);
    REQUIRE(mine->by == 0);
    REQUIRE(w.by_caller() == 1);
    gate = true;
    w.join(*held);
    REQUIRE(held->by == 1);
    REQUIRE(held->times == 1);
}

TEST_CASE("who waits for one that is being done does the others meanwhile") {
    std::atomic<bool> gate{false};
    struct last final : task {
        explicit last(std::atomic<bool>& g) : gate(g) {}
        void run(unsigned thread) override { by = thread, gate = true; }
        std::atomic<bool>& gate;
        unsigned by = 99;
    };
    work_stealing w(1);
    const auto held = std::make_shared<counted>(&gate), other = std::make_shared<counted>();
    const auto frees = std::make_shared<last>(gate);
    w.submit(held);
    until(held->begun);
    w.submit(other);
    w.submit(frees);
    w.join(*held);                           // would never end if it only waited
    REQUIRE(other->by == 0);
    REQUIRE(frees->by == 0);
    REQUIRE(held->by == 1);
}

TEST_CASE("a thread does what is submitted while nobody joins") {
    work_stealing w(1);
    const auto t = std::make_shared<counted>();
    w.submit(t);
    while (!w.done(*t)) std::this_thread::yield();
    w.join(*t);
    REQUIRE(t->by == 1);
    REQUIRE(w.by_caller() == 0);
}

TEST_CASE("a thread that sleeps is woken and one who joins may sleep") {
    work_stealing w(1);
    for (int n = 0; n < 5; ++n) {
        std::this_thread::sleep_for(std::chrono::milliseconds(3));       // past its patience
        std::atomic<bool> gate{false};
        const auto t = std::make_shared<counted>(&gate);
        w.submit(t);
        until(t->begun);
        REQUIRE(t->by == 1);
        std::thread later([&gate] {
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
            gate = true;
        });
        w.join(*t);
        REQUIRE(t->times == 1);
        later.join();
    }
}

TEST_CASE("what is given up before it is begun is never done and what has begun ends") {
    std::atomic<bool> gate{false};
    const auto held = std::make_shared<counted>(&gate), dropped = std::make_shared<counted>(), last = std::make_shared<counted>();
    {
        work_stealing w(1);
        w.submit(held);
        until(held->begun);
        w.submit(dropped);
        w.give_up(*held);
        w.give_up(*dropped);
        w.submit(last);
        gate = true;
        while (!w.done(*last)) std::this_thread::yield();
    }
    REQUIRE(held->times == 1);
    REQUIRE(dropped->times == 0);
}

TEST_CASE("the end gives up what waits and threads that never had work were never there") {
    { work_stealing idle(8); }
    std::vector<std::shared_ptr<counted>> all;
    {
        work_stealing w(2);
        for (int n = 0; n < 200; ++n) w.submit(all.emplace_back(std::make_shared<counted>()));
    }
    for (const auto& t : all) REQUIRE(t->times <= 1);
}

TEST_CASE("what a task throws comes out where it is joined") {
    work_stealing w(1);
    for (int n = 0; n < 20; ++n) {
        const auto t = std::make_shared<failing>();
        w.submit(t);
        REQUIRE_THROWS_AS(w.join(*t), std::runtime_error);
    }
}

TEST_CASE("with many threads each task is done once in any order of joining") {
    std::mt19937 r(7);
    for (const unsigned threads : {1u, 2u, 7u}) {
        work_stealing w(threads);
        std::vector<std::shared_ptr<counted>> open, all;
        for (int n = 0; n < 3'000; ++n) {
            w.submit(open.emplace_back(all.emplace_back(std::make_shared<counted>())));
            while (open.size() > r() % 20) {
                const std::size_t k = r() % open.size();
                w.join(*open[k]);
                REQUIRE(open[k]->times == 1);
                open.erase(open.begin() + static_cast<std::ptrdiff_t>(k));
            }
        }
        for (const auto& t : open) w.join(*t);
        for (const auto& t : all) REQUIRE(t->times == 1);
        REQUIRE(w.submitted() == all.size());
    }
}
