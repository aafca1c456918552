"""Configuration mistakes that people make, and what the program must say about each.

A row has its kind, what is wrong, and the sources: environment, file, flags. `issues` are all lines that the program must
print before it ends with code 2; `warnings` are all warnings of a start that goes on. Each expected line has its source (a
variable, a flag, or `worker.yaml` with the line), its key, and words that must stand in it: what is allowed, or what to do.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Told:
    source: str  # empty for a line that is about no single source
    key: str
    words: tuple


def told(source, key, *words):
    return Told(source, key, words)


@dataclasses.dataclass(frozen=True)
class Mistake:
    kind: str
    what: str
    env: dict = dataclasses.field(default_factory=dict)
    file: str = ""
    flags: tuple = ()
    issues: tuple = ()
    warnings: tuple = ()
    never: tuple = ()  # texts that no line may have


MISTAKES = [
    # --- the gateway
    Mistake("gateway", "an address with another scheme", env={"CAMUNDA_GRPC_ADDRESS": "ftp://zeebe:26500"},
            issues=(told("CAMUNDA_GRPC_ADDRESS", "gateway.address", "'ftp://zeebe:26500'", "http://", "https://"),)),
    Mistake("gateway", "an address with a path", env={"ZEEBE_ADDRESS": "https://zeebe:26500/v2"},
            issues=(told("ZEEBE_ADDRESS", "gateway.address", "host"),)),
    Mistake("gateway", "a port that cannot be", flags=("--gateway-address", "zeebe:99999"),
            issues=(told("--gateway-address", "gateway.address", "port"),)),
    Mistake("gateway", "TLS and plaintext at once",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_INSECURE_CONNECTION": "true"},
            issues=(told("CAMUNDA_GRPC_ADDRESS", "gateway.address", "CAMUNDA_INSECURE_CONNECTION"),)),
    Mistake("gateway", "a boolean that other clients read as false", env={"ZEEBE_INSECURE_CONNECTION": "1"},
            issues=(told("ZEEBE_INSECURE_CONNECTION", "gateway.insecure", "'1'", "true", "false"),)),
    Mistake("gateway", "a keep-alive that is no duration", env={"CAMUNDA_KEEP_ALIVE": "soon"},
            issues=(told("CAMUNDA_KEEP_ALIVE", "gateway.keepAlive", "'soon'", "a duration from 1 s to 60 min"),)),
    Mistake("gateway", "a keep-alive that gateways refuse", env={"ZEEBE_KEEP_ALIVE": "10s"},
            warnings=(told("ZEEBE_KEEP_ALIVE", "gateway.keepAlive", "every 30 s"),)),
    Mistake("gateway", "a client key without its certificate",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_MTLS_KEY_PATH": "/etc/tls/client.key"},
            issues=(told("CAMUNDA_MTLS_KEY_PATH", "gateway.clientKey", "CAMUNDA_MTLS_CERT_PATH"),)),
    Mistake("gateway", "a client certificate for plaintext",
            env={"CAMUNDA_GRPC_ADDRESS": "http://zeebe:26500", "CAMUNDA_MTLS_CERT_PATH": "/etc/tls/client.pem"},
            warnings=(told("CAMUNDA_MTLS_CERT_PATH", "gateway.clientCertificate", "plaintext"),)),
    Mistake("gateway", "an authority file for plaintext",
            env={"CAMUNDA_GRPC_ADDRESS": "http://zeebe:26500", "CAMUNDA_CA_CERTIFICATE_PATH": "/etc/tls/ca.pem"},
            warnings=(told("CAMUNDA_CA_CERTIFICATE_PATH", "gateway.caFile", "plaintext"),)),
    Mistake("gateway", "the address of REST instead of gRPC", env={"CAMUNDA_REST_ADDRESS": "http://zeebe:8088"},
            warnings=(told("CAMUNDA_REST_ADDRESS", "", "http://localhost:26500", "the default", "CAMUNDA_GRPC_ADDRESS"),)),
    Mistake("gateway", "an old name of the address", env={"ZEEBE_BROKER_CONTACTPOINT": "zeebe:26500"},
            warnings=(told("ZEEBE_BROKER_CONTACTPOINT", "", "the default", "CAMUNDA_GRPC_ADDRESS"),)),
    Mistake("gateway", "two names that disagree",
            env={"CAMUNDA_GRPC_ADDRESS": "http://a:26500", "ZEEBE_ADDRESS": "http://b:26500"},
            warnings=(told("CAMUNDA_GRPC_ADDRESS", "gateway.address", "ZEEBE_ADDRESS"),)),

    # --- the login at the gateway
    Mistake("login", "a client without its secret",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_CLIENT_ID": "worker", "CAMUNDA_OAUTH_URL": "https://login/token"},
            issues=(told("", "login.clientSecret", "CAMUNDA_CLIENT_SECRET"),)),
    Mistake("login", "a client without a token URL",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_CLIENT_ID": "worker", "CAMUNDA_CLIENT_SECRET": "hush-hush"},
            issues=(told("CAMUNDA_AUTHORIZATION_SERVER_URL", "login.tokenUrl", "OAuth", "needs it"),), never=("hush-hush",)),
    Mistake("login", "two ways at once",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_CLIENT_ID": "worker", "CAMUNDA_CLIENT_SECRET": "hush-hush",
                 "CAMUNDA_OAUTH_URL": "https://login/token", "CAMUNDA_BASIC_AUTH_USERNAME": "ann", "CAMUNDA_BASIC_AUTH_PASSWORD": "hush-hush"},
            issues=(told("", "login.method", "CAMUNDA_CLIENT_AUTH_METHOD"),), never=("hush-hush",)),
    Mistake("login", "a token URL without TLS",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_CLIENT_ID": "worker", "CAMUNDA_CLIENT_SECRET": "hush-hush",
                 "CAMUNDA_OAUTH_URL": "http://login/token"},
            warnings=(told("CAMUNDA_OAUTH_URL", "login.tokenUrl", "is not https", "the client's secret"),), never=("hush-hush",)),
    Mistake("login", "a certificate for a token server without TLS",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_CLIENT_ID": "worker", "CAMUNDA_CLIENT_SECRET": "hush-hush",
                 "CAMUNDA_OAUTH_URL": "http://localhost/token", "CAMUNDA_SSL_CLIENT_KEYSTORE_PATH": "/etc/tls/worker.p12"},
            warnings=(told("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH", "login.tlsKeyStore", "plaintext"),), never=("hush-hush",)),
    Mistake("login", "a password over plaintext",
            env={"CAMUNDA_GRPC_ADDRESS": "http://zeebe:26500", "CAMUNDA_BASIC_AUTH_USERNAME": "ann", "CAMUNDA_BASIC_AUTH_PASSWORD": "hush-hush"},
            warnings=(told("the gateway http://zeebe:26500", "", "plaintext", "the password", "https:// in CAMUNDA_GRPC_ADDRESS"),), never=("hush-hush",)),

    # --- durations, sizes, numbers, words
    Mistake("values", "a duration without unit that means milliseconds", env={"LAMBDA_CONNECTOR_DRAIN_TIME": "25"},
            issues=(told("LAMBDA_CONNECTOR_DRAIN_TIME", "jobs.drainTime", "25s", "25ms"),)),
    Mistake("values", "the same in a variable of the existing clients", env={"ZEEBE_CLIENT_JOB_TIMEOUT": "999"},
            issues=(told("ZEEBE_CLIENT_JOB_TIMEOUT", "jobs.timeout", "999"),)),
    Mistake("values", "a duration out of its bounds, with an example within them",
            env={"LAMBDA_CONNECTOR_ASSUME_ROLE_DURATION": "1m", "LAMBDA_CONNECTOR_ASSUME_ROLE_ARN": "arn:aws:iam::111111111111:role/worker"},
            issues=(told("LAMBDA_CONNECTOR_ASSUME_ROLE_DURATION", "aws.assumeRoleDuration", "from 15 min to 720 min", "30m"),)),
    Mistake("values", "two units in one duration", flags=("--hold-time", "1h30m"),
            issues=(told("--hold-time", "jobs.holdTime", "'1h30m'", "a duration"),)),
    Mistake("values", "a size in a unit of others", env={"LAMBDA_CONNECTOR_BYTE_BUDGET": "64Mi"},
            issues=(told("LAMBDA_CONNECTOR_BYTE_BUDGET", "jobs.byteBudget", "'64Mi'", "64MB"),)),
    Mistake("values", "a number out of its bounds", env={"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE": "0"},
            issues=(told("CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "jobs.maxActive", "'0'", "an integer from 1 to 10000"),)),
    Mistake("values", "an unknown word", env={"LOG_LEVEL": "verbose"},
            issues=(told("LOG_LEVEL", "log.level", "'verbose'", "debug", "info", "warning", "error"),)),
    Mistake("values", "quotes that an env file keeps", env={"AWS_REGION": '"eu-central-1"'},
            issues=(told("AWS_REGION", "aws.region", "quotes"),)),
    Mistake("values", "an admin address that cannot be read", env={"LAMBDA_CONNECTOR_ADMIN_ADDRESS": "localhost"},
            issues=(told("LAMBDA_CONNECTOR_ADMIN_ADDRESS", "admin.address", "PORT", "off"),)),

    # --- jobs
    Mistake("jobs", "a job type that names no operation", env={"LAMBDA_CONNECTOR_JOB_TYPES": "billing=call"},
            issues=(told("LAMBDA_CONNECTOR_JOB_TYPES", "jobs.types", "'billing=call'", "one of invoke, list"),)),
    Mistake("jobs", "a job type that is only a typing mistake", env={"LAMBDA_CONNECTOR_JOB_TYPES": "lambdaConnector.INVOK"},
            issues=(told("LAMBDA_CONNECTOR_JOB_TYPES", "jobs.types", "lambdaConnector.INVOK"),)),
    Mistake("jobs", "more slots for a type than there are", env={"LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE": "lambdaConnector.INVOKE=33"},
            warnings=(told("LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE", "jobs.maxActiveOfType", "jobs.maxActive is 32"),)),
    Mistake("jobs", "a default header that is misspelt", env={"LAMBDA_CONNECTOR_DEFAULT_HEADERS": "onFunctionEror=fail"},
            issues=(told("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "jobs.defaultHeaders", "did you mean onFunctionError?"),)),
    Mistake("jobs", "a default header with another word", env={"LAMBDA_CONNECTOR_DEFAULT_HEADERS": "onFunctionError=crash"},
            issues=(told("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "jobs.defaultHeaders", "'complete'", "'bpmnError'", "'fail'"),)),
    Mistake("jobs", "commas between default headers", env={"LAMBDA_CONNECTOR_DEFAULT_HEADERS": "inputs=lambda,onFunctionError=fail"},
            issues=(told("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "jobs.defaultHeaders", "separated by ;"),)),
    Mistake("jobs", "a list larger than the engine takes",
            env={"LAMBDA_CONNECTOR_MAX_LIST_BYTES": "8MB", "LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE": "4MB"},
            warnings=(told("", "aws.maxListBytes", "jobs.engineMessageSize"),)),

    # --- AWS
    Mistake("aws", "half a pair of keys", env={"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"},
            issues=(told("AWS_SECRET_ACCESS_KEY", "aws.secretKey", "AWS_ACCESS_KEY_ID is"),)),
    Mistake("aws", "a session token alone", env={"AWS_SESSION_TOKEN": "hush-hush"},
            warnings=(told("AWS_SESSION_TOKEN", "", "not used", "AWS_ACCESS_KEY_ID"),), never=("hush-hush",)),
    Mistake("aws", "a key whose file is missing",
            env={"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY_FILE": "/nowhere/key"},
            issues=(told("AWS_SECRET_ACCESS_KEY_FILE", "aws.secretKey", "'/nowhere/key'", "No such file"),)),
    Mistake("aws", "a file of a setting that is empty", env={"AWS_REGION_FILE": "empty"},
            issues=(told("AWS_REGION_FILE", "aws.region", "empty"),)),
    Mistake("aws", "a value and its file at once", env={"AWS_REGION": "eu-central-1", "AWS_REGION_FILE": "empty"},
            issues=(told("AWS_REGION", "aws.region", "AWS_REGION_FILE are both set", "keep one"),)),
    Mistake("aws", "a zone in place of a region", env={"AWS_REGION": "us-east-1a"},
            warnings=(told("", "aws.region", "'us-east-1a'", "did you mean us-east-1?"),)),
    Mistake("aws", "a region that lacks a hyphen", env={"AWS_REGION": "eu-central1"},
            warnings=(told("", "aws.region", "'eu-central1'", "did you mean eu-central-1?"),)),
    Mistake("aws", "a region in capitals", env={"AWS_REGION": "EU-CENTRAL-1"},
            issues=(told("AWS_REGION", "aws.region", "eu-central-1"),)),
    Mistake("aws", "a region one letter away from a known one", env={"AWS_REGION": "eu-centrl-1"},
            warnings=(told("", "aws.region", "did you mean eu-central-1?"),)),
    Mistake("aws", "an external id without a role", env={"LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID": "x-1"},
            issues=(told("LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID", "aws.assumeRoleExternalId", "LAMBDA_CONNECTOR_ASSUME_ROLE_ARN"),)),
    Mistake("aws", "FIPS with an endpoint of one's own", env={"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL_LAMBDA": "http://localhost:4566"},
            issues=(told("AWS_USE_FIPS_ENDPOINT", "aws.fips", "AWS_ENDPOINT_URL"),)),
    Mistake("aws", "an endpoint without scheme", env={"AWS_ENDPOINT_URL_LAMBDA": "localhost:4566"},
            issues=(told("AWS_ENDPOINT_URL_LAMBDA", "aws.lambdaEndpoint", "http"),)),

    # --- secrets of tasks
    Mistake("secrets", "a source without what it needs", env={"SECRETS_SOURCES": "aws"},
            issues=(told("SECRETS_SOURCES", "secrets.sources", "SECRETS_AWS_SECRET_ID"),)),
    Mistake("secrets", "a source that is set and not listed", env={"SECRETS_SOURCES": "environment", "SECRETS_AWS_SECRET_ID": "prod/worker"},
            issues=(told("SECRETS_AWS_SECRET_ID", "secrets.awsSecret", "does not name aws"),)),
    Mistake("secrets", "a source that there is not", env={"SECRETS_SOURCES": "vault"},
            issues=(told("SECRETS_SOURCES", "secrets.sources", "vault", "files", "environment", "aws"),)),
    Mistake("secrets", "a prefix that makes the worker's own keys secrets of tasks", env={"SECRETS_ENV_PREFIX": "AWS_"},
            issues=(told("SECRETS_ENV_PREFIX", "secrets.environmentPrefix", "'AWS_'", "SECRET_"),)),
    Mistake("secrets", "references in all data", env={"SECRETS_IN_DATA": "any"},
            warnings=(told("SECRETS_IN_DATA=any", "secrets.inData", "unsafe", "listed"),)),

    # --- guards
    Mistake("guards", "an empty list in the environment", env={"ALLOWED_FUNCTIONS": ""},
            issues=(told("ALLOWED_FUNCTIONS", "guards.allowedFunctions", "[]"),)),
    Mistake("guards", "an empty list in a flag", flags=("--allowed-functions", ""),
            issues=(told("--allowed-functions", "guards.allowedFunctions", "[]"),)),
    Mistake("guards", "an empty list in the file", file="guards:\n  allowedFunctions:\n",
            issues=(told("worker.yaml:2", "guards.allowedFunctions", "[]"),)),
    Mistake("guards", "an empty list in a rule", file="guards:\n  rules:\n    - processes: [a]\n      allowedSecrets:\n",
            issues=(told("worker.yaml:4", "guards.rules[1].allowedSecrets", "[]"),)),
    Mistake("guards", "a role that is no ARN", env={"ALLOWED_ROLE_ARNS": "billing"},
            issues=(told("ALLOWED_ROLE_ARNS", "guards.allowedRoleArns", "ARN"),)),
    Mistake("guards", "a host for everything", env={"ALLOWED_HOSTS": "*"},
            issues=(told("ALLOWED_HOSTS", "guards.allowedHosts", "*"),)),
    Mistake("guards", "a rule for a tenant that is not served", file="guards:\n  rules:\n    - tenants: [acme]\n      allowedSecrets: [A]\n",
            warnings=(told("", "guards.rules", "'acme'", "no tenant that is served"),)),
    Mistake("guards", "a rule that the list for every job closes",
            env={"ALLOWED_PROFILES": "[]"},
            file="profiles: {billing: {source: worker}}\nguards:\n  rules:\n    - processes: [a]\n      allowedProfiles: [billing]\n",
            warnings=(told("", "guards.rules", "the rule can never allow 'billing'"),)),
    Mistake("guards", "a profile that there is not", env={"ALLOWED_PROFILES": "bilings"}, file="profiles: {billings: {source: worker}}\n",
            warnings=(told("ALLOWED_PROFILES", "", "no credential profile 'bilings'", "add it below profiles"),)),

    # --- names that nothing reads
    Mistake("names", "a guard in the singular", env={"ALLOWED_FUNCTION": "orders-*"},
            warnings=(told("ALLOWED_FUNCTION", "", "not used", "did you mean ALLOWED_FUNCTIONS?"),)),
    Mistake("names", "two letters of AWS_REGION", env={"AWS_REGOIN": "eu-central-1"},
            warnings=(told("AWS_REGOIN", "", "not used", "did you mean AWS_REGION?"),)),
    Mistake("names", "one of the worker's own", env={"LAMBDA_CONNECTOR_DRAINTIME": "30s"},
            warnings=(told("LAMBDA_CONNECTOR_DRAINTIME", "", "not used", "did you mean LAMBDA_CONNECTOR_DRAIN_TIME?"),)),
    Mistake("names", "a flag", flags=("--regoin", "eu-central-1"),
            issues=(told("--regoin", "", "is no flag", "did you mean --region?"),)),
    Mistake("names", "a flag that stands twice", flags=("--region", "eu-central-1", "--region", "eu-west-1"),
            issues=(told("--region", "aws.region", "more than once"),)),
    Mistake("guards", "an empty list in a flag, and a flag behind it", flags=("--allowed-functions=", "--region", "eu-central-1"),
            issues=(told("--allowed-functions", "guards.allowedFunctions", "[]"),)),
    Mistake("names", "a flag where a value belongs", flags=("--worker-name", "--allowed-functions=[]"),
            issues=(told("--worker-name", "", "has no value", "write --worker-name=--allowed-functions"),)),
    Mistake("jobs", "a default header with a colon", env={"LAMBDA_CONNECTOR_DEFAULT_HEADERS": "authentication.secretAccessKey: wJalrXUtnFEMI"},
            issues=(told("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "jobs.defaultHeaders", "wrong is entry 1"),), never=("wJalrXUtnFEMI",)),
    Mistake("jobs", "a field that authentication does not have", env={"LAMBDA_CONNECTOR_DEFAULT_HEADERS": "authentication.profile=billing"},
            issues=(told("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "jobs.defaultHeaders", "gives authentication a field 'profile'"),)),
    Mistake("aws", "a key where its path belongs",
            env={"LAMBDA_CONNECTOR_CLIENT_KEY": "-----BEGIN PRIVATE KEY-----\nMIIkeyvalue\n-----END PRIVATE KEY-----\n"},
            issues=(told("LAMBDA_CONNECTOR_CLIENT_KEY", "", "here belongs the path of a file"),), never=("MIIkeyvalue",)),

    # --- the file
    Mistake("file", "a file that is not there", flags=("--config", "/nowhere/worker.yaml"),
            issues=(told("--config", "config.file", "'/nowhere/worker.yaml'", "No such file"),)),
    Mistake("file", "a key that there is not", file="gateway:\n  adress: http://zeebe:26500\n",
            issues=(told("worker.yaml:2", "gateway.adress", "did you mean address?"),)),
    Mistake("file", "a key twice", file="jobs: {maxActive: 8}\njobs: {maxActive: 9}\n",
            issues=(told("worker.yaml:2", "", "'jobs' stands twice", "line 1"),)),
    Mistake("file", "a pattern that YAML takes for an alias", file="guards:\n  allowedHosts: [*.lambda-url.eu-central-1.on.aws]\n",
            issues=(told("worker.yaml:2", "", "quote"),)),
    Mistake("file", "tabs", file="jobs:\n\tmaxActive: 8\n",
            issues=(told("worker.yaml:2", "", "this is no YAML"),)),
    Mistake("file", "a secret in clear", file="login:\n  clientId: worker\n  clientSecret: hush-hush\n",
            env={"CAMUNDA_GRPC_ADDRESS": "https://zeebe:26500", "CAMUNDA_OAUTH_URL": "https://login/token"},
            issues=(told("worker.yaml:3", "login.clientSecret", "clientSecretFile"),), never=("hush-hush",)),
    Mistake("file", "a key of AWS", file="aws:\n  secretKey: hush-hush\n",
            issues=(told("worker.yaml:2", "aws.secretKey", "profile below 'profiles'"),), never=("hush-hush",)),
    Mistake("file", "a source of a profile that there is not", file="profiles:\n  billing: {source: vault}\n",
            issues=(told("worker.yaml:2", "profiles.billing.source", "'vault'", "worker, profile, keys", "rolesAnywhere"),)),
    Mistake("file", "a field of a profile by its name in tasks",
            file="profiles:\n  billing:\n    source: worker\n    assumeRole:\n      roleArn: arn:aws:iam::111111111111:role/b\n      durationSeconds: 3600\n",
            issues=(told("worker.yaml:6", "profiles.billing.assumeRole.durationSeconds", "duration"),)),
    Mistake("file", "profiles in a circle", file="profiles:\n  a: {source: profile, profile: b}\n  b: {source: profile, profile: a}\n",
            issues=(told("worker.yaml:2", "profiles.a.profile", "circle"), told("worker.yaml:3", "profiles.b.profile", "circle"))),
    Mistake("file", "a text where a group belongs", file="gateway: http://zeebe:26500\n",
            issues=(told("worker.yaml:1", "gateway", "mapping"),)),

    # --- several at once
    Mistake("together", "one of each source",
            env={"CAMUNDA_KEEP_ALIVE": "soon", "ALLOWED_FUNCTIONS": "", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"},
            file="jobs:\n  maxActive: many\nlog:\n  level: loud\n", flags=("--drain-time", "32m", "--regoin", "eu-west-1"),
            issues=(told("--regoin", "", "did you mean --region?"),
                    told("CAMUNDA_KEEP_ALIVE", "gateway.keepAlive", "'soon'"),
                    told("worker.yaml:2", "jobs.maxActive", "'many'", "an integer"),
                    told("--drain-time", "jobs.drainTime", "31 min"),
                    told("ALLOWED_FUNCTIONS", "guards.allowedFunctions", "[]"),
                    told("worker.yaml:4", "log.level", "'loud'"),
                    told("AWS_SECRET_ACCESS_KEY", "aws.secretKey", "AWS_ACCESS_KEY_ID is"))),
]
