#include "worker/jobs/capacity.h"

#include <algorithm>

namespace worker::jobs {

capacity::capacity(std::size_t slots, std::size_t places, std::size_t bytes)
    : slots_(slots), places_(places), bytes_(bytes) {}

std::optional<capacity::permit> capacity::take_slot() {
  if (slots_used_ == slots_) return std::nullopt;
  ++slots_used_;
  return permit(this, kind::slot, 1);
}

std::optional<capacity::permit> capacity::take_place() {
  if (places_used_ == places_) return std::nullopt;
  ++places_used_;
  return permit(this, kind::place, 1);
}

std::size_t capacity::reserve_places(std::size_t most) {
  const std::size_t got = std::min(most, free_places());
  places_used_ += got;
  return got;
}

void capacity::return_places(std::size_t places) {
  if (places > 0) give_back(kind::place, places);
}

capacity::permit capacity::claim_reserved_place() { return {this, kind::place, 1}; }

capacity::permit capacity::hold_bytes(std::size_t bytes) {
  bytes_held_ += bytes;
  return {this, kind::bytes, bytes};
}

void capacity::give_back(kind what, std::size_t amount) {
  switch (what) {
    case kind::slot:
      slots_used_ -= amount;
      break;
    case kind::place:
      places_used_ -= amount;
      break;
    case kind::bytes:
      bytes_held_ -= amount;
      break;
  }
  if (changed_) changed_();
}

capacity::permit& capacity::permit::operator=(permit&& other) noexcept {
  if (this != &other) {
    release();
    owner_ = std::exchange(other.owner_, nullptr);
    what_ = other.what_;
    amount_ = other.amount_;
  }
  return *this;
}

void capacity::permit::release() {
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->give_back(what_, amount_);
}

void capacity::permit::resize(std::size_t bytes) {
  if (owner_ == nullptr || what_ != kind::bytes) return;
  owner_->bytes_held_ += bytes;
  const std::size_t before = std::exchange(amount_, bytes);
  owner_->give_back(kind::bytes, before);
}

}  // namespace worker::jobs
