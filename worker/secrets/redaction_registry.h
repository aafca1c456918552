// The values of secrets seen by this process. The log is masked with all of them; what a job says
// (its result, error, message) with the values of that job and with the worker's own keys, so that
// what one job uses changes nothing in another. Masking the log: any thread. All else: the loop's.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connector/base/secret.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {

class redaction_registry {
 public:
  // Of values that are held by none, those used last are kept, within both bounds: rotation must
  // not grow the process for ever. Values that are held are never forgotten.
  static constexpr std::size_t max_values = 1000;
  static constexpr std::size_t max_bytes = 32 * 1024 * 1024;  // of all their spellings

  struct known_value;
  // The value stays known for as long as this lives, whatever else is added. Null for a value that
  // is too short to be masked.
  using hold = std::shared_ptr<const known_value>;

  redaction_registry();
  ~redaction_registry();
  redaction_registry(const redaction_registry&) = delete;
  redaction_registry& operator=(const redaction_registry&) = delete;

  // A value that is known already is made young again, which is cheap; a new one costs its
  // spellings and a few thousand pointers, however many there are.
  hold add(const connector::secret_string& value);
  void add(const std::vector<connector::secret_string>& values);

  // A key of the worker: while this lives, it is masked in what every job says, too.
  using own_hold = std::shared_ptr<const void>;
  own_hold add_own(const connector::secret_string& value);

  // What a job's outputs are masked with. Never null.
  [[nodiscard]] std::shared_ptr<const redactor> for_job(const std::vector<hold>& of_the_job) const;

  // With all values.
  [[nodiscard]] std::string mask(std::string text) const;
  [[nodiscard]] std::string front(std::string_view text, std::size_t most) const;

 private:
  using ages = std::list<hold>;
  struct own_key {
    std::weak_ptr<const void> held;
    std::shared_ptr<const secret_forms> forms;
  };

  void forget_old(redactor& from);

  // The views point into the values.
  ages ages_;  // oldest first
  std::unordered_map<std::string_view, ages::iterator> by_value_;
  std::size_t bytes_ = 0;
  std::shared_ptr<const redactor> all_;  // swapped whole, see redaction_registry.cc
  std::vector<own_key> own_keys_;
  std::shared_ptr<const redactor> own_;
};

}  // namespace worker::secrets
