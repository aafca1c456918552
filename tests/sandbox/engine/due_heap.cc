#include "tests/sandbox/engine/due_heap.h"

#include <cstddef>
#include <utility>

namespace sandbox::engine {

void due_heap::place(std::size_t at, job_record* job) {
  heap_[at] = job;
  job->due_place = static_cast<std::uint32_t>(at);
}

void due_heap::add(job_record& job) {
  heap_.push_back(&job);
  job.due_place = static_cast<std::uint32_t>(heap_.size() - 1);
  up(heap_.size() - 1);
}

void due_heap::remove(job_record& job) {
  const std::size_t at = job.due_place;
  job_record* last = heap_.back();
  heap_.pop_back();
  if (last == &job) return;
  place(at, last);
  up(at);
  down(last->due_place);
}

void due_heap::up(std::size_t at) {
  job_record* job = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (heap_[parent]->until <= job->until) break;
    place(at, heap_[parent]);
    at = parent;
  }
  place(at, job);
}

void due_heap::down(std::size_t at) {
  job_record* job = heap_[at];
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->until < heap_[child]->until) ++child;
    if (job->until <= heap_[child]->until) break;
    place(at, heap_[child]);
    at = child;
  }
  place(at, job);
}

}  // namespace sandbox::engine
