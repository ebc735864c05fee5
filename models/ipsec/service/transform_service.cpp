#include "nicteam/ipsec/transform_service.h"

#include <algorithm>
#include <stdexcept>

#include "ipsec/service/foreseen.h"
#include "ipsec/service/host_cost.h"
#include "ipsec/service/transform_cache.h"

namespace nicteam::ipsec {
namespace {

using high_word = std::optional<std::uint32_t>;
using packet::octets;

constexpr unsigned opened_again_each = 64;          // of hits
constexpr std::size_t usual_longest = 1'500;        // octets of a packet

transform_service* in_force_now = nullptr;

host_cost cost_of(const algorithms& a) {
    const host_cost c = host_cost_of(a.cipher), m = host_cost_of(a.authentication);
    return {c.seals + m.seals, c.opens + m.opens};
}

}  // namespace

struct transform_service::parts {
    explicit parts(const transform_options& o) : options(o), keyed(o.threads + 1), workers(o.threads), ahead(workers) {}

    transform_options options;
    bool slow_ones = false;
    counts count;
    keyed_transforms keyed;
    transform_cache cache;
    work_stealing workers;
    foreseen ahead;
};

namespace {

using service_parts = std::shared_ptr<transform_service::parts>;

class served final : public transform {
public:
    served(service_parts p, std::shared_ptr<keyed_transform> k)
        : p_(std::move(p)), keyed_(std::move(k)), mine_(keyed_->of(0)), cost_(cost_of(keyed_->algorithms)), icv_(keyed_->algorithms.icv()),
          text_(esp_header + keyed_->algorithms.iv()) {
        p_->slow_ones = p_->slow_ones || hands_over(cost_.opens, usual_longest);
    }

    void seal(std::uint8_t* esp, std::size_t size, high_word high) override {
        const bool keeps = worth_keeping_of(size);
        if (keeps) p_->cache.take_text({esp + text_, size - text_});
        mine_.seal(esp, size, high);
        if (keeps) keep(esp, size, high);
    }

    bool open(std::uint8_t* esp, std::size_t size, high_word high) override {
        const octets whole{esp, size + icv_};
        if (worth_keeping_of(size))
            if (const std::uint8_t* text = p_->cache.find(named(high), whole)) return known(text, esp, size, high);
        if (hands_over(cost_.opens, size))
            if (const auto t = p_->ahead.take(keyed_->id, high, whole)) {
                ++p_->count.foreseen;
                if (t->good) std::copy(t->made.begin(), t->made.end(), esp);
                return t->good;
            }
        return mine_.open(esp, size, high);
    }

    std::unique_ptr<sealing> seal_ahead(const std::uint8_t* esp, std::size_t size, high_word high) override {
        if (!hands_over(cost_.seals, size)) return nullptr;
        const auto t = task_for(false, esp, size, size + icv_, high);
        p_->workers.submit(t);
        return std::make_unique<being_sealed>(*this, t);
    }
    void open_ahead(const std::uint8_t* esp, std::size_t size, high_word high) override {
        if (!hands_over(cost_.opens, size)) return;
        if (p_->options.cache && p_->cache.may_know(named(high), {esp, size + icv_})) return;
        p_->ahead.open(task_for(true, esp, size + icv_, size + icv_, high));
    }

    void check_value(std::initializer_list<octets> parts, const std::uint8_t* iv, std::uint8_t* icv) override { mine_.check_value(parts, iv, icv); }

private:
    // Outlives neither its association's service nor needs its association.
    class being_sealed final : public sealing {
    public:
        being_sealed(const served& s, std::shared_ptr<packet_task> t)
            : p_(s.p_), icv_(s.icv_), text_(s.text_), keeps_(s.worth_keeping_of(t->size)), task_(std::move(t)) {}
        ~being_sealed() override { p_->workers.give_up(*task_); }
        void finish(std::uint8_t* esp) override {
            const packet_task& t = *task_;
            p_->workers.join(*task_);
            std::copy(t.made.begin(), t.made.end(), esp);
            if (!keeps_) return;
            p_->cache.take_text({t.given.data() + text_, t.size - text_});
            p_->cache.keep({t.with->id, t.high, icv_}, octets(t.made));
            ++p_->count.kept;
        }

    private:
        service_parts p_;
        std::size_t icv_, text_;
        bool keeps_;
        std::shared_ptr<packet_task> task_;
    };

    transform_cache::name named(high_word high) const { return {keyed_->id, high, icv_}; }
    bool worth_keeping_of(std::size_t size) const { return p_->options.cache && size * cost_.opens >= worth_keeping; }
    bool hands_over(std::uint32_t cost, std::size_t size) const { return p_->options.threads && size * cost >= worth_handing_over; }

    void keep(const std::uint8_t* esp, std::size_t size, high_word high) {
        p_->cache.keep(named(high), {esp, size + icv_});
        ++p_->count.kept;
    }

    // Now and then it is decrypted all the same: a cache that is wrong shall not stay unseen.
    bool known(const std::uint8_t* text, std::uint8_t* esp, std::size_t size, high_word high) {
        if (++p_->count.hits % opened_again_each) {
            std::copy_n(text, size - text_, esp + text_);
            return true;
        }
        ++p_->count.opened_again;
        if (!mine_.open(esp, size, high) || !std::equal(text, text + (size - text_), esp + text_))
            throw std::logic_error("transform cache: a packet opens to something else than what was sealed");
        return true;
    }

    std::shared_ptr<packet_task> task_for(bool opens, const std::uint8_t* esp, std::size_t given, std::size_t whole, high_word high) {
        bytes copy(whole);
        std::copy_n(esp, given, copy.begin());
        return std::make_shared<packet_task>(keyed_, opens, std::move(copy), whole - icv_, high);
    }

    service_parts p_;
    std::shared_ptr<keyed_transform> keyed_;
    transform& mine_;
    host_cost cost_;
    std::size_t icv_, text_;
};

}  // namespace

transform_service::transform_service(const transform_options& o) : parts_(std::make_shared<parts>(o)) {}
transform_service::~transform_service() = default;

std::unique_ptr<transform> transform_service::make(const algorithms& a, const keys& k) { return std::make_unique<served>(parts_, parts_->keyed.of(a, k)); }

bool transform_service::works_ahead() const { return parts_->slow_ones; }

transform_service::counts transform_service::count() const {
    counts c = parts_->count;
    c.ahead = parts_->workers.submitted();
    c.by_caller = parts_->workers.by_caller();
    return c;
}

transform_service::in_force::in_force(transform_service& s) : before_(in_force_now) { in_force_now = &s; }
transform_service::in_force::~in_force() { in_force_now = before_; }
transform_service* transform_service::current() { return in_force_now; }

std::unique_ptr<transform> make_transform(const algorithms& a, const keys& k, payload_kind payload) {
    transform_service* const s = transform_service::current();
    return s && payload == payload_kind::real ? s->make(a, k) : transform::make(a, k, payload);
}

}  // namespace nicteam::ipsec
