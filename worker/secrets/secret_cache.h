// The copy of a remote store's secrets: one JSON object whose members are the secrets. Says what a
// look-up results in at a point in time. Pure.
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
  // A secret that is missing in a copy older than this may have been added to the store since.
  static constexpr std::chrono::milliseconds fresh_for{10'000};
  static constexpr std::size_t max_secrets = 1000;

  // Replaces the whole copy. On an error the old copy stays; the error's message is a clause. The
  // value of a member that is not a string is its JSON text.
  connector::result<void> replace(const connector::secret_string& json_object,
                                  connector::boot_clock::time_point now);
  // Notes why the copy could not be replaced.
  void failed(std::string reason) { last_error_ = std::move(reason); }

  // Values of an old copy are found. A name that the copy lacks is `missing`, or `stale` when the
  // copy is old. Before the first copy every name is `unavailable`.
  [[nodiscard]] lookup_result look_up(std::string_view name,
                                      connector::boot_clock::time_point now) const;

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool loaded() const { return loaded_; }
  // Of the last attempt to replace the copy; empty: it succeeded.
  [[nodiscard]] const std::string& last_error() const { return last_error_; }

 private:
  std::map<std::string, connector::secret_string, std::less<>> values_;
  bool loaded_ = false;
  connector::boot_clock::time_point loaded_at_{};
  std::string last_error_;
};

}  // namespace worker::secrets
