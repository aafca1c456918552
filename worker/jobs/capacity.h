// How many jobs and bytes this worker may have at the same time: slots (jobs that run), places in
// the queue (jobs that wait for a slot), and a byte budget. All job types share one count. A type
// may have a limit of its own, and some queue places are guaranteed to it. A permit returns what it
// counts when it is destroyed, so no path can leak capacity. Must outlive its permits. Loop's
// thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace worker::jobs {

class capacity {
 public:
  class permit;

  // `limits`: the maximum of slots of each job type, by type index; the same number limits the
  // type's queue places. There must be at least as many queue places as types.
  capacity(std::size_t slots, std::size_t queue_places, std::size_t bytes,
           const std::vector<std::size_t>& limits);

  // `changed` is called after a permit returned something. It must not destroy permits itself.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  std::optional<permit> take_slot(std::size_t type_index);
  std::optional<permit> take_queue_place(std::size_t type_index);
  // Reserves up to `wanted` queue places and returns how many it reserved.
  std::size_t reserve_queue_places(std::size_t type_index, std::size_t wanted);
  void return_queue_places(std::size_t type_index, std::size_t places);
  // A permit for one of the reserved places.
  permit claim_reserved_queue_place(std::size_t type_index);

  // Bytes are counted and never refused, because the job is in memory already. Over the budget the
  // worker asks for no further jobs.
  permit charge_bytes(std::size_t bytes);

  [[nodiscard]] std::size_t slots() const { return slots_; }
  [[nodiscard]] std::size_t queue_places() const { return queue_places_; }
  [[nodiscard]] std::size_t free_slots() const { return slots_ - slots_used_; }
  [[nodiscard]] std::size_t free_queue_places() const { return queue_places_ - queue_places_used_; }
  // How many of the free ones this type may take.
  [[nodiscard]] std::size_t free_slots(std::size_t type_index) const;
  [[nodiscard]] std::size_t free_queue_places(std::size_t type_index) const;
  // Queue places that no other type can take from a type. Over all types this is half of the
  // places, and each type has one at least.
  [[nodiscard]] std::size_t guaranteed_queue_places() const { return guaranteed_; }
  [[nodiscard]] std::size_t bytes_used() const { return bytes_used_; }
  [[nodiscard]] std::size_t free_bytes() const { return bytes_ - std::min(bytes_, bytes_used_); }
  [[nodiscard]] bool over_budget() const { return bytes_used_ >= bytes_; }

 private:
  enum class kind { slot, queue_place, bytes };
  struct type_use {
    std::size_t max = 0;
    std::size_t slots = 0;
    std::size_t queue_places = 0;
  };
  void take_back(kind counted, std::size_t type_index, std::size_t amount);

  std::size_t slots_;
  std::size_t queue_places_;
  std::size_t bytes_;
  std::size_t guaranteed_;
  std::size_t slots_used_ = 0;
  std::size_t queue_places_used_ = 0;
  std::size_t bytes_used_ = 0;
  std::vector<type_use> types_;
  std::function<void()> changed_;
};

class capacity::permit {
 public:
  permit(permit&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        kind_(other.kind_),
        type_index_(other.type_index_),
        amount_(other.amount_) {}
  permit& operator=(permit&& other) noexcept;
  ~permit() { give_back(); }

  // Changes a byte permit to this many bytes.
  void resize(std::size_t bytes);

 private:
  friend class capacity;
  void give_back();
  permit(capacity* owner, kind counted, std::size_t type_index, std::size_t amount)
      : owner_(owner), kind_(counted), type_index_(type_index), amount_(amount) {}

  capacity* owner_;
  kind kind_;
  std::size_t type_index_;
  std::size_t amount_;
};

}  // namespace worker::jobs
