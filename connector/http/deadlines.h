// All time limits of a client on one timer: arming one is an insertion into a tree, not a system
// call. Measured on boot_clock, looked at once a second at least, so that a limit that passed while
// the machine slept is seen. Owned by the pool; everything armed is disarmed by its destructor.
// All calls on the loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>
#include <memory>

#include "connector/base/clock.h"

namespace connector::http {

class deadlines;

// Something that has at most one limit at a time.
class timed : public boost::intrusive::set_base_hook<
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  timed() = default;
  virtual ~timed() = default;
  timed(const timed&) = delete;
  timed& operator=(const timed&) = delete;

  void disarm() { unlink(); }

  friend bool operator<(const timed& a, const timed& b) { return a.at_ < b.at_; }

 protected:
  // The limit is over, and disarmed. Called from the loop; may arm and disarm anything.
  virtual void time_over() = 0;

 private:
  friend class deadlines;
  deadline at_{};
};

class deadlines : public std::enable_shared_from_this<deadlines> {
 public:
  explicit deadlines(const boost::asio::any_io_executor& loop) : timer_(loop) {}

  // Replaces the limit that `limit` had.
  void arm(timed& limit, deadline at);
  // Takes the timer off the loop; limits armed later still work.
  void rest();
  // Does so when no limit is armed now.
  void rest_if_idle() {
    if (all_.empty()) rest();
  }

 private:
  void schedule(boot_clock::time_point now);
  void tick();

  boost::asio::steady_timer timer_;
  boost::intrusive::multiset<timed, boost::intrusive::constant_time_size<false>> all_;
  deadline next_tick_ = deadline::max();
};

}  // namespace connector::http
