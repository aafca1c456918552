#include "worker/jobs/capacity.h"

#include <algorithm>

namespace worker::jobs {

capacity::capacity(std::size_t slots, std::size_t queue_places, std::size_t bytes,
                   const std::vector<std::size_t>& limits)
    : slots_(slots),
      queue_places_(queue_places),
      bytes_(bytes),
      guaranteed_(std::max<std::size_t>(queue_places / 2, limits.size()) /
                  std::max<std::size_t>(1, limits.size())) {
  for (const auto max : limits) types_.push_back({max, 0, 0});
}

std::size_t capacity::free_slots(std::size_t type_index) const {
  const auto& mine = types_.at(type_index);
  return std::min(free_slots(), mine.max - std::min(mine.max, mine.slots));
}

std::size_t capacity::free_queue_places(std::size_t type_index) const {
  std::size_t for_others = 0;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (i != type_index) for_others += guaranteed_ - std::min(guaranteed_, types_[i].queue_places);
  }
  const auto& mine = types_.at(type_index);
  return std::min(free_queue_places() - std::min(free_queue_places(), for_others),
                  mine.max - std::min(mine.max, mine.queue_places));
}

std::optional<capacity::permit> capacity::take_slot(std::size_t type_index) {
  if (free_slots(type_index) == 0) return std::nullopt;
  ++slots_used_;
  ++types_.at(type_index).slots;
  return permit(this, kind::slot, type_index, 1);
}

std::optional<capacity::permit> capacity::take_queue_place(std::size_t type_index) {
  if (reserve_queue_places(type_index, 1) == 0) return std::nullopt;
  return claim_reserved_queue_place(type_index);
}

std::size_t capacity::reserve_queue_places(std::size_t type_index, std::size_t wanted) {
  const std::size_t reserved = std::min(wanted, free_queue_places(type_index));
  queue_places_used_ += reserved;
  types_.at(type_index).queue_places += reserved;
  return reserved;
}

void capacity::return_queue_places(std::size_t type_index, std::size_t places) {
  if (places > 0) take_back(kind::queue_place, type_index, places);
}

capacity::permit capacity::claim_reserved_queue_place(std::size_t type_index) {
  return {this, kind::queue_place, type_index, 1};
}

capacity::permit capacity::charge_bytes(std::size_t bytes) {
  bytes_used_ += bytes;
  return {this, kind::bytes, 0, bytes};
}

void capacity::take_back(kind counted, std::size_t type_index, std::size_t amount) {
  switch (counted) {
    case kind::slot:
      slots_used_ -= amount;
      types_.at(type_index).slots -= amount;
      break;
    case kind::queue_place:
      queue_places_used_ -= amount;
      types_.at(type_index).queue_places -= amount;
      break;
    case kind::bytes:
      bytes_used_ -= amount;
      break;
  }
  if (changed_) changed_();
}

capacity::permit& capacity::permit::operator=(permit&& other) noexcept {
  if (this != &other) {
    give_back();
    owner_ = std::exchange(other.owner_, nullptr);
    kind_ = other.kind_;
    type_index_ = other.type_index_;
    amount_ = other.amount_;
  }
  return *this;
}

void capacity::permit::give_back() {
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->take_back(kind_, type_index_, amount_);
}

void capacity::permit::resize(std::size_t bytes) {
  if (owner_ == nullptr || kind_ != kind::bytes) return;
  owner_->bytes_used_ += bytes;
  const std::size_t before = std::exchange(amount_, bytes);
  owner_->take_back(kind::bytes, type_index_, before);
}

}  // namespace worker::jobs
