// A command line as its words, by the rules of a POSIX shell for quotes and backslashes and no
// others: nothing is expanded, because nothing is given to a shell. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector::aws {

struct command_words {
  std::vector<std::string> words;
  std::string_view wrong;  // the error of the text; empty: there is at least one word
};

// Unquoted characters that would mean something to a shell (| & ; < > $ ` and parentheses) are
// refused rather than passed on as text.
command_words split_command(std::string_view command);

}  // namespace connector::aws
