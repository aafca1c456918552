// Reads the inputs of one call against its operation's table: known names, types, sizes, words. It
// keeps the first error, and every input after it reads as absent, so that the code that uses a
// reader stays a list of fields. An error names the field and never its value. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"

namespace connector::lambda {

class input_reader {
 public:
  // `of` must outlive the reader. Of two inputs of one name the later one counts. null and empty
  // strings count as absent, except a null, and a literal text, for an input of any JSON.
  input_reader(const operation_spec& of, std::vector<input_value> inputs);
  ~input_reader();
  input_reader(const input_reader&) = delete;
  input_reader& operator=(const input_reader&) = delete;

  // Text without control characters; empty when absent. An error when a required one is missing.
  std::string text(std::string_view name);
  // JSON text of an object, as it came; a string whose text is an object (a header cannot be
  // anything but a string) counts as that object. Inputs with dotted names give single fields of it
  // and win over what it says there. A name that one object has twice is refused, at any
  // depth. Empty when absent.
  std::string object(std::string_view name);
  std::optional<std::chrono::milliseconds> duration(std::string_view name);
  // From 1 to what the table allows; headers give it as text.
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  // A JSON list of strings, or a string with commas. Empty when absent.
  std::vector<std::string> names(std::string_view name);
  // Whether it, or a field of it, has a value that has not been taken.
  [[nodiscard]] bool has(std::string_view name) const;
  // The whole input, unread; nothing when absent.
  std::optional<input_value> take(std::string_view name);

  void add_error(error problem);
  [[nodiscard]] const std::optional<error>& first_error() const { return first_error_; }

 private:
  std::string whole_object(const input_spec& of);
  std::vector<input_value> take_fields(std::string_view name);

  const operation_spec& of_;
  std::vector<input_value> inputs_;
  std::optional<error> first_error_;
};

// "<field>: <what is wrong>" as INVALID_INPUT.
error field_error(std::string_view field, std::string_view problem);

// INVALID_INPUT for a field that does not exist, with the known name nearest to it. `where` is put
// in front of the name: "lambda." or "authentication.".
error unknown_field_error(std::string_view where, std::string_view name,
                          const std::vector<std::string_view>& known);

}  // namespace connector::lambda
