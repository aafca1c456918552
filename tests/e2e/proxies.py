"""The two forward proxies that Debian has, with one user: squid, which answers as the standards say, and tinyproxy, which answers
401 to a wrong password. Only they know the address of HOST (a name that no resolver has), so who gets there went through them.
"""

import glob
import subprocess
import urllib.parse

import artifacts
import children
import broker
import packages

# A name in the certificate of the sandbox.
HOST = "lambda.sandbox.test"
USER = "worker"
_START_TIME = 20


def prepare():
    artifacts.run(["tinyproxy", "-v"], 10, "tinyproxy")
    if not glob.glob("/usr/lib/*/libnss_wrapper.so"):
        raise artifacts.Missing("no libnss_wrapper.so (package libnss-wrapper)")
    _squid_home()


class Proxy:
    def __init__(self, name, child, port, password):
        self.name, self.child, self.port, self.password = name, child, port, password

    def url(self, password=None):
        """As for HTTPS_PROXY, with that password in clear, or without a name."""
        who = f"{USER}:{urllib.parse.quote(password, safe='')}@" if password else ""
        return f"http://{who}127.0.0.1:{self.port}"


def tinyproxy(logs, allowed_port):
    password = "s3cret-pass.word"  # its configuration knows no other characters
    folder, port = _folder("tinyproxy"), broker.free_ports(1)[0]
    (folder / "hosts").write_text(f"127.0.0.1 {HOST}\n")
    (folder / "tinyproxy.conf").write_text(
        f"Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth {USER} {password}\nConnectPort {allowed_port}\nLogLevel Connect\n")
    environment = children.environment(LD_PRELOAD="libnss_wrapper.so", NSS_WRAPPER_HOSTS=folder / "hosts")
    child = children.Child("tinyproxy", ["tinyproxy", "-d", "-c", folder / "tinyproxy.conf"], environment, logs / "tinyproxy.log")
    return _ready(Proxy("tinyproxy", child, port, password))


def squid(logs, allowed_port):
    password = "s3:cret/p@%ss"
    folder, port, home = _folder("squid"), broker.free_ports(1)[0], _squid_home()
    (folder / "hosts").write_text(f"127.0.0.1 {HOST}\n")
    done = subprocess.run(["openssl", "passwd", "-apr1", "-stdin"], input=password.encode(), capture_output=True, check=True)
    (folder / "users").write_text(f"{USER}:{done.stdout.decode().strip()}\n")
    (folder / "squid.conf").write_text(f"""
http_port 127.0.0.1:{port}
hosts_file {folder}/hosts
auth_param basic program {home}/usr/lib/squid/basic_ncsa_auth {folder}/users
acl known proxy_auth REQUIRED
acl allowed port {allowed_port}
http_access deny !known
http_access allow allowed
http_access deny all
cache deny all
access_log none
cache_log /dev/stderr
pid_filename none
netdb_filename none
pinger_enable off
coredump_dir {folder}
unlinkd_program {home}/usr/lib/squid/unlinkd
mime_table {home}/usr/share/squid/mime.conf
icon_directory {home}/usr/share/squid/icons
error_directory {home}/usr/share/squid-langpack/en
err_page_stylesheet none
""")
    environment = children.environment(LD_LIBRARY_PATH=":".join(glob.glob(f"{home}/usr/lib/*-linux-gnu")))
    command = [home / "usr/sbin/squid", "-N", "-d", "1", "-f", folder / "squid.conf"]
    return _ready(Proxy("squid", children.Child("squid", command, environment, logs / "squid.log"), port, password))


def _squid_home():
    # Unpacked: installed, it would be a service of the machine.
    # With what a machine without services does not have: module loaders, databases, connection tracking.
    libraries = ["libecap3", "libltdl7", "libmnl0", "libnetfilter-conntrack3", "libnfnetlink0", "libtdb1"]
    return packages.debian_folder("squid", ["squid", "squid-common", "squid-langpack", *libraries])


def _folder(name):
    folder = artifacts.BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _ready(proxy):
    children.until_listening(proxy.child, proxy.port, _START_TIME)
    return proxy
