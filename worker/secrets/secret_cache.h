// The copy of a remote store's secrets: one JSON object whose members are the secrets. Judges what
// a look-up may say at a point in time. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "worker/secrets/source.h"

namespace worker::secrets {

class secret_cache {
 public:
  // A secret that is not in a copy older than this may have been added since.
  static constexpr std::chrono::milliseconds fresh_for{10'000};
  static constexpr std::size_t max_secrets = 1000;

  // Takes the place of what was there; an error (a clause) leaves it. A value that is no string is
  // its JSON text.
  connector::result<void> replace(const connector::secret_string& json_object,
                                  connector::boot_clock::time_point now);
  // Why the copy is not newer, for people.
  void failed(std::string why) { trouble_ = std::move(why); }

  // Old values are used while the store is away. What is not in a copy is missing, or unsure when
  // the copy is old; before the first one everything is away.
  [[nodiscard]] finding look_up(std::string_view name, connector::boot_clock::time_point now) const;

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool loaded() const { return loaded_; }
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  std::map<std::string, connector::secret_string, std::less<>> values_;
  bool loaded_ = false;
  connector::boot_clock::time_point loaded_at_{};
  std::string trouble_;
};

}  // namespace worker::secrets
