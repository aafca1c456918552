"""An engine that a person brings, as far as that can be shown without one: a folder in the form of a distribution starts the engine of open
parts, and is run by the code that a real one is run by.
"""

import os

import brought as brought_engine
import fake_distribution
import harness
import open_engine
from cases import names
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 120


def prepare():
    open_engine.prepare()


def case_a_distribution_is_started_killed_and_started_again_with_its_state(e2e):
    with _settings(E2E_ENGINE_HOME=fake_distribution.make(e2e.logs / "distribution", e2e.sandbox)):
        engine = brought_engine.start(e2e.logs)
    try:
        cases = _cases(engine)
        same(engine.gateway.version(), "8.6.0", "version")
        names.case_every_result_can_be_mapped_out(cases)
        names.case_function_cannot_be_a_mapping_target(cases)
        # A job that is held when the engine goes can be completed when it is back.
        job = names._job(cases, "brought-held")  # pylint: disable=protected-access
        engine.kill()
        check(not engine.alive(), "it must be gone")
        engine.start_again()
        engine.gateway.complete(job.key, '{"payload": 7}')
        same(cases.completed(cases.settled([job.processInstanceKey], within=10)[0]).get("payload"), 7, "payload")
    finally:
        engine.stop()


def case_one_that_runs_is_asked_and_not_killed(e2e):
    with _settings(E2E_ENGINE_HOME=fake_distribution.make(e2e.logs / "distribution", e2e.sandbox)):
        started = brought_engine.start(e2e.logs)
    try:
        with _settings(E2E_GATEWAY=started.address.removeprefix("http://"), E2E_RECORDS=started.child.log):
            engine = brought_engine.start(e2e.logs)
        names.case_every_result_can_be_mapped_out(_cases(engine))
        try:
            engine.kill()
        except harness.Skip as told:
            check("cannot be killed" in str(told), f"it must say why: {told}")
        else:
            check(False, "it must not be killed")
        engine.stop()
        check(started.alive(), "it must still be there")
    finally:
        started.stop()


def case_a_wrong_setting_is_told(e2e):
    for settings, told in (({"E2E_ENGINE_HOME": e2e.logs}, "no bin/broker"), ({"E2E_GATEWAY": "127.0.0.1:1"}, "E2E_RECORDS")):
        with _settings(**settings):
            try:
                brought_engine.start(e2e.logs)
            except brought_engine.artifacts.Missing as problem:
                check(told in str(problem), f"it must say {told!r}: {problem}")
            else:
                check(False, f"{settings} must be refused")


def _cases(engine):
    return harness.E2e(engine, None, 1, *[None] * 5)


class _settings:  # pylint: disable=invalid-name
    """Environment variables while it lasts, in place of those of the run."""

    _NAMES = ("E2E_ENGINE_HOME", "E2E_GATEWAY", "E2E_RECORDS")

    def __init__(self, **settings):
        self._new = {name: str(value) for name, value in settings.items()}

    def __enter__(self):
        self._old = {name: os.environ.pop(name) for name in self._NAMES if name in os.environ}
        os.environ.update(self._new)

    def __exit__(self, *_):
        for name in self._new:
            del os.environ[name]
        os.environ.update(self._old)
