#include "tests/sandbox/demo/batch.h"

#include "tests/sandbox/demo/judgement.h"

namespace sandbox::demo {

batch::batch(stage& on, const std::vector<kind>& kinds, int of_each)
    : on_(on), kinds_(kinds), keys_(kinds.size()) {
  for (int number = 0; number < of_each; ++number) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      keys_[i].push_back(on_.gateway().create(kinds[i].make(number)));
    }
  }
}

findings batch::judge() const {
  findings out;
  std::vector<row> rows;
  // An Event call is answered before its function has run.
  on_.functions().account().wait_for([](const totals& now) { return now.running == 0; },
                                     std::chrono::milliseconds(5000));
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    const auto jobs = on_.look_up(keys_[i]);
    rows.push_back(counted(kinds_[i], jobs));
    out.jobs += jobs.size();
    out.lost += rows.back().open();
    for (auto& wrong : complaints(kinds_[i], jobs, on_.never_shown())) {
      out.wrong.push_back(std::move(wrong));
    }
  }
  out.table = table(rows);
  return out;
}

}  // namespace sandbox::demo
