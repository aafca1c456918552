// How many jobs and bytes may be held: slots (running), places of the waiting room, and a byte
// budget. One count for pushed and polled jobs of all types. Each job type is a lane: it may have a
// limit of its own, and a part of the room is kept for it that no other lane can take. Permits give
// back what they hold when they are destroyed, so no path can leak capacity. Must outlive its
// permits. Loop's thread.
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

  // `limits`: most slots of each lane, and of its places as many. `changed` is called after
  // something came free; it must not destroy permits itself.
  capacity(std::size_t slots, std::size_t places, std::size_t bytes,
           const std::vector<std::size_t>& limits);

  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

  std::optional<permit> take_slot(std::size_t lane);
  std::optional<permit> take_place(std::size_t lane);
  // At most `most` places, as many as there are.
  std::size_t reserve_places(std::size_t lane, std::size_t most);
  void return_places(std::size_t lane, std::size_t places);
  // A place out of those reserved before.
  permit claim_reserved_place(std::size_t lane);

  // Bytes are counted, not refused: what has arrived is there. Intake stops while over budget.
  permit hold_bytes(std::size_t bytes);

  [[nodiscard]] std::size_t slots() const { return slots_; }
  [[nodiscard]] std::size_t places() const { return places_; }
  [[nodiscard]] std::size_t free_slots() const { return slots_ - slots_used_; }
  [[nodiscard]] std::size_t free_places() const { return places_ - places_used_; }
  // What this lane may take of them.
  [[nodiscard]] std::size_t free_slots(std::size_t lane) const;
  [[nodiscard]] std::size_t free_places(std::size_t lane) const;
  // Places that are kept for each lane, whatever the others do: with all lanes half of the room,
  // and one at least. There must be as many places as lanes.
  [[nodiscard]] std::size_t kept_places() const { return kept_; }
  [[nodiscard]] std::size_t bytes_held() const { return bytes_held_; }
  [[nodiscard]] std::size_t free_bytes() const { return bytes_ - std::min(bytes_, bytes_held_); }
  [[nodiscard]] bool over_budget() const { return bytes_held_ >= bytes_; }

 private:
  enum class kind { slot, place, bytes };
  struct lane_use {
    std::size_t most = 0;
    std::size_t slots = 0;
    std::size_t places = 0;
  };
  void give_back(kind what, std::size_t lane, std::size_t amount);

  std::size_t slots_;
  std::size_t places_;
  std::size_t bytes_;
  std::size_t kept_;
  std::size_t slots_used_ = 0;
  std::size_t places_used_ = 0;
  std::size_t bytes_held_ = 0;
  std::vector<lane_use> lanes_;
  std::function<void()> changed_;
};

class capacity::permit {
 public:
  permit(permit&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)),
        what_(other.what_),
        lane_(other.lane_),
        amount_(other.amount_) {}
  permit& operator=(permit&& other) noexcept;
  ~permit() { release(); }

  void release();
  // Of a byte permit: hold so many from now on.
  void resize(std::size_t bytes);

 private:
  friend class capacity;
  permit(capacity* owner, kind what, std::size_t lane, std::size_t amount)
      : owner_(owner), what_(what), lane_(lane), amount_(amount) {}

  capacity* owner_;
  kind what_;
  std::size_t lane_;
  std::size_t amount_;
};

}  // namespace worker::jobs
