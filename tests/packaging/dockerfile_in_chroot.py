# SPDX-License-Identifier: Apache-2.0
"""Plays the Dockerfile without a container engine: its instructions, read from the file, in bare
Debian roots. Then runs the image as `docker run` without options does, and looks at it."""
import fnmatch
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import unittest

from debian_root import SOURCE, Container, DebianRoot


def instructions():
    text = re.sub(r"^\s*#.*\n", "", (SOURCE / "Dockerfile").read_text(), flags=re.M)
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, rest = line.split(None, 1)
            yield word.upper(), rest.strip()


def ignored(path):
    """By .dockerignore: the last pattern that fits the path or a folder above it decides."""
    answer = False
    parents = [str(part) for part in [path, *path.parents][:-1]]
    for line in (SOURCE / ".dockerignore").read_text().splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        kept = pattern.startswith("!")
        if any(fnmatch.fnmatch(part, pattern.lstrip("!")) for part in parents):
            answer = not kept
    return answer


def context():
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"],
                            cwd=SOURCE, check=True, text=True, capture_output=True).stdout
    return [path for path in map(pathlib.Path, listed.rstrip("\0").split("\0"))
            if (SOURCE / path).is_file() and not ignored(path)]


class Image:
    """One stage: a root, and what the instructions said about running it."""

    def __init__(self, name):
        self.root = DebianRoot("image-" + name)
        self.bare_size = self.root.size()
        self.folder, self.user, self.environment = "/", "root", {}
        self.exposed, self.volumes = [], []
        self.entrypoint, self.healthcheck = None, None

    def play(self, word, rest, stages):
        getattr(self, "do_" + word.lower())(rest, stages)

    def do_workdir(self, rest, _):
        self.folder = os.path.join(self.folder, rest)
        self.inside(self.folder).mkdir(parents=True, exist_ok=True)

    def do_run(self, rest, _):
        self.root.run("/bin/sh", "-c", rest, user=self.user, folder=self.folder,
                      environment=self.environment)

    def do_env(self, rest, _):
        self.environment.update(pair.split("=", 1) for pair in shlex.split(rest))

    def do_user(self, rest, _):
        self.user = rest

    def do_volume(self, rest, _):
        self.volumes.append(rest)

    def do_expose(self, rest, _):
        self.exposed += map(int, rest.split())

    def do_entrypoint(self, rest, _):
        self.entrypoint = json.loads(rest)

    def do_healthcheck(self, rest, _):
        self.healthcheck = json.loads(rest[rest.index("CMD") + 3:])

    def do_copy(self, rest, stages):
        *froms, target = rest.split()
        to = self.inside(os.path.join(self.folder, target))
        if froms[0].startswith("--from="):
            shutil.copy2(stages[froms[0][7:]].inside(froms[1]), to)
            return
        files = context()
        for origin in froms:
            base = pathlib.Path(origin)
            found = [path for path in files if path == base or base in path.parents or origin == "."]
            assert found, f"COPY {rest}: nothing of {origin} is in the context"
            for path in found:
                below = path if origin == "." else path.relative_to(base.parent)
                (to / below).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(SOURCE / path, to / below)

    def inside(self, path):
        return self.root.path / path.lstrip("/")


def build():
    stages = {}
    for word, rest in instructions():
        print(f"--- {word} {rest}", flush=True)
        if word == "FROM":
            found = re.fullmatch(r"debian:12-slim(?: AS (\w+))?", rest)
            assert found, f"FROM {rest}: only debian:12-slim can be played"
            image = Image(found[1] or "last")
            stages[found[1] or "last"] = image
        else:
            image.play(word, rest, stages)
    return stages


class Built(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stages = build()
        cls.image = cls.stages["last"]

    @classmethod
    def tearDownClass(cls):
        for stage in cls.stages.values():
            stage.root.remove()

    def test_runs_without_options(self):
        image = self.image
        self.assertNotIn(image.user, ("", "root", "0"))
        container = Container(image.root, image.entrypoint, image.user, image.environment)
        print(container.first_lines("Ctrl-C"))

        code, printed = container.inside(*image.healthcheck)
        self.assertEqual((code, printed), (0, "ready\n"))

        code, listening = container.inside("ss", "-Hltn", host=True)
        self.assertEqual(code, 0)
        addresses = {line.split()[3] for line in listening.splitlines()}
        self.assertEqual(addresses, {f"0.0.0.0:{port}" for port in image.exposed})

        api = f"http://{Container.ADDRESS}:4010/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
        code, answer = container.inside(
            "curl", "-sS", "-u", f"AC{'0' * 32}:token", api, "-d", "To=whatsapp:%2B15555550123",
            "-d", "From=whatsapp:%2B14155550100", "-d", "Body=hi", host=True)
        self.assertEqual(json.loads(answer)["status"], "queued", answer)
        code, answer = container.inside("curl", "-sS", f"http://{Container.ADDRESS}:4011/readyz",
                                        host=True)
        self.assertEqual((code, answer.strip()), (0, "ready"))

        status = pathlib.Path(f"/proc/{container.pid()}/status").read_text()
        self.assertEqual(re.search(r"^Uid:\t(\d+)\t(\d+)", status, re.M).groups(), ("10001", "10001"))
        for folder in image.volumes:
            code, printed = container.inside("sh", "-c", f"touch {folder}/x && rm {folder}/x")
            self.assertEqual(code, 0, printed)

        self.assertEqual(container.stop(), 0)

    def test_holds_no_more_than_it_needs(self):
        image = self.image
        left = [str(path) for folder in ("tmp", "var/lib/apt/lists", "src")
                for path in image.inside(folder).glob("*")]
        self.assertEqual(left, [])
        home = [path.name for path in image.inside("var/lib/twindow").iterdir()]
        self.assertEqual(home, [])
        for tool in ("g++", "cmake", "ninja"):
            self.assertFalse(image.inside("usr/bin/" + tool).exists(), tool)
        added = image.root.size() - image.bare_size
        print(f"the image adds {added / 2**20:.0f} MiB to debian:12-slim")
        self.assertLess(added, 80 * 2**20)  # 35 of them are ICU, which libphonenumber depends on


if __name__ == "__main__":
    if os.getuid() != 0:
        sys.exit("dockerfile_in_chroot.py: needs root")
    unittest.main(verbosity=2)
