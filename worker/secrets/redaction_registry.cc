#include "worker/secrets/redaction_registry.h"

#include <algorithm>
#include <utility>

namespace worker::secrets {

namespace {

// How many of the oldest values one add() checks. More than one, so that the bounds are reached
// again after handles of many values have been released.
constexpr int max_looks = 8;

}  // namespace

struct redaction_registry::known_value {
  connector::secret_string value;
  std::shared_ptr<const secret_forms> forms;
};

redaction_registry::redaction_registry(std::size_t values)
    : max_values_(values),
      all_(std::make_shared<const redactor>()),
      own_(std::make_shared<const redactor>()) {}
redaction_registry::~redaction_registry() = default;

redaction_registry::handle redaction_registry::add(const connector::secret_string& value) {
  if (value.reveal().size() < redactor::shortest) return {};
  if (const auto at = by_value_.find(value.reveal()); at != by_value_.end()) {
    ages_.splice(ages_.end(), ages_, at->second);
    return *at->second;
  }
  auto made = std::make_shared<const known_value>(
      known_value{value, std::make_shared<const secret_forms>(value)});
  ages_.push_back(made);
  by_value_.emplace(made->value.reveal(), std::prev(ages_.end()));
  bytes_ += made->forms->bytes();
  // Readers keep the copy they have; a new one is put in its place in one step.
  auto next = std::make_shared<redactor>(*std::atomic_load(&all_));
  next->add(made->forms);
  forget_old(*next);
  std::atomic_store(&all_, std::shared_ptr<const redactor>(std::move(next)));
  return made;
}

redaction_registry::handle redaction_registry::add_given(const connector::secret_string& value) {
  const auto size = value.reveal().size();
  if (size >= shortest_key || size < redactor::shortest) return add(value);
  return std::make_shared<const known_value>(
      known_value{value, std::make_shared<const secret_forms>(value)});
}

void redaction_registry::add(const std::vector<connector::secret_string>& values) {
  for (const auto& value : values) add(value);
}

redaction_registry::own_handle redaction_registry::add_own(const connector::secret_string& value) {
  auto known = add(value);
  if (!known) return {};
  for (const auto& each : own_values_) {
    if (each.forms != known->forms) continue;
    if (auto held = each.held.lock()) return held;
  }
  auto next = std::make_shared<redactor>(*own_);
  std::erase_if(own_values_, [&](const own_value& each) {
    if (!each.held.expired()) return false;
    next->remove(each.forms);
    return true;
  });
  next->add(known->forms);
  auto forms = known->forms;
  auto held = std::make_shared<const handle>(std::move(known));
  own_values_.push_back({held, std::move(forms)});
  own_ = std::move(next);
  return held;
}

std::shared_ptr<const redactor> redaction_registry::for_job(
    const std::vector<handle>& of_the_job) const {
  if (of_the_job.empty()) return own_;
  auto out = std::make_shared<redactor>(*own_);
  for (const auto& each : of_the_job) {
    if (each) out->add(each->forms);
  }
  return out;
}

void redaction_registry::forget_old(redactor& from) {
  for (int looked = 0; looked < max_looks; ++looked) {
    if (ages_.size() <= max_values_ && bytes_ <= max_bytes) return;
    const auto oldest = ages_.begin();
    // One reference is the list's own; any other one is a handle.
    if (oldest->use_count() > 1) {
      ages_.splice(ages_.end(), ages_, oldest);
      continue;
    }
    from.remove((*oldest)->forms);
    bytes_ -= (*oldest)->forms->bytes();
    by_value_.erase((*oldest)->value.reveal());
    ages_.pop_front();
  }
}

std::string redaction_registry::mask(std::string text) const {
  return std::atomic_load(&all_)->mask(std::move(text));
}

std::string redaction_registry::front(std::string_view text, std::size_t most) const {
  return std::atomic_load(&all_)->front(text, most);
}

}  // namespace worker::secrets
