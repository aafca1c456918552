// What befalls the gateway and the network of functions in a random attack, as a function of the
// seed and the step's number: refusals with any status and text, silence, back-pressure, restarts,
// jobs that cannot be read, connections that break. One step at a time; the next one, or calm(),
// ends it. Test's thread; the test environment must outlive it.
#pragma once

#include <cstdint>
#include <string>

#include "tests/attack/random/dice.h"
#include "tests/journey/test_environment.h"

namespace attack {

class weather {
 public:
  weather(journey::test_environment& env, std::uint64_t seed) : env_(env), seed_(seed) {}

  // Ends the step before and begins this one. Gives what it is, for a person.
  std::string begin(std::uint64_t number);
  // Ends whatever is going on; nothing stays behind.
  void calm();

 private:
  std::string refuse(dice& from);
  void start_again();

  journey::test_environment& env_;
  const std::uint64_t seed_;
  bool stopped_ = false;
  std::vector<std::int64_t> unreadable_;
};

}  // namespace attack
