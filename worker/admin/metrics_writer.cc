#include "worker/admin/metrics_writer.h"

#include <prometheus/text_serializer.h>

#include <utility>

#include "connector/base/unseen.h"

namespace worker::admin {

using prometheus::ClientMetric;
using prometheus::MetricType;

metrics_writer& metrics_writer::counter(std::string_view name, std::string_view help) {
  return begin(name, "_total", help, MetricType::Counter);
}

metrics_writer& metrics_writer::gauge(std::string_view name, std::string_view help) {
  return begin(name, "", help, MetricType::Gauge);
}

metrics_writer& metrics_writer::histogram(std::string_view name, std::string_view help) {
  return begin(name, "", help, MetricType::Histogram);
}

metrics_writer& metrics_writer::summary(std::string_view name, std::string_view help) {
  return begin(name, "", help, MetricType::Summary);
}

metrics_writer& metrics_writer::value(double number, labels of) {
  ClientMetric one;
  one.counter.value = one.gauge.value = number;
  return add(std::move(one), std::move(of));
}

metrics_writer& metrics_writer::times(const jobs::duration_counts& counts, labels of) {
  ClientMetric one;
  one.histogram.sample_count = counts.count;
  one.histogram.sample_sum = counts.seconds;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < jobs::duration_bounds.size(); ++i) {
    below += counts.up_to.at(i);
    one.histogram.bucket.push_back({below, jobs::duration_bounds.at(i)});
  }
  return add(std::move(one), std::move(of));
}

metrics_writer& metrics_writer::sum(std::uint64_t count, double total, labels of) {
  ClientMetric one;
  one.summary.sample_count = count;
  one.summary.sample_sum = total;
  return add(std::move(one), std::move(of));
}

metrics_writer& metrics_writer::prefix(std::string_view text) {
  prefix_ = text;
  return *this;
}

std::string metrics_writer::text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

metrics_writer& metrics_writer::begin(std::string_view name, std::string_view end,
                                      std::string_view help, MetricType type) {
  auto& family = families_.emplace_back();
  family.name = prefix_ + std::string(name) + std::string(end);
  family.help = help;
  family.type = type;
  return *this;
}

metrics_writer& metrics_writer::add(ClientMetric one, labels of) {
  for (auto& each : of) each.value = connector::escaped_unseen(each.value);
  one.label = std::move(of);
  families_.back().metric.push_back(std::move(one));
  return *this;
}

}  // namespace worker::admin
