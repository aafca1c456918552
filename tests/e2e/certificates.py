"""A small authority made with the openssl program, root (RSA) > intermediate (EC, pathlen 0) > servers, and `openssl s_server` with
what it made. The server answers ListFunctions from a file and knows nothing else.
"""

import json
import shutil

import artifacts
import children
import broker
import harness

_START_TIME = 20
FUNCTION = "behind-tls"

_CA = "basicConstraints=critical,CA:TRUE{}\nkeyUsage=critical,keyCertSign,cRLSign\n"
_SERVER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName={}\n"
_CLIENT = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n"
HERE = "DNS:localhost,IP:127.0.0.1"


class Authority:
    def __init__(self):
        self.folder = artifacts.BUILD / "certificates"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._root("root")
        self._root("stranger")
        self._signed("intermediate", "root", _CA.format(",pathlen:0"))
        self._signed("good", "intermediate", _SERVER.format(HERE))
        self._signed("other-name", "intermediate", _SERVER.format("DNS:lambda.example.com,IP:127.0.0.9"))
        self._signed("expired", "intermediate", _SERVER.format(HERE), days=-1)
        self._signed("too-deep", "intermediate", _CA.format(""))
        self._signed("below-too-deep", "too-deep", _SERVER.format(HERE))
        self._signed("client", "root", _CLIENT)

    def file(self, name):
        return self.folder / name

    def sign(self, name, issuer, server=False):
        """One more certificate, of a client or of a server here."""
        self._signed(name, issuer, _SERVER.format(HERE) if server else _CLIENT)

    def sign_rsa(self, name, issuer):
        """A client's certificate with an RSA key."""
        self._signed(name, issuer, _CLIENT, kind=("RSA", "rsa_keygen_bits:2048"))

    def pkcs12(self, name, password, alias="key"):
        """That certificate and its key in one file, as openssl makes it."""
        self._openssl("pkcs12", "-export", "-in", f"{name}.pem", "-inkey", f"{name}.key", "-name", alias, "-passout", f"pass:{password}",
                      "-out", f"{name}.p12")
        return self.file(f"{name}.p12")

    def bundle(self, name, *parts):
        self.file(name).write_text("".join(self.file(f"{part}.pem").read_text() for part in parts))
        return self.file(name)

    def _root(self, name):
        self._key(name, "RSA", "rsa_keygen_bits:2048")
        self._openssl("req", "-x509", "-new", "-key", f"{name}.key", "-subj", f"/O=e2e/CN={name}", "-days", 30, "-out", f"{name}.pem",
                      "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def _signed(self, name, issuer, extensions, days=30, kind=("EC", "ec_paramgen_curve:P-256")):
        self._key(name, *kind)
        self._openssl("req", "-new", "-key", f"{name}.key", "-subj", f"/O=e2e/CN={name}", "-out", f"{name}.csr")
        self.file(f"{name}.ext").write_text(extensions)
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial",
                      "-days", days, "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def _key(self, name, kind, option):
        self._openssl("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", f"{name}.key")

    def _openssl(self, *words):
        try:
            artifacts.run(["openssl", *words], 30, f"openssl {words[0]}", children.environment(), self.folder)
        except artifacts.Missing as problem:
            raise harness.Failed(problem) from problem


class Server:
    """`openssl s_server` with the certificate of that name; `sent`: what it sends of the chain; `options`: more words for it."""

    def __init__(self, authority, logs, name, sent=("intermediate",), options=()):
        self.port = broker.free_ports(1)[0]
        folder = authority.file("served")
        body = json.dumps({"Functions": [{"FunctionName": FUNCTION}]})
        answer = folder / "2015-03-31" / "functions?MaxItems=50"
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_bytes(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        command = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-cert", authority.file(f"{name}.pem"),
                   "-key", authority.file(f"{name}.key"), "-HTTP", "-quiet", *options]
        if sent:
            command += ["-cert_chain", authority.bundle(f"{name}-sent.pem", *sent)]
        self.child = children.Child("s_server", command, children.environment(), logs / f"s_server-{name}-{self.port}.log", folder)
        children.until_listening(self.child, self.port, _START_TIME)
