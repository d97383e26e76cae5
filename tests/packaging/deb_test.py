# SPDX-License-Identifier: Apache-2.0
"""The Debian package of this build: its files, its fields, its scripts."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Part of every Debian with a C++ program; no need to name them in the image.
OF_THE_COMPILER = {"libc6", "libgcc-s1", "libstdc++6"}

FILES = """
-rw-r--r-- /etc/twindow/twindow.json
-rw-r--r-- /lib/systemd/system/twindow.service
-rwxr-xr-x /usr/bin/twindow
-rw-r--r-- /usr/share/doc/twindow/README.md
-rw-r--r-- /usr/share/doc/twindow/changelog.gz
-rw-r--r-- /usr/share/doc/twindow/copyright
-rw-r--r-- /usr/share/man/man1/twindow.1.gz
""".strip().splitlines()


def run(*command):
    return subprocess.run(command, check=True, text=True, capture_output=True, timeout=60).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        run("cpack", "-G", "DEB", "--config", os.environ["TWINDOW_CPACK_CONFIG"],
            "-B", cls.folder.name)
        [cls.deb] = pathlib.Path(cls.folder.name).glob("*.deb")
        cls.control = pathlib.Path(cls.folder.name) / "control"
        run("dpkg-deb", "-e", str(cls.deb), str(cls.control))

    def field(self, name):
        return run("dpkg-deb", "-f", str(self.deb), name).strip()

    def test_name_and_version_are_those_of_the_project(self):
        version = re.search(r"project\(twindow VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        architecture = run("dpkg", "--print-architecture").strip()
        self.assertEqual(self.deb.name, f"twindow_{version}_{architecture}.deb")
        self.assertEqual(self.field("Version"), version)
        self.assertEqual(self.field("Architecture"), architecture)

    def test_it_holds_these_files_all_of_root(self):
        lines = [line.split() for line in run("dpkg-deb", "-c", str(self.deb)).splitlines()]
        files = [f"{line[0]} {line[5][1:]}" for line in lines if not line[0].startswith("d")]
        documents = {f"-rw-r--r-- /usr/share/doc/twindow/docs/{path.name}"
                     for path in (ROOT / "docs").glob("*.md")}
        self.assertEqual(set(files), set(FILES) | documents)
        self.assertEqual({line[1] for line in lines}, {"root/root"})
        self.assertEqual({line[0] for line in lines if line[0].startswith("d")}, {"drwxr-xr-x"})

    def test_its_libraries_are_those_of_the_image(self):
        needed = {re.split(r"[ :(]", word)[0] for word in self.field("Depends").split(", ")}
        image = {line.split()[1] for line in (ROOT / "cmake/debian-packages.txt").read_text().splitlines()
                 if line.startswith("image ")}
        self.assertIn("libssl3", needed)
        provided = run("dpkg-query", "-W", "-f", "${Package} ${Provides} ", *sorted(image))
        names = set(re.findall(r"[a-z0-9][a-z0-9.+-]+", provided))
        self.assertEqual(needed - OF_THE_COMPILER - names, set(), "missing from the image")
        for package in image - {"ca-certificates"}:
            own = {package} | set(re.findall(r"[a-z0-9][a-z0-9.+-]+", run(
                "dpkg-query", "-W", "-f", "${Provides}", package)))
            self.assertTrue(own & needed, f"{package} is in the image, and nothing needs it")

    def test_its_configuration_is_kept_over_an_upgrade(self):
        self.assertEqual((self.control / "conffiles").read_text(), "/etc/twindow/twindow.json\n")

    def test_its_scripts_are_scripts_and_start_nothing(self):
        scripts = {"postinst", "prerm", "postrm"}
        self.assertEqual({path.name for path in self.control.iterdir()},
                         scripts | {"control", "conffiles", "md5sums"})
        for name in scripts:
            path = self.control / name
            self.assertEqual(path.stat().st_mode & 0o777, 0o755)
            run("sh", "-n", str(path))
            self.assertNotRegex(path.read_text(), r"(systemctl|invoke).* (start|enable|restart) ")


if __name__ == "__main__":
    unittest.main()
