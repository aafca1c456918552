// The operations that exist: one row of a table each, with the inputs and outputs, the job type
// that serves it by default, and the phrases of its messages. Part of the door: the worker fetches
// the variables named here, the templates are checked against it, the README's table comes from it.
// Constants; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace connector {

enum class operation_id {
  invoke,
  list_functions,
  get_function,
  delete_function,
  get_execution,
  send_callback,
};

enum class input_type { string, any_json, object, iso_duration, integer, boolean, string_list };

struct input_spec {
  std::string_view name;
  input_type type;
  bool required;
  // Strings: most bytes. Integers: largest value, from 1. Lists of strings: most items. Objects and
  // payloads: most bytes of text.
  std::size_t most;
  std::span<const std::string_view> words;  // allowed words of a string; empty: any text
  std::string_view text;                    // one line for people
  // Objects whose fields are fixed: the names of the fields, and the words of the field `type`.
  std::span<const std::string_view> fields{};
  std::span<const std::string_view> types{};
};

// A variable of the completed job; `error` comes on top.
struct output_spec {
  std::string_view name;
  std::string_view text;  // one line for people
};

// How messages about a call speak of the operation.
struct operation_phrases {
  std::string_view doing;       // "Deleting function", before its name
  std::string_view not_done;    // "did not delete it"
  std::string_view maybe_done;  // "failed and may have deleted it"
  std::string_view done;        // "deleted it"
  std::string_view look;        // what a person looks at when it may have been done; may be empty
};

// What IAM must allow, for messages and for policies.
struct operation_permission {
  std::string_view statement;                 // its name in a policy: "DeleteFunctions"
  std::span<const std::string_view> actions;  // "lambda:DeleteFunction"
  bool of_functions = true;                   // those that are called; else it is of every resource
};

struct operation_spec {
  operation_id id;
  std::string_view name;              // "invoke", as in type=operation
  std::string_view default_job_type;  // "lambdaConnector.INVOKE"
  bool served_by_default;
  std::span<const input_spec> inputs;
  std::span<const output_spec> outputs;
  operation_phrases phrases;
  operation_permission permission;
};

// All operations of this version.
std::span<const operation_spec> operations();

const operation_spec* find_operation(std::string_view name);
// "invoke, list, ...": for messages.
std::string operation_names();
const operation_spec& spec_of(operation_id operation);
const input_spec* find_input(const operation_spec& of, std::string_view name);

}  // namespace connector
