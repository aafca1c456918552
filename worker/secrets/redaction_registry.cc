#include <utility>

#include "worker/secrets/redactor.h"

namespace worker::secrets {

namespace {

// How many of the oldest values are looked at when one is added. More than one, so that the bounds
// are reached again after values that were held have been let go of.
constexpr int most_looks = 8;

}  // namespace

struct redaction_registry::known_value {
  connector::secret_string value;
  std::shared_ptr<const secret_forms> forms;
};

redaction_registry::redaction_registry() : current_(std::make_shared<const redactor>()) {}
redaction_registry::~redaction_registry() = default;

redaction_registry::hold redaction_registry::add(const connector::secret_string& value) {
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
  auto next = std::make_shared<redactor>(*std::atomic_load(&current_));
  next->add(made->forms);
  forget_old(*next);
  std::atomic_store(&current_, std::shared_ptr<const redactor>(std::move(next)));
  return made;
}

void redaction_registry::add(const std::vector<connector::secret_string>& values) {
  for (const auto& value : values) add(value);
}

void redaction_registry::forget_old(redactor& from) {
  for (int looked = 0; looked < most_looks; ++looked) {
    if (ages_.size() <= most_values && bytes_ <= most_bytes) return;
    const auto oldest = ages_.begin();
    // One reference is the list's; any other is somebody's hold, who is using it now.
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

bool redaction_registry::finds(std::string_view text) const {
  return std::atomic_load(&current_)->finds(text);
}

std::string redaction_registry::mask(std::string text) const {
  return std::atomic_load(&current_)->mask(std::move(text));
}

std::string redaction_registry::mask_front(std::string_view text, std::size_t most) const {
  return std::atomic_load(&current_)->mask_front(text, most);
}

std::string redaction_registry::mask_cut(std::string text) const {
  return std::atomic_load(&current_)->mask_cut(std::move(text));
}

}  // namespace worker::secrets
