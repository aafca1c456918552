#include "worker/jobs/capacity.h"

#include <algorithm>

namespace worker::jobs {

capacity::capacity(std::size_t slots, std::size_t places, std::size_t bytes,
                   const std::vector<std::size_t>& limits)
    : slots_(slots),
      places_(places),
      bytes_(bytes),
      kept_(std::max<std::size_t>(places / 2, limits.size()) /
            std::max<std::size_t>(1, limits.size())) {
  for (const auto most : limits) lanes_.push_back({most, 0, 0});
}

std::size_t capacity::free_slots(std::size_t lane) const {
  const auto& mine = lanes_.at(lane);
  return std::min(free_slots(), mine.most - std::min(mine.most, mine.slots));
}

std::size_t capacity::free_places(std::size_t lane) const {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (i != lane) kept += kept_ - std::min(kept_, lanes_[i].places);
  }
  const auto& mine = lanes_.at(lane);
  return std::min(free_places() - std::min(free_places(), kept),
                  mine.most - std::min(mine.most, mine.places));
}

std::optional<capacity::permit> capacity::take_slot(std::size_t lane) {
  if (free_slots(lane) == 0) return std::nullopt;
  ++slots_used_;
  ++lanes_.at(lane).slots;
  return permit(this, kind::slot, lane, 1);
}

std::optional<capacity::permit> capacity::take_place(std::size_t lane) {
  if (reserve_places(lane, 1) == 0) return std::nullopt;
  return claim_reserved_place(lane);
}

std::size_t capacity::reserve_places(std::size_t lane, std::size_t most) {
  const std::size_t got = std::min(most, free_places(lane));
  places_used_ += got;
  lanes_.at(lane).places += got;
  return got;
}

void capacity::return_places(std::size_t lane, std::size_t places) {
  if (places > 0) give_back(kind::place, lane, places);
}

capacity::permit capacity::claim_reserved_place(std::size_t lane) {
  return {this, kind::place, lane, 1};
}

capacity::permit capacity::hold_bytes(std::size_t bytes) {
  bytes_held_ += bytes;
  return {this, kind::bytes, 0, bytes};
}

void capacity::give_back(kind what, std::size_t lane, std::size_t amount) {
  switch (what) {
    case kind::slot:
      slots_used_ -= amount;
      lanes_.at(lane).slots -= amount;
      break;
    case kind::place:
      places_used_ -= amount;
      lanes_.at(lane).places -= amount;
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
    lane_ = other.lane_;
    amount_ = other.amount_;
  }
  return *this;
}

void capacity::permit::release() {
  if (owner_ != nullptr) std::exchange(owner_, nullptr)->give_back(what_, lane_, amount_);
}

void capacity::permit::resize(std::size_t bytes) {
  if (owner_ == nullptr || what_ != kind::bytes) return;
  owner_->bytes_held_ += bytes;
  const std::size_t before = std::exchange(amount_, bytes);
  owner_->give_back(kind::bytes, lane_, before);
}

}  // namespace worker::jobs
