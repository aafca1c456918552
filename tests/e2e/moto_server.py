"""A program: moto as IAM, STS and Lambda, with two functions, users and roles, and every request checked from then on.

    PYTHONPATH=(moto) python3 moto_server.py INFO

Writes its address and the keys to the file INFO, and runs until it is killed.
"""

import json
import os
import pathlib
import sys
import threading
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


def post(url, content_type, body):
    urllib.request.urlopen(urllib.request.Request(url, data=body, headers={"Content-Type": content_type}), timeout=10).close()


def policy(*actions, **more):
    return json.dumps({"Version": "2012-10-17", "Statement": [dict({"Effect": "Allow", "Action": actions}, **more)]})


def user(iam, name, *actions):
    made = iam.create_user(UserName=name)["User"]
    if actions:
        iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=policy(*actions, Resource="*"))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return made["Arn"], [key["AccessKeyId"], key["SecretAccessKey"]]


def role(iam, name, trusted):
    trust = policy("sts:AssumeRole", Principal={"AWS": trusted})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=policy("lambda:*", Resource="*"))
    return made["Arn"]


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    address = "http://%s:%d" % server.get_host_and_port()
    # Before the first function: moto keeps those of its two ways to run them apart.
    post(address + "/moto-api/config", "application/json", b'{"lambda": {"use_docker": false}}')
    open_to_all = {"endpoint_url": address, "region_name": REGION, "aws_access_key_id": "any", "aws_secret_access_key": "any"}
    iam = boto3.client("iam", **open_to_all)
    functions = boto3.client("lambda", **open_to_all)
    # The actions are named after the calls here: lambda:Invoke, not lambda:InvokeFunction.
    arn, worker = user(iam, "worker", "lambda:*", "sts:*")
    _, stranger = user(iam, "stranger")  # nothing is allowed to it, nor does the role trust it
    info = {"address": address, "region": REGION, "worker": worker, "stranger": stranger, "role": role(iam, "calls", arn)}
    for name in ("fn-a", "fn-b"):
        functions.create_function(FunctionName=name, Runtime="python3.12", Role=info["role"], Handler="i.h", Code={"ZipFile": b"x"},
                                  Environment={"Variables": {"MARKED": "never-passed-on"}})
    session = boto3.client("sts", **open_to_all).assume_role(RoleArn=info["role"], RoleSessionName="by-hand")["Credentials"]
    info["session"] = [session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]]
    post(address + "/moto-api/reset-auth", "text/plain", b"0")
    told = pathlib.Path(sys.argv[1])
    told.with_suffix(".new").write_text(json.dumps(info))
    os.replace(told.with_suffix(".new"), told)
    threading.Event().wait()


if __name__ == "__main__":
    main()
