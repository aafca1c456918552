// Starts the in-memory engine on the port given and prints each of its records as one line of JSON, like the log exporter of a
// broker does. Runs until it is killed.

import io.camunda.zeebe.process.test.api.ZeebeTestEngine;
import io.camunda.zeebe.process.test.engine.EngineFactory;
import io.camunda.zeebe.protocol.record.Record;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

public final class LightEngine {
  private static final long PAUSE_MS = 20;

  public static void main(final String[] words) throws Exception {
    final ZeebeTestEngine engine = EngineFactory.create(Integer.parseInt(words[0]));
    engine.start();
    final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.println("ready");
    out.flush();
    int printed = 0;
    while (true) {
      int seen = 0;
      for (final Record<?> record : engine.getRecordStreamSource().getRecords()) {
        if (seen++ >= printed) {
          out.println(record.toJson());
          printed = seen;
        }
      }
      out.flush();
      Thread.sleep(PAUSE_MS);
    }
  }
}
