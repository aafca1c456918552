"""Keycloak (Apache-2.0; what it brings along: Apache-2.0, EPL, EDL, MIT, BSD, LGPL, GPL with the Classpath or FOSS exception) as token
server: fetched from Maven Central with its checksum, built once, started with an empty database in memory, a realm of ours and a key of
ours. `artifacts.Missing` without Java, Maven or network.
"""

import json
import os
import pathlib
import shutil
import urllib.error
import urllib.parse
import urllib.request

import artifacts
import broker
import children
import harness
import packages

_VERSION = "26.0.8"
_CHECKSUM = "d82a52098db41f036bcfe8f2ebfd9251781c8af5959af8714e8aa9b311081786"
_START_TIME = 300
_ASK = urllib.request.build_opener(urllib.request.ProxyHandler({}))

REALM = "engine"
LIFE = 6  # seconds of a token
AUDIENCE = "zeebe-api"
CLIENT, SECRET = "worker", "s3cret & more+than%that"
CLIENT_OF_OTHERS, SECRET_OF_OTHERS = "of-others", "other"  # its tokens are for another audience
CLIENT_WITH_CERTIFICATE = "worker-with-certificate"
CLIENT_WITH_FILE = "worker-with-file"  # its tokens live for minutes


def home():
    """The folder of a built Keycloak, which is not written to."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise artifacts.Missing(f"no Java and Maven: the program {program} is not installed (packages: docker/packages/java.txt)")

    def install(folder):
        archive = packages.maven_file(folder, f"org.keycloak:keycloak-quarkus-dist:{_VERSION}:zip", _CHECKSUM, "Keycloak")
        shutil.unpack_archive(archive, folder)
        archive.unlink()
        (folder / f"keycloak-{_VERSION}").rename(folder / "home")
        artifacts.run(["bash", folder / "home" / "bin" / "kc.sh", "build", "--db=dev-mem"], 400, "building Keycloak",
                      _environment())

    return packages.once("keycloak", f"{_VERSION} {_CHECKSUM} dev-mem".encode(), install) / "home"


def _environment(**more):
    return children.environment(JAVA_OPTS_KC_HEAP="-Xms64m -Xmx256m", **more)


class Keycloak:
    """`certificate`: PEM, by which the third client proves itself."""

    def __init__(self, e2e, certificate):
        self.port = broker.free_ports(1)[0]
        self._folder = artifacts.BUILD / "keycloak"
        self._log = e2e.logs / "keycloak.log"
        shutil.rmtree(self._folder, ignore_errors=True)
        # It writes below its own folder.
        shutil.copytree(home(), self._folder, copy_function=os.link)
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "realm.key", "-out", "realm.pem", "-days", "30",
                      "-subj", "/CN=realm")
        self.key.write_text(self._openssl("x509", "-in", "realm.pem", "-noout", "-pubkey"))
        (self._folder / "data" / "import").mkdir(parents=True)
        (self._folder / "data" / "import" / f"{REALM}-realm.json").write_text(json.dumps(self._realm(certificate.read_text())))
        self.child = None
        self.start()

    @property
    def key(self):
        """The public key of its tokens, a PEM file."""
        return self._folder / "realm.pub"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/realms/{REALM}/protocol/openid-connect/token"

    def start(self):
        self.child = children.Child("keycloak",
                                    ["bash", self._folder / "bin" / "kc.sh", "start", "--optimized", "--cache=local", "--import-realm",
                                     "--http-enabled=true", "--hostname-strict=false", "--http-host=127.0.0.1", f"--http-port={self.port}"],
                                    _environment(), self._log)
        children.until(lambda: self.token(CLIENT, SECRET), _START_TIME, "Keycloak to give tokens", pause=0.3)

    def stop(self):
        self.child.kill()

    def memory(self):
        """Resident memory of all that was started for it, in MB."""
        pages = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rpartition(")")[2].split()[2]) == self.child.pid:
                    pages += int((stat.parent / "statm").read_text().split()[1])
            except OSError:  # it has ended meanwhile
                continue
        return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000

    def token(self, client, secret):
        """A token, or None while it gives none."""
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": client, "client_secret": secret})
        try:
            with _ASK.open(self.url, form.encode(), timeout=10) as answer:
                return json.loads(answer.read())["access_token"]
        except (urllib.error.URLError, OSError, ValueError, KeyError):
            return None

    def _realm(self, certificate):
        audience = {"name": "audience", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
                    "config": {"included.custom.audience": AUDIENCE, "access.token.claim": "true"}}
        common = {"publicClient": False, "serviceAccountsEnabled": True, "standardFlowEnabled": False}
        by_secret = dict(common, clientAuthenticatorType="client-secret")
        by_certificate = dict(common, clientAuthenticatorType="client-jwt", attributes={
            "jwt.credential.certificate": _bare(certificate), "token.endpoint.auth.signing.alg": "RS256"})
        key = {"name": "ours", "providerId": "rsa", "config": {
            "privateKey": [(self._folder / "realm.key").read_text()], "certificate": [(self._folder / "realm.pem").read_text()],
            "priority": ["1000"], "active": ["true"], "enabled": ["true"], "algorithm": ["RS256"]}}
        return {"realm": REALM, "enabled": True, "sslRequired": "none", "accessTokenLifespan": LIFE,
                "components": {"org.keycloak.keys.KeyProvider": [key]},
                "clients": [dict(by_secret, clientId=CLIENT, secret=SECRET, protocolMappers=[audience]),
                            dict(by_secret, clientId=CLIENT_OF_OTHERS, secret=SECRET_OF_OTHERS),
                            dict(by_secret, clientId=CLIENT_WITH_FILE, secret=SECRET, protocolMappers=[audience],
                                 attributes={"access.token.lifespan": "300"}),
                            dict(by_certificate, clientId=CLIENT_WITH_CERTIFICATE, protocolMappers=[audience])]}

    def _openssl(self, *words):
        try:
            return artifacts.run(["openssl", *words], 30, f"openssl {words[0]}", children.environment(), self._folder)
        except artifacts.Missing as problem:
            raise harness.Failed(problem) from problem


def _bare(pem):
    """A certificate as Keycloak keeps it: one line of base64."""
    return "".join(line for line in pem.splitlines() if "-----" not in line)
