// Prints the few records that the account of a cluster run needs, each as one line of JSON. The log exporter of a broker prints them
// all, which takes more of a small machine than the engine itself.

import io.camunda.zeebe.exporter.api.Exporter;
import io.camunda.zeebe.exporter.api.context.Context;
import io.camunda.zeebe.exporter.api.context.Controller;
import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import io.camunda.zeebe.protocol.record.intent.Intent;
import io.camunda.zeebe.protocol.record.intent.IncidentIntent;
import io.camunda.zeebe.protocol.record.intent.JobBatchIntent;
import io.camunda.zeebe.protocol.record.intent.JobIntent;
import io.camunda.zeebe.protocol.record.intent.ProcessInstanceIntent;
import io.camunda.zeebe.protocol.record.value.ProcessInstanceRecordValue;
import io.camunda.zeebe.protocol.record.value.VariableRecordValue;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

public final class LedgerExporter implements Exporter {
  private static final Set<ValueType> WANTED =
      EnumSet.of(ValueType.PROCESS_INSTANCE, ValueType.VARIABLE, ValueType.JOB, ValueType.JOB_BATCH, ValueType.INCIDENT);

  private Controller controller;

  @Override
  public void configure(final Context context) {
    context.setFilter(
        new Context.RecordFilter() {
          @Override
          public boolean acceptType(final RecordType type) {
            return type == RecordType.EVENT;
          }

          @Override
          public boolean acceptValue(final ValueType type) {
            return WANTED.contains(type);
          }
        });
  }

  @Override
  public void open(final Controller given) {
    controller = given;
  }

  @Override
  public void export(final Record<?> record) {
    if (isWanted(record)) {
      final byte[] line = (record.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
      synchronized (System.out) {
        System.out.write(line, 0, line.length);
        System.out.flush();
      }
    }
    controller.updateLastExportedRecordPosition(record.getPosition());
  }

  private static boolean isWanted(final Record<?> record) {
    final Intent intent = record.getIntent();
    if (record.getValue() instanceof ProcessInstanceRecordValue value) {
      return intent == ProcessInstanceIntent.ELEMENT_COMPLETED && value.getProcessInstanceKey() == record.getKey();
    }
    if (record.getValue() instanceof VariableRecordValue value) {
      return value.getScopeKey() == value.getProcessInstanceKey();
    }
    return intent == JobIntent.CREATED || intent == JobBatchIntent.ACTIVATED || intent == IncidentIntent.CREATED
        || intent == IncidentIntent.RESOLVED;
  }
}
