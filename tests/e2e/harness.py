"""What a case gets: an engine, the stand-ins and short ways to say "start this instance" and "this must be so".

A case is a function `case_...(e2e)` of a module in cases/; its name, with blanks, is the line in the report. The module says:

    SCALE    how many instances where the number matters, as `e2e.scale`. 0: it needs no engine, and `e2e` is what `Alone` says
    WORKER   environment of the worker beside the usual one, or None when the module plays the worker itself
    BUDGET   seconds that all its cases together may take
    FULL     True when it runs only with --full, or when it is named

It may have a function `prepare()`, which fetches what its cases need; `artifacts.Missing` there is a skip with that reason; and
`start(e2e)`, whose result is `e2e.parts` for its cases. The programs it started end after them.
"""

import json
import subprocess

import artifacts
import bpmn
import children


class Failed(Exception):
    """Something is not as it must be."""


class Skip(Exception):
    """This case cannot be run here; the text is the reason that is printed."""


class E2e:
    """`need_worker`, `stop_worker` (gives the exit code) and `kill_worker` are the run's: a case may use them freely. `worker_beside`
    starts one more worker with that environment, killed at the end of the case at the latest; `standins_beside(name, word...)` one more
    stand-in for AWS, which a module's start() may use.
    """

    def __init__(self, engine, standins, scale, need_worker, stop_worker, kill_worker, worker_beside, standins_beside):
        self.engine = engine
        self.gateway = engine.gateway
        self.records = engine.records
        self.standins = standins  # None when the module has no worker
        self.scale = scale
        self.serial = 0  # for names that must differ
        self.need_worker = need_worker
        self.stop_worker = stop_worker
        self.kill_worker = kill_worker
        self.worker_beside = worker_beside
        self.standins_beside = standins_beside
        self.logs = artifacts.BUILD / "logs"
        self.parts = None  # of the module's start()

    @staticmethod
    def note(text):
        """A line for the report: a figure that was measured and that nothing hangs on."""
        print(f"       {text}", flush=True)

    def deploy(self, *documents):
        self.gateway.deploy(*documents)

    def process(self, name, function, inputs=None, **parts):
        """A process that calls that function with the process variable `given`; the rest as for bpmn.process."""
        mappings = {"lambda.functionName": bpmn.text(function), "lambda.payload": "=given"}
        mappings.update(inputs or {})
        self.deploy(bpmn.process(name, inputs=mappings, **parts))

    def start(self, process, variables=None):
        """Starts one instance and waits until a worker has its job."""
        instance = self.instance(self.gateway.create(process, variables or {}))
        self.wait(lambda: self.activated(instance), 20, "the job to be activated")
        return instance

    def executions(self, instance):
        """How often a function ran for the instance's first job."""
        return self.standins.executions(job_of(instance))

    def run(self, process, variables=None, within=30):
        """Starts one instance and waits until it has settled."""
        return self.settled([self.gateway.create(process, variables or {})], within)[0]

    def mended(self, instance, retries=1):
        """Gives the job of the instance's one incident retries and resolves it, as a person in Operate would."""
        told = instance.incidents()[0]
        self.gateway.give_retries(told["jobKey"], retries)
        self.gateway.resolve(told["key"])

    def settled(self, keys, within):
        """Waits until each instance is completed, terminated, or stands with an incident."""
        instances = [self.instance(key) for key in keys]
        waiting = list(instances)

        def done():
            self.records.pump()
            waiting[:] = [one for one in waiting if not (one.completed or one.terminated or one.incidents())]
            return not waiting

        try:
            children.until(done, within, f"{len(keys)} instances to settle")
        except children.TimedOut as late:
            raise Failed(f"{late}; {len(waiting)} have not, for example\n{waiting[0].story()}") from late
        return instances

    def instance(self, key):
        return self.records.instance(key)

    def wait(self, condition, within, what):
        """Waits for something that the engine's records show."""

        def done():
            self.records.pump()
            return condition()

        return children.until(done, within, what)

    def activated(self, instance):
        """True once a worker has the instance's first job."""
        return bool(instance.jobs("CREATED")) and self.records.activations[job_of(instance)] > 0

    def completed(self, instance):
        """The variables at process level of an instance that must have ended at `done`."""
        check(instance.completed and instance.passed("done") == 1, "the instance must end at `done`", instance)
        return instance.variables()

    def incident(self, instance, *parts):
        """The message of the one open incident, which must begin with the first part and hold the others."""
        open_ones = instance.incidents()
        check(len(open_ones) == 1, f"one incident expected, {len(open_ones)} are open", instance)
        told = open_ones[0]
        check(told["errorType"] == "JOB_NO_RETRIES", f"incident of a failed job expected, not {told['errorType']}", instance)
        message = told["errorMessage"]
        check(message.startswith(parts[0]), f"the incident must begin with {parts[0]!r}: {message}", instance)
        for part in parts[1:]:
            check(part in message, f"the incident must say {part!r}: {message}", instance)
        return message


class Alone:
    """For modules without an engine: the worker's program is asked to do one operation at a time."""

    def __init__(self, options, logs):
        self.program = options.worker
        self.sandbox = options.sandbox
        self.conformance = options.conformance
        self.feel_conformance = options.feel_conformance
        self.logs = logs
        self.parts = None

    def invoke(self, environment, *words, within=60):
        """`lambda-connector invoke WORD...` in that environment and no other."""
        return self.command(environment, "invoke", "--verbose", *words, within=within)

    def command(self, environment, *words, within=60):
        """`lambda-connector WORD...` in that environment and no other."""
        done = subprocess.run([str(self.program), *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=within, check=False,
                              env={key: str(value) for key, value in children.environment(**environment).items()})
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


class Done:
    """How an operation ended: its answer as JSON, or the error, "CODE: message"."""

    def __init__(self, code, out, told):
        self.code, self.out, self.told = code, out, told

    def answer(self):
        check(self.code == 0, f"exit code {self.code}:\n{self.told}")
        return json.loads(self.out)

    def refused(self, *parts, code=1):
        """Its last line, which must begin with the first part and hold the others."""
        check(self.code == code, f"exit code {self.code} instead of {code}: {self.out}\n{self.told}")
        message = self.told.rstrip().splitlines()[-1]
        check(message.startswith(parts[0]), f"must begin with {parts[0]!r}: {message}")
        for part in parts[1:]:
            check(part in message, f"must say {part!r}: {message}")
        return message


def tool(command, within, what, **environment):
    """The output of a program that must succeed."""
    try:
        return artifacts.run(command, within, what, children.environment(**environment))
    except artifacts.Missing as problem:
        raise Failed(problem) from problem


def job_of(instance):
    """The key of the instance's first job."""
    return instance.jobs("CREATED")[0]["key"]


def failures(instance):
    """What failed its jobs, in order: code, retries left and back-off in ms of each."""
    told = [record["value"] for record in instance.jobs("FAILED")]
    return [(one["errorMessage"].split(":")[0], one["retries"], one["retryBackoff"]) for one in told]


def check(holds, what, instance=None):
    if not holds:
        raise Failed(what if instance is None else f"{what}\n{instance.story()}")


def same(found, expected, what, instance=None):
    # Type too: 1 and 1.0 and True are different answers.
    check(found == expected and type(found) is type(expected), f"{what}: {found!r}, expected {expected!r}", instance)
