// The secret values that this process has seen. The log is masked with all of them. The outputs of
// a job (result, error, message) are masked with the values of that job and with the worker's own
// keys, so that the secrets of one job change nothing in another job. mask() and front(): any
// thread; everything else: loop's thread.
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
  // A value without a handle is kept while it is among those used last, within both bounds:
  // rotation of secrets must not grow the process for ever. A value with a handle is never
  // forgotten. The constructor can lower the first bound.
  static constexpr std::size_t max_values = 1000;
  static constexpr std::size_t max_bytes = 8 * 1024 * 1024;  // of all their spellings

  struct known_value;
  // While a handle lives, its value stays known. Null for a value that is too short to be masked.
  using handle = std::shared_ptr<const known_value>;

  explicit redaction_registry(std::size_t values = max_values);
  ~redaction_registry();
  redaction_registry(const redaction_registry&) = delete;
  redaction_registry& operator=(const redaction_registry&) = delete;

  // Adding a known value only marks it as used last, which is cheap. A new value costs its
  // spellings and about a thousand pointers, however many values there are.
  handle add(const connector::secret_string& value);
  void add(const std::vector<connector::secret_string>& values);
  // Of a value that data of a process gave as a key. One that is shorter than a key is masked in
  // the outputs of its job alone: in the log it would hide the text of other jobs.
  handle add_given(const connector::secret_string& value);
  static constexpr std::size_t shortest_key = 16;

  // A key of the worker: while the handle lives, it is masked in the outputs of every job too.
  using own_handle = std::shared_ptr<const void>;
  own_handle add_own(const connector::secret_string& value);

  // The redactor for the outputs of a job. Never null.
  [[nodiscard]] std::shared_ptr<const redactor> for_job(
      const std::vector<handle>& of_the_job) const;

  // Both with all values.
  [[nodiscard]] std::string mask(std::string text) const;
  [[nodiscard]] std::string front(std::string_view text, std::size_t most) const;

 private:
  using ages = std::list<handle>;
  struct own_value {
    std::weak_ptr<const void> held;
    std::shared_ptr<const secret_forms> forms;
  };

  void forget_old(redactor& from);

  std::size_t max_values_;
  // The views point into the values.
  ages ages_;  // oldest first
  std::unordered_map<std::string_view, ages::iterator> by_value_;
  std::size_t bytes_ = 0;
  std::shared_ptr<const redactor> all_;  // swapped whole, see redaction_registry.cc
  std::vector<own_value> own_values_;
  std::shared_ptr<const redactor> own_;
};

}  // namespace worker::secrets
