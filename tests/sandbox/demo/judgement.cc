#include "tests/sandbox/demo/judgement.h"

#include <algorithm>

namespace sandbox::demo {

namespace {

using engine::job_state;

void count(row& into, job_state state) {
  ++into.jobs;
  into.completed += state == job_state::completed ? 1 : 0;
  into.bpmn_errors += state == job_state::error_thrown ? 1 : 0;
  into.incidents += state == job_state::incident ? 1 : 0;
}

std::size_t executions(const finished_job& job) {
  return static_cast<std::size_t>(std::count_if(job.calls.begin(), job.calls.end(),
                                                [](const auto& call) { return call.executed; }));
}

std::string differs(const row& of, const char* column, std::size_t is, std::size_t must) {
  if (is == must) return {};
  return of.kind + ": " + column + " is " + std::to_string(is) + ", must be " +
         std::to_string(must);
}

std::string wrong_end(const kind& job_kind, const finished_job& job) {
  const ending must = job_kind.must_end(job.number);
  if (job.job.state != must.state) {
    return std::string("it is ") + engine::to_string(job.job.state) + ", must be " +
           engine::to_string(must.state) + "; " + job.job.fail_message;
  }
  if (!must.incident.empty() && !job.job.incident_message.starts_with(must.incident + ": ")) {
    return "its incident does not start with " + must.incident + ": " + job.job.incident_message;
  }
  return {};
}

std::string wrong_effort(const kind& job_kind, const finished_job& job) {
  const auto differ = [](const char* name, std::size_t is, std::size_t must) {
    return is == must ? std::string()
                      : name + std::to_string(is) + " times, must be " + std::to_string(must);
  };
  // Handed back to the engine is allowed: nothing had been done.
  const auto failed = job.job.fails - job.job.hand_backs;
  const unsigned must_fail = job_kind.must_end(job.number).state == job_state::incident ? 1 : 0;
  for (auto& wrong : {differ("Lambda was asked ", job.calls.size(), job_kind.requests),
                      differ("the function ran ", executions(job), job_kind.executions),
                      differ("it failed ", failed, must_fail),
                      differ("its activation ran out ", job.job.expired, 0)}) {
    if (!wrong.empty()) return wrong;
  }
  return {};
}

std::string shown_secret(const finished_job& job, const std::vector<std::string>& never_shown) {
  const auto& seen = job.job;
  const std::pair<const char*, std::string> places[] = {
      {"log", seen.process_variable("log").value_or("")},
      {"error", seen.process_variable("error").value_or("")},
      {"the incident", seen.incident_message},
      {"the failure's message", seen.fail_message},
      {"the failure's variables", seen.fail_variables},
      {"the thrown error's message", seen.error_message},
      {"the thrown error's variables", seen.error_variables}};
  for (const auto& [place, text] : places) {
    for (const auto& secret : never_shown) {
      if (text.find(secret) != std::string::npos) {
        return std::string("a secret stands in clear in ") + place;
      }
    }
  }
  return {};
}

// Whole words, and not more than fit.
std::string first_words(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  auto end = text.rfind(' ', most - 3);
  if (end == std::string::npos) end = most - 3;
  return text.substr(0, end) + "...";
}

std::string left(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

constexpr std::size_t name_width = 20;
constexpr std::size_t words_width = 54;
constexpr std::array<const char*, 5> columns = {"jobs", "completed", "BPMN error", "incidents",
                                                "executions"};

std::string line_of(const row& of) {
  const std::array<std::size_t, columns.size()> cells = {of.jobs, of.completed, of.bpmn_errors,
                                                         of.incidents, of.executions};
  std::string out = left(of.kind, name_width);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view head = columns.at(i);
    out += right(cells.at(i) == 0 ? "-" : std::to_string(cells.at(i)), head.size() + 2);
  }
  if (!of.says.empty()) out += "  " + first_words(of.says, words_width);
  return out + '\n';
}

}  // namespace

row counted(const kind& job_kind, const std::vector<finished_job>& jobs) {
  row out;
  out.kind = job_kind.name;
  for (const auto& each : jobs) {
    count(out, each.job.state);
    out.executions += executions(each);
    if (out.says.empty() && each.job.state == job_state::incident) {
      out.says = each.job.incident_message;
    }
  }
  return out;
}

row expected(const kind& job_kind, std::size_t jobs) {
  row out;
  out.kind = job_kind.name;
  for (std::size_t number = 0; number < jobs; ++number) {
    const auto end = job_kind.must_end(static_cast<int>(number));
    count(out, end.state);
    if (out.says.empty()) out.says = end.incident;
  }
  out.executions = jobs * job_kind.executions;
  return out;
}

std::string wrong_with(const kind& job_kind, const finished_job& job,
                       const std::vector<std::string>& never_shown) {
  if (auto wrong = wrong_end(job_kind, job); !wrong.empty()) return wrong;
  if (auto wrong = wrong_effort(job_kind, job); !wrong.empty()) return wrong;
  if (auto wrong = shown_secret(job, never_shown); !wrong.empty()) return wrong;
  return job_kind.check(job);
}

std::vector<std::string> complaints(const kind& job_kind, const std::vector<finished_job>& jobs,
                                    const std::vector<std::string>& never_shown) {
  const row is = counted(job_kind, jobs);
  const row must = expected(job_kind, jobs.size());
  std::vector<std::string> out;
  for (auto& wrong : {differs(is, "completed", is.completed, must.completed),
                      differs(is, "BPMN error", is.bpmn_errors, must.bpmn_errors),
                      differs(is, "incidents", is.incidents, must.incidents),
                      differs(is, "executions", is.executions, must.executions)}) {
    if (!wrong.empty()) out.push_back(wrong);
  }
  std::size_t wrong_jobs = 0;
  std::string first;
  for (const auto& job : jobs) {
    const auto wrong = wrong_with(job_kind, job, never_shown);
    if (wrong.empty()) continue;
    if (++wrong_jobs == 1) first = "job " + std::to_string(job.job.key) + ": " + wrong;
  }
  if (wrong_jobs > 0) {
    out.push_back(job_kind.name + ": " + std::to_string(wrong_jobs) +
                  " not as they must be, the first is " + first);
  }
  return out;
}

std::string table(const std::vector<row>& rows) {
  std::string head = left("kind", name_width);
  for (const std::string_view column : columns) head += "  " + std::string(column);
  std::string out = head + "  what the incident says\n";
  row sum;
  sum.kind = "all";
  for (const auto& each : rows) {
    out += line_of(each);
    sum.jobs += each.jobs;
    sum.completed += each.completed;
    sum.bpmn_errors += each.bpmn_errors;
    sum.incidents += each.incidents;
    sum.executions += each.executions;
  }
  return out + line_of(sum);
}

}  // namespace sandbox::demo
