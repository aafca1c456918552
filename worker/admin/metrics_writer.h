// Families of metrics, written one after the other into a page in Prometheus' text format 0.0.4.
// The library of prometheus-cpp writes the format. Pure.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "worker/jobs/duration_counts.h"

namespace worker::admin {

class metrics_writer {
 public:
  using labels = std::vector<prometheus::ClientMetric::Label>;

  // Begins a family; what follows belongs to it. A counter's name gets the end _total.
  metrics_writer& counter(std::string_view name, std::string_view help);
  metrics_writer& gauge(std::string_view name, std::string_view help);
  metrics_writer& histogram(std::string_view name, std::string_view help);
  metrics_writer& summary(std::string_view name, std::string_view help);

  metrics_writer& value(double number, labels of = {});
  metrics_writer& value(std::uint64_t number, labels of = {}) {
    return value(static_cast<double>(number), std::move(of));
  }
  // Of a histogram.
  metrics_writer& times(const jobs::duration_counts& counts, labels of);
  // Of a summary without quantiles.
  metrics_writer& sum(std::uint64_t count, double total, labels of);

  // What stands before the names from here on; lambda_connector_ at first.
  metrics_writer& prefix(std::string_view text);

  [[nodiscard]] std::string text() const;

 private:
  metrics_writer& begin(std::string_view name, std::string_view end, std::string_view help,
                        prometheus::MetricType type);
  metrics_writer& add(prometheus::ClientMetric one, labels of);

  std::string prefix_ = "lambda_connector_";
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace worker::admin
