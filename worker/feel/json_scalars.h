// Texts and numbers that look into JSON text. For json_nodes.cc alone.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <string>
#include <string_view>

#include "worker/feel/value.h"

namespace worker::feel {

// Text that several values look into.
struct document : boost::intrusive_ref_counter<document, boost::thread_safe_counter> {
  std::string own;
  std::string_view text;
};
using document_pointer = boost::intrusive_ptr<const document>;

// `quoted` and `slice` lie in the document.
value json_string_of(const document_pointer& from, std::string_view quoted);
value json_number_of(const document_pointer& from, std::string_view slice);

}  // namespace worker::feel
