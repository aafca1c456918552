"""A program: writes the errors of Lambda's service model, a line each: operation, error, HTTP status.

    python3 lambda_errors.py MODEL.json > tests/unit/connector/aws/lambda_errors.txt

MODEL.json is botocore's data/lambda/2015-03-31/service-2.json, plain or packed as .gz. The operations are those that the
worker calls.
"""

import gzip
import json
import pathlib
import sys

OPERATIONS = (
    "Invoke",
    "ListFunctions",
    "GetFunction",
    "DeleteFunction",
    "GetDurableExecution",
    "ListDurableExecutionsByFunction",
    "StopDurableExecution",
    "SendDurableExecutionCallbackSuccess",
    "SendDurableExecutionCallbackFailure",
    "SendDurableExecutionCallbackHeartbeat",
)


def load(path):
    data = pathlib.Path(path).read_bytes()
    return json.loads(gzip.decompress(data) if str(path).endswith(".gz") else data)


def lines(model):
    found = []
    for operation in OPERATIONS:
        for error in model["operations"].get(operation, {}).get("errors", []):
            shape = model["shapes"][error["shape"]]
            status = shape.get("error", {}).get("httpStatusCode", 500 if shape.get("fault") else 400)
            found.append(f"{operation} {error['shape']} {status}")
    return sorted(found)


if __name__ == "__main__":
    print("\n".join(lines(load(sys.argv[1]))))
