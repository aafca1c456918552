"""Certificates and servers of the openssl program: a chain with an intermediate works, and what is wrong with the others is told."""

import certificates
from harness import check, same

SCALE = 0
WORKER = None
BUDGET = 60
FULL = True

_OLD = ("-cipher", "ALL:@SECLEVEL=0")  # Debian's OpenSSL speaks the old versions only so


def start(e2e):
    return certificates.Authority()


def case_a_chain_with_an_intermediate_is_accepted(e2e):
    for version in ("-tls1_2", "-tls1_3"):
        done = _call(e2e, "good", options=(version,))
        same([each["functionName"] for each in done.answer()["functions"]], [certificates.FUNCTION], f"functions, {version}")


def case_an_expired_certificate_is_told(e2e):
    _call(e2e, "expired").refused("CONNECTION_ERROR", "certificate of localhost", "has expired on", "clock of this machine")


def case_a_wrong_name_is_told_with_the_names_there_are(e2e):
    _call(e2e, "other-name").refused("CONNECTION_ERROR", "for another host", "lambda.example.com", "127.0.0.9")


def case_an_unknown_root_is_told(e2e):
    _call(e2e, "good", root="stranger").refused("CONNECTION_ERROR", "unknown issuer", "CN = root", "AWS_CA_BUNDLE")


def case_an_intermediate_that_is_not_sent_is_told(e2e):
    _call(e2e, "good", sent=()).refused("CONNECTION_ERROR", "unknown issuer", "CN = intermediate", "whole chain")


def case_a_chain_longer_than_its_authority_allows_is_told(e2e):
    done = _call(e2e, "below-too-deep", sent=("too-deep", "intermediate"))
    done.refused("CONNECTION_ERROR", "certificate of localhost was refused", "path length constraint")


def case_a_server_that_speaks_only_tls_1_1_is_told(e2e):
    _call(e2e, "good", options=("-tls1_1", *_OLD)).refused("CONNECTION_ERROR", "TLS 1.2")


def case_a_server_that_asks_for_a_certificate_gets_one(e2e):
    asks = ("-Verify", 1, "-verify_return_error", "-CAfile", e2e.parts.file("root.pem"))
    shown = {"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE": e2e.parts.file("client.pem"),
             "LAMBDA_CONNECTOR_CLIENT_KEY": e2e.parts.file("client.key")}
    for version in ("-tls1_2", "-tls1_3"):
        _call(e2e, "good", options=(version, *asks), **shown).answer()
        message = _call(e2e, "good", options=(version, *asks)).refused("CONNECTION_ERROR")
        check("certificate" in message, f"{version}: the reason must be told: {message}")


def _call(e2e, name, sent=("intermediate",), options=(), root="root", **more):
    server = certificates.Server(e2e.parts, e2e.logs, name, sent, options)
    environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
                   "AWS_ENDPOINT_URL_LAMBDA": f"https://localhost:{server.port}", "AWS_CA_BUNDLE": e2e.parts.file(f"{root}.pem")}
    done = e2e.invoke(dict(environment, **more), "--operation", "list")
    server.child.kill()
    return done
