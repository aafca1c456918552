// FEEL expressions: parsed once into a tree that never changes, evaluated as often as one likes. An
// expression may be copied cheaply and shared by threads; each evaluation runs on one.
#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "worker/feel/environment.h"
#include "worker/feel/scope.h"
#include "worker/feel/value.h"

namespace worker::feel {

inline constexpr std::size_t max_text = 64 * 1024;
inline constexpr std::size_t max_nesting = 200;  // of the parsed text

struct parse_error {
  std::size_t offset = 0;  // in bytes from the start of the text
  std::string message;     // such as "expected ')' but found the end"
};

struct evaluation_error {
  std::string message;
  std::size_t offset = 0;  // of the operation, in bytes from the start of the text
};

// Why a value became null: for a debug log. As the messages of errors it shows no value, but for
// what assert() was told to say.
struct warning {
  std::string message;
  std::size_t offset = 0;
};
inline constexpr std::size_t max_warnings = 100;

struct evaluation {
  boost::system::result<value, evaluation_error> outcome;
  std::vector<warning> warnings;
};

struct tree;

class expression {
 public:
  // One leading '=' and blanks around it are taken off, as of a header.
  static boost::system::result<expression, parse_error> parse(std::string_view text);

  evaluation evaluate(const scope& variables, const environment& surroundings) const;

  const std::string& text() const;
  // What its tree takes, about.
  std::size_t bytes() const;

 private:
  explicit expression(std::shared_ptr<const tree> parsed) : tree_(std::move(parsed)) {}
  std::shared_ptr<const tree> tree_;
};

}  // namespace worker::feel
