"""A program: writes requests that botocore signed, as cases of a SigV4 suite (one folder each).

    PYTHONPATH=(botocore) python3 botocore_cases.py SEED COUNT FOLDER

All of a request is random within what both sides call the same request: no blanks of Unicode in header values, and in the path no
raw blank. Query parameters are spelled on the wire in several ways; what botocore is given is their meaning.
"""

import datetime
import hashlib
import json
import pathlib
import random
import string
import sys
import urllib.parse

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1", "cn-north-1", "us-isob-east-1", "eusc-de-east-1")
HOSTS = ("lambda.{}.amazonaws.com", "abcdefghijklmnopqrstuvwxyz012345.lambda-url.{}.on.aws", "sts.{}.amazonaws.com",
         "vpce-0a1b-2c3d.lambda.{}.vpce.amazonaws.com:8443", "localhost:4566", "127.0.0.1:9001", "[2001:db8::1]", "[::1]:8080",
         "lambda.{}.amazonaws.com:443")
KNOWN_HEADERS = ("Content-Type", "Accept", "X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Client-Context", "X-Amz-Tenant-Id",
                 "X-Amz-Durable-Execution-Name", "Range", "If-Match", "Content-Length", "X-Job-Key")
# Never signed, by both.
REWRITTEN = ("User-Agent", "Expect", "Connection", "X-Amzn-Trace-Id", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Keep-Alive",
             "Proxy-Authorization", "traceparent", "tracestate", "baggage")
LETTERS = string.ascii_letters + string.digits + "-._~"
UTF8 = "\u00e9\u00df\u03a9\u0416\u4e2d\u6587\u1234\u00a3\u20ac\U0001f600\U00010348\u0301\ufeff"
IN_PATH = ":@!$&'()*+,;=[]|^\"<>{}\\`%"
IN_QUERY = "!$'()*+,;:@/?[]|^\"<>{}\\` %&=#"
RAW_IN_QUERY = "!$'()*,;:@/?+"


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, alphabet, least, most):
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randint(least, most)))

    def chance(self, share):
        return self.random.random() < share

    def escaped(self, text):
        """Percent-encoded, in one case of the digits or the other."""
        out = "".join(f"%{byte:02X}" for byte in text.encode())
        return out.lower() if self.chance(0.3) else out

    def segment(self):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice((".", "..", "", "...", "..a", ".a"))
        if kind == 1:  # an ARN, as it goes on the wire
            return urllib.parse.quote("arn:aws:lambda:us-east-1:123456789012:function:" + self.text(LETTERS, 1, 20), safe="")
        pool = LETTERS + IN_PATH * 2 + "/?# " + UTF8
        return "".join(self.escaped(c) if c in "/?# " or self.chance(0.3) else c for c in self.text(pool, 1, 12))

    def path(self):
        whole = "/" + "/".join(self.segment() for _ in range(self.random.randint(0, 6)))
        return whole + "/" * self.random.choice((0, 0, 0, 1, 2))

    def spelled(self, text):
        return "".join(c if (c in LETTERS + RAW_IN_QUERY + UTF8) and self.chance(0.7) else self.escaped(c) for c in text)

    def query(self):
        """The pairs that are meant, and their spelling on the wire."""
        pool = LETTERS + IN_QUERY + UTF8
        names = [self.text(pool, 1, 6) for _ in range(self.random.randint(1, 5))]
        pairs = [(self.random.choice(names), self.text(pool, 0, 10)) for _ in range(self.random.randint(1, 6))]
        if self.chance(0.1):
            pairs.append(("", self.text(pool, 1, 5)))
        wire = [self.spelled(name) + ("" if not value and self.chance(0.5) else "=" + self.spelled(value)) for name, value in pairs]
        return pairs, "&".join(wire)

    def fields(self):
        found = []
        for _ in range(self.random.randint(0, 6)):
            name = self.random.choice(KNOWN_HEADERS + REWRITTEN) if self.chance(0.6) else "X-" + self.text(LETTERS + "_", 1, 12)
            for _ in range(1 if self.chance(0.8) else self.random.randint(2, 3)):
                words = [self.text(string.printable[:94] + (UTF8 if self.chance(0.2) else ""), 1, 9)
                         for _ in range(self.random.randint(0, 4))]
                blanks = self.text(" \t", 0, 2)
                found.append((name, blanks + self.text(" ", 1, 3).join(words) + blanks))
        return found

    def body(self):
        kind = self.random.randrange(3)
        if kind == 0:
            return b""
        if kind == 1:
            return json.dumps({"text": self.text(LETTERS + UTF8, 0, 40), "number": self.random.randrange(1 << 64)}).encode()
        return bytes(self.random.randrange(256) for _ in range(self.random.randint(1, 300))).replace(b"\r", b"\n")

    def case(self, folder):
        region = self.random.choice(REGIONS)
        service = self.random.choice(("lambda", "lambda", "sts", "secretsmanager"))
        token = self.text(LETTERS + "+/=", 1, 900) if self.chance(0.5) else None
        who = Credentials(self.text(string.ascii_uppercase + string.digits, 16, 20), self.text(LETTERS + "+/", 1, 64), token)
        at = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=self.random.randrange(3_000_000_000))
        method = self.random.choice(("GET", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD"))
        body, target, pairs = self.body(), self.path(), None
        origin = "https://" + self.random.choice(HOSTS).format(region)
        url = origin + target
        if self.chance(0.6):
            pairs, wire = self.query()
            if self.chance(0.3):  # botocore takes a query within the URL as it is
                pairs, wire = None, "&".join(f"{urllib.parse.quote(a, safe='')}={urllib.parse.quote(b, safe='')}" for a, b in pairs)
                url += "?" + wire
            target += "?" + wire
        request = AWSRequest(method=method, url=url, data=body, params=pairs)
        fields = self.fields()
        for name, value in fields:
            request.headers.add_header(name, value)
        host = botocore.auth._host_from_url(url)  # pylint: disable=protected-access
        fields.insert(self.random.randint(0, len(fields)), ("Host", host))
        sign_body = bool(body) or self.chance(0.7)
        if sign_body:
            request.headers["X-Amz-Content-SHA256"] = hashlib.sha256(body).hexdigest()
        head = f"{method} {target} HTTP/1.1\n" + "".join(f"{name}:{value}\n" for name, value in fields)
        context = {"credentials": {"access_key_id": who.access_key, "secret_access_key": who.secret_key, "token": token or ""},
                   "region": region, "service": service, "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                   "normalize": True, "sign_body": sign_body}
        folder.mkdir(parents=True)
        (folder / "request.txt").write_bytes(head.encode() + b"\n" + body)
        (folder / "context.json").write_text(json.dumps(context))
        for name, text in signed(request, who, service, region, at).items():
            (folder / f"header-{name}.txt").write_text(text, encoding="utf-8")


def signed(request, who, service, region, at):
    """What botocore makes of it, under the names of a suite's files."""
    botocore.auth.get_current_datetime = lambda: at
    signer = botocore.auth.SigV4Auth(who, service, region)
    signer.add_auth(request)
    authorization = request.headers["Authorization"]
    del request.headers["Authorization"]  # or it would be one of the headers to sign
    canonical = signer.canonical_request(request)
    to_sign = signer.string_to_sign(request, canonical)
    signature = signer.signature(to_sign, request)
    if not authorization.endswith("=" + signature):
        raise SystemExit("botocore signs otherwise than its own steps say")
    return {"canonical-request": canonical, "string-to-sign": to_sign, "signature": signature,
            "signed-request": f"(only this line)\nAuthorization:{authorization}\n"}


def main():
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    maker = Maker(seed)
    for number in range(count):
        maker.case(folder / f"case-{number:04}")


if __name__ == "__main__":
    main()
