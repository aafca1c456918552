import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientStatusException;
import io.camunda.client.api.response.ActivatedJob;
import io.camunda.client.api.worker.JobClient;
import io.camunda.client.api.worker.JobWorker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The Java client as a program: one command a line, as README.md of the folder above says. */
public final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Object> NOTHING = Map.of();

  private final CamundaClient client;
  private final List<Object> seen = Collections.synchronizedList(new ArrayList<>());
  private JobWorker worker;

  private Client(String address) {
    client = CamundaClient.newClientBuilder()
                 .grpcAddress(URI.create("http://" + address))
                 .preferRestOverGrpc(false)
                 .defaultRequestTimeout(Duration.ofSeconds(30))
                 .build();
  }

  public static void main(String[] arguments) throws Exception {
    var self = new Client(arguments[0]);
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Object answer;
      try {
        answer = self.perform(JSON.readTree(line));
      } catch (Exception problem) {
        answer = Map.of("error", refusal(problem));
      }
      System.out.println("answer: " + JSON.writeValueAsString(answer));
    }
    System.exit(0);
  }

  private Object perform(JsonNode asked) throws Exception {
    switch (asked.get("do").asText()) {
      case "topology": {
        var told = client.newTopologyRequest().send().join();
        return Map.of("version", told.getGatewayVersion(), "partitions", told.getPartitionsCount(), "brokers",
            told.getBrokers().size());
      }
      case "deploy": {
        var told = client.newDeployResourceCommand().addResourceFile(text(asked, "file")).send().join();
        return Map.of("processes", told.getProcesses().stream().map(each -> each.getBpmnProcessId()).toList());
      }
      case "create": {
        var told = client.newCreateInstanceCommand().bpmnProcessId(text(asked, "process")).latestVersion()
                       .variables(variables(asked)).send().join();
        return Map.of("instance", "" + told.getProcessInstanceKey(), "process", told.getBpmnProcessId(), "version",
            told.getVersion());
      }
      case "result": {
        var told = client.newCreateInstanceCommand().bpmnProcessId(text(asked, "process")).latestVersion()
                       .variables(variables(asked)).withResult().send().join();
        return Map.of("variables", told.getVariablesAsMap());
      }
      case "publish":
        client.newPublishMessageCommand().messageName(text(asked, "name")).correlationKey(text(asked, "key"))
            .variables(variables(asked)).send().join();
        return NOTHING;
      case "signal":
        client.newBroadcastSignalCommand().signalName(text(asked, "name")).send().join();
        return NOTHING;
      case "cancel":
        client.newCancelInstanceCommand(key(asked, "instance")).send().join();
        return NOTHING;
      case "activate": {
        var told = client.newActivateJobsCommand().jobType(text(asked, "type")).maxJobsToActivate(1)
                       .timeout(Duration.ofMillis(asked.get("timeout").asLong())).workerName("java")
                       .requestTimeout(Duration.ofMillis(asked.get("wait").asLong())).send().join();
        return Map.of("jobs", told.getJobs().stream().map(Client::told).toList());
      }
      case "complete":
        client.newCompleteCommand(key(asked, "job")).variables(variables(asked)).send().join();
        return NOTHING;
      case "fail":
        client.newFailCommand(key(asked, "job")).retries(asked.get("retries").asInt())
            .errorMessage(text(asked, "message")).retryBackoff(Duration.ofMillis(asked.get("backOff").asLong()))
            .send().join();
        return NOTHING;
      case "throw":
        client.newThrowErrorCommand(key(asked, "job")).errorCode(text(asked, "code"))
            .errorMessage("thrown by the test").send().join();
        return NOTHING;
      case "extend":
        client.newUpdateTimeoutCommand(key(asked, "job")).timeout(asked.get("timeout").asLong()).send().join();
        return NOTHING;
      case "retries":
        client.newUpdateRetriesCommand(key(asked, "job")).retries(asked.get("retries").asInt()).send().join();
        return NOTHING;
      case "resolve":
        client.newResolveIncidentCommand(key(asked, "incident")).send().join();
        return NOTHING;
      case "set":
        client.newSetVariablesCommand(key(asked, "element")).variables(variables(asked)).local(true).send().join();
        return NOTHING;
      case "open":
        seen.clear();
        worker = client.newWorker().jobType(text(asked, "type")).handler(this::handle).name("java")
                     .timeout(Duration.ofMinutes(1)).requestTimeout(Duration.ofSeconds(1))
                     .streamEnabled(asked.get("stream").asBoolean()).open();
        return NOTHING;
      case "close":
        return close(asked.get("jobs").asInt());
      default:
        return Map.of("missing", true);
    }
  }

  private void handle(JobClient jobs, ActivatedJob job) {
    var behave = job.getVariablesAsMap().get("behave");
    if ("fail".equals(behave) && job.getRetries() == 3) {
      jobs.newFailCommand(job).retries(job.getRetries() - 1).errorMessage("failed by the test").send().join();
    } else if ("throw".equals(behave)) {
      jobs.newThrowErrorCommand(job).errorCode("caught").errorMessage("thrown by the test").send().join();
    } else {
      var number = ((Number) job.getVariablesAsMap().get("number")).longValue();
      jobs.newCompleteCommand(job).variables(Map.of("answer", number + 1)).send().join();
    }
    seen.add(told(job));
  }

  private Object close(int jobs) throws InterruptedException {
    var end = System.nanoTime() + 30_000_000_000L;
    while (seen.size() < jobs && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    worker.close();
    return Map.of("jobs", new ArrayList<>(seen));
  }

  private static Map<String, Object> told(ActivatedJob job) {
    return Map.of("key", "" + job.getKey(), "type", job.getType(), "retries", job.getRetries(), "headers",
        job.getCustomHeaders(), "variables", job.getVariablesAsMap(), "tenant", job.getTenantId(), "process",
        job.getBpmnProcessId(), "instance", "" + job.getProcessInstanceKey(), "element",
        "" + job.getElementInstanceKey(), "kind", "" + job.getKind());
  }

  /** What the library threw: its own class, and the status that it came from. */
  private static Map<String, Object> refusal(Exception problem) {
    if (problem instanceof ClientStatusException known) {
      return Map.of("code", known.getStatusCode().name(), "kind", "ClientStatusException", "message",
          "" + known.getStatus().getDescription());
    }
    return Map.of("code", "NONE", "kind", problem.getClass().getSimpleName(), "message", "" + problem);
  }

  private static String text(JsonNode asked, String name) {
    return asked.get(name).asText();
  }

  private static long key(JsonNode asked, String name) {
    return Long.parseLong(asked.get(name).asText());
  }

  private static String variables(JsonNode asked) {
    return asked.get("variables").toString();
  }
}
