// Unpacks the body of an answer that came with Content-Encoding gzip or deflate (RFC 9110 8.4.1),
// piece by piece, so that the caller decides how much memory each piece may take. We never ask for
// it; a function behind a URL may do it all the same. No socket, no clock; any one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::http {

enum class packing {
  none,
  gzip,
  deflate,  // with zlib's header as it should be, or without, as some servers send it
  other,    // one that is not unpacked here, or several
};

packing packing_of(const headers& fields);
// Of `other`, for people: short and printable.
std::string packing_name(const headers& fields);

enum class unpack_state {
  more,    // call again
  done,    // all of it is there
  failed,  // it is damaged or cut off
};

class unpacker {
 public:
  // `packed` outlives it.
  unpacker(packing how, std::string_view packed);
  ~unpacker();
  unpacker(const unpacker&) = delete;
  unpacker& operator=(const unpacker&) = delete;

  // Appends at most `most` bytes to `to`.
  unpack_state next(std::string& to, std::size_t most);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace connector::http
