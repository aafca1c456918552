#include "connector/http/socket_bio.h"

#include <openssl/bio.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "connector/http/connection.h"

namespace connector::http {
namespace {

// What a read counts at least.
constexpr std::size_t least_of_read = 128;

BIO_METHOD* make_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_read(method, socket_bio::read);
  BIO_meth_set_write(method, socket_bio::write);
  BIO_meth_set_ctrl(method, socket_bio::control);
  return method;
}

connection& owner_of(BIO* bio) { return *static_cast<connection*>(BIO_get_data(bio)); }

}  // namespace

BIO* socket_bio::make(connection& owner) {
  static BIO_METHOD* const method = make_method();
  BIO* bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &owner);
  BIO_set_init(bio, 1);
  return bio;
}

int socket_bio::read(BIO* bio, char* into, int room) {
  BIO_clear_retry_flags(bio);
  connection& owner = owner_of(bio);
  // Otherwise one call of OpenSSL would last as long as the server goes on.
  if (owner.has_only_messages()) return -1;
  // Or as long as one message goes on in tiny records.
  if (owner.is_long_step()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto outcome = owner.receive(into, static_cast<std::size_t>(room), 0);
  if (outcome < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
  if (outcome > 0) {
    owner.bytes_in_step_ += std::max(static_cast<std::size_t>(outcome), least_of_read);
  }
  return static_cast<int>(outcome);
}

int socket_bio::write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const auto outcome = owner_of(bio).transmit(from, static_cast<std::size_t>(size));
  if (outcome < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  return static_cast<int>(outcome);
}

long socket_bio::control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return owner_of(bio).stream_ended_ ? 1 : 0;
  return 0;
}

}  // namespace connector::http
