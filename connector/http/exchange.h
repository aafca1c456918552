// One request and its response over a connection of the pool. Lives as long as the send that it
// serves, and keeps the pool alive. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "connector/base/memory_budget.h"
#include "connector/http/client.h"
#include "connector/http/connection.h"
#include "connector/http/pool.h"
#include "connector/http/response_pace.h"
#include "connector/http/response_parser.h"

namespace connector::http {

class exchange {
 public:
  exchange(std::shared_ptr<pool> connections, request outgoing, const limits& bounds);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  // Quiet cancellation (base/cancellation.h).
  boost::asio::awaitable<result<response>> run();

 private:
  // A kept one, which is not `fresh`. False: there is none.
  bool take_idle_connection(bool fresh);
  boost::asio::awaitable<std::optional<failure>> wait_for_connection(bool fresh);
  void begin_with_connection();
  // Goes on where it stopped. Comes back early when the server answers already (`early_`).
  boost::asio::awaitable<std::optional<failure>> write();
  // Until the answer is there, or an early one turns out to be informational, so that the rest of
  // the request has to follow.
  boost::asio::awaitable<std::optional<failure>> read();
  response_parser& parser();
  // Whether make_room() may have to wait.
  [[nodiscard]] bool needs_room(std::size_t bytes) const;
  boost::asio::awaitable<std::optional<failure>> make_room(std::size_t bytes);
  [[nodiscard]] static bool is_packed(const response& got);
  boost::asio::awaitable<std::optional<failure>> unpack(response& got);
  void note_arrival(std::size_t bytes);
  [[nodiscard]] response_pace new_pace() const { return {bounds_.silence, bounds_.least_rate}; }
  [[nodiscard]] std::string hint_of_tls(std::size_t moved) const;

  [[nodiscard]] bool may_replace(const failure& why) const;
  [[nodiscard]] failure spoilt(step seen, const std::string& where) const;
  [[nodiscard]] failure fail(failure_kind kind, const std::string& message) const;
  [[nodiscard]] std::shared_ptr<const response> head_of_failed(const failure& why,
                                                               response unpacking) const;
  [[nodiscard]] failure stopped(wake how, const std::string& where) const;
  [[nodiscard]] bool hurried() const { return share_ && share_->gave_up(); }
  [[nodiscard]] failure unanswered(wake how) const;
  [[nodiscard]] bool untouched() const { return connection_->bytes_out() == bytes_before_; }
  [[nodiscard]] std::chrono::milliseconds keep_for(const response& got) const;

  const std::shared_ptr<pool> pool_;
  request request_;
  const pool_key key_;
  const limits bounds_;
  const deadline end_;
  connection_pointer connection_;
  std::string first_;      // what goes out together: the head, and the body or its beginning
  std::string_view left_;  // of the request: what is not out yet of `first_`, or of the body
  std::string_view rest_;  // of the body, behind it
  std::optional<response_parser> parser_;  // from the first byte of the answer on
  response_pace pace_;
  int informational_ = 0;  // answers that `pace_` does not count
  deadline first_byte_until_{};
  std::optional<memory_budget::share> share_;  // of the memory for large answers
  std::uint64_t bytes_before_ = 0;             // that the connection had sent before this request
  bool just_checked_ = false;  // the pool found the connection quiet, and nothing waited since
  bool all_sent_ = false;
  bool early_ = false;  // the server answers before it has the whole request
  bool answered_ = false;
};

}  // namespace connector::http
