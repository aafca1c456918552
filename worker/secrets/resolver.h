// Puts secrets into the values of one task: which references count where, and what becomes of those
// that do not. Bytes of strings without a reference stay as they are. Loop's thread; the sources
// and the registry must outlive the resolver.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/base/secret.h"
#include "connector/connector.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/source.h"

namespace worker::secrets {

enum class origin {
  header,    // from the model (or the operator's default headers)
  variable,  // data of the process: may hold what an end user typed
};

// One custom header or one input. All custom headers are given, not only those that are inputs.
struct task_value {
  connector::input_value input;  // value: JSON text; a header's text is quoted
  origin from = origin::variable;
};

// Which references count in variables.
enum class data_mode {
  listed,  // those of the header `secrets`, at the places that it names
  any,     // all (SECRETS_IN_DATA=any)
};

// What outside text can make of a task at most.
struct resolve_limits {
  std::size_t names = 100;                       // different secrets of one task
  std::size_t inserted_bytes = 8 * 1024 * 1024;  // of all values put in, repetitions counted
};

// The operator's lists for one job: the name of the list that does not allow a secret, or empty.
using refusing_list = std::function<std::string_view(std::string_view name)>;

struct resolved_task {
  std::vector<task_value> values;                 // as many as were given, in their order
  std::vector<connector::secret_string> secrets;  // the values put in, each once
  // Redaction knows these values for as long as this lives, and masks what the job says with them.
  std::vector<redaction_registry::hold> known;
};

class resolver {
 public:
  // Asked in this order. Every value that is found enters `known` before anybody gets it.
  explicit resolver(std::vector<source*> sources, data_mode in_data = data_mode::listed,
                    resolve_limits limits = {}, redaction_registry* known = nullptr);

  // The task's values with every reference that counts replaced. Errors: INVALID_INPUT (a reference
  // where none may be, or in a variable without being listed in the header `secrets`), SECRET_ERROR
  // permanent (no source has it, or a list of `refusing` does not allow it) or not_started (a
  // source is away, or stays unsure), REQUEST_TOO_LARGE. No source is asked for a name that is not
  // allowed. A source that is unsure is given the time to look again: 10 s or so. Cancelling cuts
  // that short.
  boost::asio::awaitable<connector::result<resolved_task>> resolve(
      std::vector<task_value> task, refusing_list refusing = {}) const;

  // What the sources say about one name. Is one unsure and has no later one the secret, it starts
  // to look again.
  [[nodiscard]] finding look_up(std::string_view name) const;

  [[nodiscard]] data_mode in_data() const { return in_data_; }

  // Where is looked, in order, for people: "files in /etc/secrets, environment variables SECRET_*".
  [[nodiscard]] std::string describe() const;

 private:
  std::vector<source*> sources_;
  data_mode in_data_;
  resolve_limits limits_;
  redaction_registry* known_;
};

// Whether a custom header of this name steers results or errors; in those no reference may be.
bool is_steering_header(std::string_view name);

}  // namespace worker::secrets
