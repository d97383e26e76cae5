# SPDX-License-Identifier: Apache-2.0
"""Installs the package of build/release with apt on a bare Debian, runs it there as an ordinary
user, and lets systemd-analyze and lintian judge it."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from debian_root import SOURCE, Container, DebianRoot

EXPOSURE_MAX = 1.5  # of 10, by systemd-analyze security


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = SOURCE / "build/packaging/deb"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["cpack", "-G", "DEB", "--config", SOURCE / "build/release/CPackConfig.cmake",
                        "-B", folder], check=True, stdout=subprocess.DEVNULL)
        [cls.deb] = folder.glob("*.deb")
        cls.root = DebianRoot("installed")
        shutil.copy(cls.deb, cls.root.path / "tmp")
        cls.name = "/tmp/" + cls.deb.name
        cls.root.run("apt-get", "-q", "update")
        cls.install(cls.name)

    @classmethod
    def tearDownClass(cls):
        cls.root.remove()

    @classmethod
    def install(cls, *packages):
        cls.root.run("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "install",
                     "--no-install-recommends", *packages,
                     environment={"DEBIAN_FRONTEND": "noninteractive"})

    def printed(self, *words):
        return self.root.output(*words)

    def test_1_runs_as_an_ordinary_user(self):
        version = self.printed("dpkg-query", "-W", "-f", "${Version}", "twindow")
        self.assertEqual(self.printed("twindow", "version"), f"twindow {version}\n")
        container = Container(self.root, ["twindow", "serve", "--config", "/etc/twindow/twindow.json"],
                              "nobody", {"HOME": "/tmp"})
        print(container.first_lines("Ctrl-C"))
        self.assertEqual(container.inside("twindow", "readyz"), (0, "ready\n"))
        self.assertEqual(container.stop(), 0)

    def test_2_the_unit_is_sound_and_shut_in(self):
        self.install("systemd")
        unit = "/lib/systemd/system/twindow.service"
        self.assertEqual(self.printed("systemd-analyze", "verify", "--man=no", unit), "")
        verdict = self.printed("systemd-analyze", "security", "--offline=yes", "--no-pager", unit)
        score = re.search(r"Overall exposure level for \S+: ([\d.]+)", verdict)
        print(score[0])
        self.assertLessEqual(float(score[1]), EXPOSURE_MAX, verdict)
        enabled = self.root.path / "etc/systemd/system/multi-user.target.wants/twindow.service"
        self.assertFalse(os.path.lexists(enabled), "installing it must not enable it")

    def test_3_lintian_finds_nothing(self):
        self.install("lintian")
        said = self.printed("lintian", "--allow-root", "--fail-on=none", "--color=never", self.name)
        self.assertEqual(re.findall(r"^[EW]: .*", said, re.M), [], said)

    def test_4_a_purge_leaves_nothing(self):
        self.root.run("dpkg", "--purge", "twindow")
        left = [path for path in ("etc/twindow", "usr/bin/twindow", "usr/share/doc/twindow")
                if (self.root.path / path).exists()]
        self.assertEqual(left, [])


if __name__ == "__main__":
    if os.getuid() != 0:
        sys.exit("deb_in_chroot.py: needs root")
    unittest.main(verbosity=2)
