package peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camunda.connector.api.annotation.OutboundConnector;
import io.camunda.connector.api.outbound.OutboundConnectorContext;
import io.camunda.connector.api.outbound.OutboundConnectorFunction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * An application of the connector runtime with one outbound connector: it takes static keys, a region, a function and a
 * payload, calls Lambda through AWS's SDK (AWS_ENDPOINT_URL_LAMBDA), and gives status, version and payload. The runtime
 * around it does all that is compared: secrets, validation, headers, expressions, failures.
 */
@SpringBootApplication
public class Peer {
  public static void main(String[] arguments) {
    SpringApplication.run(Peer.class, arguments);
  }

  public record Keys(@NotBlank String accessKey, @NotBlank String secretKey) {}

  public record Place(@NotBlank String region) {}

  public record Function(@NotBlank String functionName, @NotNull Object payload) {}

  public record Task(@Valid @NotNull Keys authentication, @Valid @NotNull Place configuration,
      @Valid @NotNull Function awsFunction) {}

  @OutboundConnector(name = "Peer", type = "peer:lambda:1",
      inputVariables = {"authentication", "configuration", "awsFunction"})
  public static class Call implements OutboundConnectorFunction {
    private final ObjectMapper json = new ObjectMapper();

    @Override
    public Object execute(OutboundConnectorContext context) throws Exception {
      var task = context.bindVariables(Task.class);
      var keys = AwsBasicCredentials.create(task.authentication().accessKey(), task.authentication().secretKey());
      try (var lambda = LambdaClient.builder()
          .httpClient(UrlConnectionHttpClient.create())
          .region(Region.of(task.configuration().region()))
          .credentialsProvider(StaticCredentialsProvider.create(keys))
          .build()) {
        var body = json.writeValueAsString(task.awsFunction().payload());
        var answer = lambda.invoke(call -> call.functionName(task.awsFunction().functionName())
            .payload(SdkBytes.fromUtf8String(body)));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("statusCode", answer.statusCode());
        response.put("executedVersion", answer.executedVersion());
        response.put("payload", json.readValue(answer.payload().asUtf8String(), Object.class));
        return response;
      }
    }
  }
}
