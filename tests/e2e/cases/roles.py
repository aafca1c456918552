"""A task with an AWS role of its own, as connector/aws/credentials/README.md says it: the operator allows the role, the stand-in for
STS gives the role's keys, and the stand-in for Lambda takes them.
"""

import pathlib

from harness import check, same

SCALE = 1
WORKER = {"ALLOWED_ROLE_ARNS": "arn:aws:iam::111111111111:role/orders"}
BUDGET = 60
_E2E = pathlib.Path(__file__).resolve().parent.parent
_PAGE = _E2E.parents[1] / "connector/aws/credentials/README.md"


def case_a_role_that_the_operator_allows_is_taken_over(e2e):
    e2e.deploy((_E2E / "template" / "template-role.bpmn").read_bytes())
    instance = e2e.run("template-role", {"number": 7})
    found = e2e.completed(instance)
    same(found.get("statusCode"), 200, "statusCode", instance)


def case_the_page_shows_the_setting_and_the_document(_):
    page = _PAGE.read_text()
    for setting, value in WORKER.items():
        check(f"--set {setting}={value}" in page, f"{_PAGE.name} sets {setting}={value}")
    check("./dev try tests/e2e/template/template-role.bpmn" in page, f"{_PAGE.name} tries the document of this case")
