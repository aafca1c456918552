// How keys are made here: the partition above bit 51, as in a real broker, and below it a number
// from which job, task and process instance find each other without a map. Pure.
#pragma once

#include <cstdint>

namespace sandbox::engine {

inline constexpr int partition_shift = 51;
// Each process takes four: itself, its task, the task's job, one unused. Smaller ones are the
// process definition's; incidents lie far above.
inline constexpr std::int64_t keys_per_process = 4;
inline constexpr std::int64_t first_process_key = 5;
inline constexpr std::int64_t first_incident_key = std::int64_t{1} << 50;
inline constexpr std::int64_t definition_key = (std::int64_t{1} << partition_shift) + 1;

inline std::int64_t partition_of(std::int64_t key) { return key >> partition_shift; }
inline std::int64_t number_of(std::int64_t key) {
  return key & ((std::int64_t{1} << partition_shift) - 1);
}
inline std::int64_t process_of_job(std::int64_t key) { return key - 2; }
inline std::int64_t element_of_job(std::int64_t key) { return key - 1; }
inline std::int64_t job_of_process(std::int64_t key) { return key + 2; }
inline std::int64_t job_of_element(std::int64_t key) { return key + 1; }

}  // namespace sandbox::engine
