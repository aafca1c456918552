import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.camunda.feel.FeelEngine;
import org.camunda.feel.FeelEngineClock;

/**
 * Reads cases, one JSON object a line with "expression" and "context", and writes each again with what the connector runtime makes of
 * it: "json", or "error": true. The clock is fixed. The runtime's class is called by its name, because it is of a later Java than the
 * compiler that Debian 12 has.
 */
public final class Oracle {
  private static final ZonedDateTime MOMENT = ZonedDateTime.parse("2024-03-15T10:30:00+01:00[Europe/Berlin]");

  private final Object runtime;
  private final Method evaluate;

  private Oracle() throws ReflectiveOperationException {
    Class<?> type = Class.forName("io.camunda.connector.feel.FeelEngineWrapper");
    runtime = type.getConstructor().newInstance();
    evaluate = type.getMethod("evaluateToJson", String.class, Object[].class);
    Field field = type.getDeclaredField("feelEngine");
    field.setAccessible(true);
    FeelEngine engine = (FeelEngine) field.get(runtime);
    FeelEngineClock clock = () -> MOMENT;
    field.set(runtime, new FeelEngine(engine.functionProvider(), engine.valueMapper(), FeelEngine.defaultConfiguration(), clock));
  }

  private void answer(ObjectNode line, Map<?, ?> context) {
    try {
      Object json = evaluate.invoke(runtime, line.get("expression").asText(), new Object[] {context});
      line.put("json", json == null ? "null" : (String) json);
    } catch (ReflectiveOperationException failed) {
      line.put("error", true);
    }
  }

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.US);
    Oracle oracle = new Oracle();
    ObjectMapper mapper = new ObjectMapper();
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        ObjectNode line = (ObjectNode) mapper.readTree(text);
        JsonNode context = line.get("context");
        oracle.answer(line, mapper.convertValue(context, Map.class));
        out.println(mapper.writeValueAsString(line));
      }
    }
    out.flush();
  }
}
