#include "worker/feel/function_page.h"

#include "worker/feel/function_table.h"

namespace worker::feel {

std::string function_page() {
  std::string page =
      "# Built-in functions\n\n"
      "Made from the table in `function_table.h` (`lambda-connector feel --functions`). Arguments "
      "may\n"
      "be given in this order or by these names. `...` stands for any number of arguments, or one\n"
      "list. A wrong type or a wrong number of arguments gives null, unless it says otherwise.\n";
  for (const auto& family : function_families()) {
    page += "\n## ";
    page += family.title;
    page += "\n\n| call | gives |\n|---|---|\n";
    for (const auto& row : family.rows) {
      page += "| `";
      page += row.name;
      page += '(';
      for (std::size_t at = 0; at < row.arity(); ++at) {
        if (at > 0) page += ", ";
        page += row.parameters[at];
      }
      if (row.variadic) page += " ...";
      page += ")` | ";
      page += row.summary;
      page += " |\n";
    }
  }
  return page;
}

}  // namespace worker::feel
