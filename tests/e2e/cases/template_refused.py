"""The element templates with a worker whose operator allows no role, no profile and no host: each is refused, with the setting."""

from cases.template import run

SCALE = 1
WORKER = {}
BUDGET = 60


def case_a_role_that_the_operator_does_not_allow(e2e):
    e2e.incident(run(e2e, "role", {"number": 7}), "FORBIDDEN", "ALLOWED_ROLE_ARNS")


def case_a_profile_that_the_operator_does_not_allow(e2e):
    e2e.incident(run(e2e, "profile", {"number": 7}), "FORBIDDEN", "ALLOWED_PROFILES")


def case_a_function_url_that_the_operator_does_not_allow(e2e):
    e2e.incident(run(e2e, "url", {"number": 7, "url": "https://abc.lambda-url.us-east-1.on.aws/"}), "FORBIDDEN", "ALLOWED_HOSTS")
