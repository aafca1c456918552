"""The operator told the worker the engine's message size: an answer over half of it is refused before it is sent."""

from harness import failures, same

SCALE = 1
# Smaller than the broker's own, so that the broker would take what the worker refuses.
WORKER = {"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE": "1MB"}
BUDGET = 60


def case_an_answer_over_half_of_it_is_an_incident_that_names_size_and_limit(e2e):
    e2e.process("sizes-known", "big")
    instance = e2e.run("sizes-known", {"given": {"bytes": 700_000}})
    e2e.incident(instance, "RESPONSE_TOO_LARGE", "big", "700", "524288")
    same(failures(instance), [("RESPONSE_TOO_LARGE", 0, 0)], "how it failed", instance)
    same(e2e.executions(instance), 1, "executions", instance)


def case_an_answer_below_half_of_it_completes(e2e):
    e2e.process("sizes-below", "big")
    instance = e2e.run("sizes-below", {"given": {"bytes": 500_000}})
    same(len(e2e.completed(instance).get("payload")), 500_000 - 2, "length of the payload", instance)
