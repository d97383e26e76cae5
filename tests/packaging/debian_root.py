# SPDX-License-Identifier: Apache-2.0
"""A bare Debian 12 in a folder, and commands run in it, apart from this machine's processes and
network. Takes root, debootstrap, and the archive that this machine's apt is set up with."""
import os
import pathlib
import shutil
import signal
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CACHE = SOURCE / "build/packaging"
SUITE = "bookworm"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# How the image debian:12-slim differs from what debootstrap makes, as far as packages that are
# added later show it: apt keeps nothing, dpkg leaves documents and translations out.
APT_OF_SLIM = """
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb"; };
"""
DPKG_OF_SLIM = """
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
path-exclude /usr/share/man/*
"""


def _run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, **options)


def _sources():
    """The lines of sources.list that this machine's apt uses for Debian 12, the main one first."""
    text = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(RELEASE) $(COMPONENT) $(REPO_URI) $(ORIGIN)",
         "Created-By: Packages"], check=True, text=True, capture_output=True).stdout
    found = sorted({tuple(line.split()) for line in text.splitlines()
                    if line.startswith(SUITE) and line.endswith(" Debian")})
    if not found or found[0][0] != SUITE:
        raise SystemExit("this machine's apt knows no archive of Debian 12; apt-get update?")
    return found


def _base():
    """What `FROM debian:12-slim` stands for; made once."""
    base = CACHE / "base"
    if (base / "made").exists():
        return base
    shutil.rmtree(base, ignore_errors=True)
    base.parent.mkdir(parents=True, exist_ok=True)
    sources = _sources()
    _run("debootstrap", "--variant=minbase", SUITE, base, sources[0][2], stdout=subprocess.DEVNULL)
    (base / "etc/apt/sources.list").write_text(
        "".join(f"deb {uri} {release} {component}\n" for release, component, uri, _ in sources))
    settings = subprocess.run(["apt-config", "dump"], check=True, text=True, capture_output=True)
    (base / "etc/apt/apt.conf.d/01machine").write_text("".join(
        line + "\n" for line in settings.stdout.splitlines() if line.startswith("Acquire::http")))
    (base / "etc/apt/apt.conf.d/02slim").write_text(APT_OF_SLIM)
    (base / "etc/dpkg/dpkg.cfg.d/02slim").write_text(DPKG_OF_SLIM)
    for archive in (base / "var/cache/apt").rglob("*.*"):
        archive.unlink()
    (base / "made").touch()
    return base


class DebianRoot:
    def __init__(self, name):
        self.path = CACHE / name
        shutil.rmtree(self.path, ignore_errors=True)
        _run("cp", "-a", _base(), self.path)
        (self.path / "made").unlink()

    def size(self):
        """Bytes on disk, without the lists of packages."""
        out = subprocess.run(["du", "-sk", "--exclude=./var/lib/apt/lists", "."], cwd=self.path,
                             check=True, text=True, capture_output=True).stdout
        return int(out.split()[0]) * 1024

    def remove(self):
        shutil.rmtree(self.path)

    def _command(self, words, user, folder):
        """Its own mounts and processes; /proc of the latter."""
        inside = f'cd {folder} && exec "$@"'
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child",
                f"--mount-proc={self.path}/proc", "chroot", f"--userspec={user}", self.path,
                "/bin/sh", "-c", inside, "sh", *words]

    def run(self, *words, user="root", folder="/", environment=None):
        """Builds: with the network of this machine, as `docker build` does it."""
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", self.path / "etc" / name)
        _run(*self._command(words, user, folder), env={"PATH": PATH, **(environment or {})},
             stdin=subprocess.DEVNULL)

    def output(self, *words):
        """What a command in it prints, on both streams; an error if it fails."""
        done = subprocess.run([str(word) for word in self._command(words, "root", "/")], text=True,
                              env={"PATH": PATH}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"{words[0]} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout


class Container:
    """A program that runs in a root, with a network of its own: loopback, and one more address."""
    ADDRESS = "192.0.2.1"

    def __init__(self, root, words, user, environment):
        self.root, self.user = root, user
        self.environment = {"PATH": PATH, **environment}
        inside = ["unshare", "--net", "sh", "-c",
                  f'ip link set lo up && ip address add {self.ADDRESS}/32 dev lo && exec "$@"', "sh"]
        # `env -i` in there, for ip is this machine's.
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        self.process = subprocess.Popen(
            inside + root._command(["env", "-i", *variables, *words], user, "/"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def first_lines(self, last):
        """What it prints, until a line holds `last`."""
        text = ""
        for line in self.process.stdout:
            text += line
            if last in line:
                return text
        raise AssertionError("ended too early:\n" + text)

    def inside(self, *words, host=False):
        """Another process there (`docker exec`); with `host`, a program of this machine, which
        shares only the network."""
        command = ["nsenter", f"--target={self.process.pid}", "--net"]
        if not host:
            command += ["chroot", f"--userspec={self.user}", self.root.path]
        done = subprocess.run([*command, *words], env=self.environment, text=True, timeout=30,
                              capture_output=True, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def pid(self):
        """Of the program itself, below unshare."""
        pid = self.process.pid
        while children := pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            pid = int(children[0])
        return pid

    def stop(self):
        """As `docker stop`; the exit code."""
        os.kill(self.pid(), signal.SIGTERM)
        code = self.process.wait(20)
        self.process.stdout.close()
        return code
