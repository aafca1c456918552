// Joins OpenSSL to a connection's socket without a buffer in between (asio's own TLS stream keeps
// 68 KiB of them for each connection). The connection outlives what is made here. Loop's thread.
#pragma once

struct bio_st;  // OpenSSL's BIO

namespace connector::http {

class connection;

struct socket_bio {
  // A BIO that reads and writes the socket of `owner`; the caller frees it.
  static bio_st* make(connection& owner);

  static int read(bio_st* bio, char* into, int room);
  static int write(bio_st* bio, const char* from, int size);
  static long control(bio_st* bio, int command, long number, void* pointer);
};

}  // namespace connector::http
