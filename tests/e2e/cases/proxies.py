"""Calls through real forward proxies, to a host that only the proxy can resolve: right, wrong and no password, a port that the
proxy does not let through, and a host that is to be reached without it.
"""

import urllib.parse

import proxies
import standins
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 60


def prepare():
    proxies.prepare()


def start(e2e):
    sandbox = standins.Standins(e2e.sandbox, e2e.logs, "proxies")
    return [_Through(e2e, begin, sandbox) for begin in (proxies.squid, proxies.tinyproxy)]


def case_a_call_goes_through_with_the_right_password(e2e):
    for each in e2e.parts:
        done = each.call(each.proxy.url(each.proxy.password))
        same(done.answer().get("payload"), {"through": each.proxy.name}, "payload")
        check(f"https://{proxies.HOST}:" in done.told, done.told)


def case_a_wrong_password_is_told_apart_from_a_missing_one(e2e):
    for each in e2e.parts:
        done = each.call(each.proxy.url("not-this-one"))
        wrong = done.refused("CONNECTION_ERROR", f"proxy 127.0.0.1:{each.proxy.port}", "does not accept", "HTTPS_PROXY")
        check("not-this-one" not in done.told + done.out, "the password must not be told")
        missing = each.call(each.proxy.url()).refused("CONNECTION_ERROR", "HTTPS_PROXY", "407", "password")
        check(missing != wrong, wrong)


def case_a_port_that_the_proxy_refuses_is_told(e2e):
    for each in e2e.parts:
        each.call(each.proxy.url(each.proxy.password), port=443).refused("CONNECTION_ERROR", "does not allow", "403", "NO_PROXY")


def case_a_host_of_no_proxy_is_not_asked_of_it(e2e):
    for each in e2e.parts:
        done = each.call(each.proxy.url(each.proxy.password), NO_PROXY=f".example.com, {proxies.HOST}")
        done.refused("CONNECTION_ERROR", proxies.HOST)
        check("roxy" not in done.told, done.told)


class _Through:
    """One proxy, and the sandbox behind it."""

    def __init__(self, e2e, begin, sandbox):
        self.e2e, self.sandbox = e2e, sandbox
        self.port = urllib.parse.urlsplit(sandbox.info["lambdaEndpoint"]).port
        self.proxy = begin(e2e.logs, self.port)

    def call(self, proxy_url, port=None, **more):
        environment = dict(self.sandbox.environment(), HTTPS_PROXY=proxy_url,
                           AWS_ENDPOINT_URL_LAMBDA=f"https://{proxies.HOST}:{port or self.port}", **more)
        return self.e2e.invoke(environment, "--function", "echo", "--payload", f'{{"through":"{self.proxy.name}"}}')
