"""The real worker, configured by its environment as an operator would do it."""

import json
import re
import urllib.error
import urllib.request

import children

_STOP_TIME = 40
_START_TIME = 20
_ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # its admin port is on loopback


class Worker:
    """One running lambda-connector that serves the given engine and calls the given stand-ins."""

    def __init__(self, program, engine, standins, more, logs, number):
        self.more = more
        self._port = None
        settings = children.environment(CAMUNDA_GRPC_ADDRESS=engine.address,
                                        LAMBDA_CONNECTOR_ADMIN_ADDRESS="127.0.0.1:0", **standins.environment())
        settings.update(more)
        self.child = children.Child("lambda-connector", [program], settings,
                                    logs / f"worker-{engine.name.replace(' ', '-')}-{number}.log")

    def stop(self):
        """Asks it to end; gives its exit code, None when it had to be killed."""
        return self.child.stop(_STOP_TIME)

    def log_lines(self):
        """What it logged, each line an object."""
        lines = self.child.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def metrics(self):
        """Its metrics page: {name with labels as they stand there: value}."""
        return {name: float(value) for name, value in re.findall(r"^([^#\s].*) (\S+)$", self.page("/metrics"), re.M)}

    def figure(self, name, **labels):
        """The sum over all lines of that metric that carry these labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(value for line, value in self.metrics().items()
                   if line.split("{")[0] == "lambda_connector_" + name and all(one in line for one in wanted))

    def gateway_answers(self):
        """{(call, gRPC status): how often}."""
        form = re.compile(r'lambda_connector_gateway_answers_total{call="(\w+)",status="(\w+)"}')
        return {form.match(name).groups(): int(value) for name, value in self.metrics().items() if form.match(name)}

    def wait_for(self, name, value, **labels):
        """Waits until that figure has at least this value."""
        children.until(lambda: self.figure(name, **labels) >= value, _START_TIME, f"the worker's {name} {labels} to be {value}")

    def port(self):
        """Of its admin port, which is on loopback."""
        if self._port is None:
            self._port = children.until(self._told_port, _START_TIME, "the worker to tell its admin port")
        return self._port

    def page(self, path):
        try:
            with _ASK.open(f"http://127.0.0.1:{self.port()}{path}", timeout=5) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, OSError) as problem:
            raise children.TimedOut(f"the worker's {path} does not answer: {problem}") from problem

    def _told_port(self):
        return next((line["port"] for line in self.log_lines() if "metrics are served" in line["message"]), None)
