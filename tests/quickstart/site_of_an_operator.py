"""The other side of the page: what the owners of gateway, login and AWS account have and hand over, and what they change."""
import json
import shutil
import subprocess
import threading

from shell import Failed, Piped

SERVER = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n"
CLIENT = "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n"
KEYS = {"first": ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), "second": ("AKIDSECOND", "second/secret+of+the+same+user")}
CLIENT_SECRETS = ("hunter2 & more+than%that", "another secret of the client")
TOKENS = ("token-of-spring", "token-of-autumn")


class Authorities:
    """Roots and certificates, made with the openssl program."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    def root(self, name):
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
                      "-subj", f"/CN={name}", "-days", 30, "-out", f"{name}.pem",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def leaf(self, name, issuer, extensions):
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key",
                      "-subj", f"/CN={name}", "-out", f"{name}.csr")
        (self.folder / f"{name}.ext").write_text(extensions)
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial",
                      "-days", 30, "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def _openssl(self, *words):
        done = subprocess.run(["openssl", *map(str, words)], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"openssl {words[0]}: {done.stderr[-1000:]}")


class Site:
    def __init__(self, sandbox, folder, given):
        self.folder, self.given = folder, given
        folder.mkdir()
        given.mkdir()
        self.made = Authorities(folder / "made")
        for root in ("gateway-root", "new-gateway-root", "clients-root", "new-clients-root"):
            self.made.root(root)
        self.made.leaf("gateway", "gateway-root", SERVER)
        self.made.leaf("new-gateway", "new-gateway-root", SERVER)
        self.made.leaf("client", "clients-root", CLIENT)
        self.made.leaf("new-client", "new-clients-root", CLIENT)
        self._hand_over()
        self.gateway_shows("gateway")
        self.gateway_lets_in("clients-root")
        self._program = Piped("lambda-sandbox", [sandbox, "site", "--folder", folder, "--audience", "zeebe"], {}, folder, folder / "sandbox.log")
        self._turn = threading.Lock()
        self._flow = None
        self.addresses = json.loads(self._program.hear(20))

    def _hand_over(self):
        def give(name, text):
            (self.given / name).write_text(text)

        def made(name):
            return (self.folder / "made" / name).read_text()

        give("gateway-ca.pem", made("gateway-root.pem"))
        give("new-gateway-ca.pem", made("new-gateway-root.pem"))
        for name in ("client.pem", "client.key", "new-client.pem", "new-client.key"):
            give(name, made(name))
        for which, secret, token, key in zip(("", "new-"), CLIENT_SECRETS, TOKENS, KEYS.values()):
            give(f"{which}client-secret", secret)
            give(f"{which}api-token", token)
            give(f"{which}aws-credentials", f"[default]\naws_access_key_id = {key[0]}\naws_secret_access_key = {key[1]}\n")

    # --- certificates of the gateway; they count from its next start

    def gateway_shows(self, name):
        for end in ("pem", "key"):
            shutil.copy(self.folder / f"made/{name}.{end}", self.folder / f"gateway.{end}")

    def gateway_lets_in(self, *roots):
        texts = [(self.folder / f"made/{root}.pem").read_text() for root in roots]
        (self.folder / "clients-ca.pem").write_text("".join(texts))

    def restart_gateway(self):
        self.ask(do="stopGateway")
        self.ask(do="startGateway")

    # --- AWS

    def keys(self, *names):
        self.ask(do="keys", keys=[{"id": KEYS[name][0], "secret": KEYS[name][1]} for name in names])

    # --- jobs

    def ask(self, within=60, **line):
        with self._turn:
            self._program.say(json.dumps(line))
            told = json.loads(self._program.hear(within))
        if "wrong" in told:
            raise Failed(f"the stand-in: {told}")
        return told

    def jobs(self, count, function="echo", retries=3, **headers):
        """Keys of new jobs that send the secret of tasks to a function."""
        task = {"functionName": function, "payload": {"order": 7, "token": "{{secrets.API_TOKEN}}"}}
        return self.ask(do="jobs", count=count, retries=retries, headers={"inputs": "lambda", "secrets": "API_TOKEN", "onFunctionError": "fail", **headers},
                        variables={"lambda": task})["keys"]

    def job(self, key):
        return self.ask(do="job", job=key)

    def totals(self):
        return self.ask(do="totals")

    def start_flow(self):
        """Ten jobs a second, until stop_flow()."""
        self._flow = Flow(self)

    def stop_flow(self):
        self._flow.stop()

    def stop(self):
        self._program.kill()

    def leftovers(self):
        return self._program.leftovers()


class Flow:
    def __init__(self, site):
        self._site, self._end, self._problem = site, threading.Event(), None
        self.count = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while not self._end.wait(0.1):
                self._site.jobs(1)
                self.count += 1
        except Exception as problem:  # told by the thread that stops this one
            self._problem = problem

    def stop(self):
        self._end.set()
        self._thread.join(60)
        if self._problem or self._thread.is_alive():
            raise Failed(f"the flow of jobs broke: {self._problem}")
