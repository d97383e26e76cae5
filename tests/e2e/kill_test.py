# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random instants of a mixed load in proxy mode: what was acknowledged is there afterwards, and
nothing is that never was.

One Twilio and one app live through all rounds; each round starts twindow on the data of the last one, compares
what it has with what was acknowledged, loads it, and kills it. TWINDOW_TEST_KILLS says how often (10; 200 with
./test --all), TWINDOW_TEST_SEED repeats a run as far as threads can be repeated."""
import base64
import collections
import http.client
import json
import os
import random
import signal
import threading
import time
import unittest
import urllib.parse

from fake_twilio import (ACCOUNT, APP, PUBLIC, TOKEN, InFrontOfTwilio, TwiliosWebhooks,
                         address_of)
from raw_server import ListeningApp, answer, fields_of
from twindow_processes import Twindow

KILLS = int(os.environ.get("TWINDOW_TEST_KILLS", 200 if os.environ.get("TWINDOW_TEST_ALL") else 10))
SEED = int(os.environ.get("TWINDOW_TEST_SEED", random.SystemRandom().randrange(10**6)))
WORKERS = 6
IN_FLIGHT = 32  # webhooks of an account at the same time
STATUSES = ("sent", "delivered", "read")
GONE = (OSError, http.client.HTTPException)

# What Twilio or the app began, and whether it was acknowledged; `life` counts the processes.
Inbound = collections.namedtuple("Inbound", "sid user sender began")
Send = collections.namedtuple("Send", "tag user sender decision")


class App(ListeningApp):
    """Answers one status in seven with 503 when it comes first: then it may come again."""

    def __init__(self):
        super().__init__()
        self.life = 0
        self.told = collections.defaultdict(list)  # message: (status, life), as it was taken
        self.inbounds = collections.Counter()
        self.failed = set()

    def respond(self, request, _):
        fields = fields_of(request)
        sid, status = fields["MessageSid"], fields.get("MessageStatus")
        with self.news:
            if status is None:
                self.inbounds[sid] += 1
                return answer(204)
            if int(sid[2:], 16) % 7 == STATUSES.index(status) and (sid, status) not in self.failed:
                self.failed.add((sid, status))
                return answer(503)
            self.told[sid].append((status, self.life))
            self.news.notify_all()
        return answer(204)


class World:
    """What the test knows: everything that was begun, and what of it was acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = 0
        self.inbounds, self.sends = [], []  # begun in this round
        self.acknowledged_inbounds = {}  # of this round, by SID: when it was acknowledged
        self.answered = {}  # of this round, by tag: the answer's status and the message's SID
        self.users = []  # with a window: (user, sender), of this round
        self.chains = []  # messages and how many of their statuses are acknowledged: [sid, send, count]
        self.all_inbounds = set()
        self.held = {}  # of all rounds, by tag: [SID or None, user, sender, whether the user has written]
        self.begun = threading.Semaphore(0)

    def next_number(self):
        with self.lock:
            self.numbers += 1
            return self.numbers

    def new_round(self):
        self.inbounds, self.sends, self.users = [], [], []
        self.acknowledged_inbounds, self.answered = {}, {}
        self.begun = threading.Semaphore(0)


class Worker(threading.Thread):
    """Twilio and an app's sender, until there is nobody any more."""

    def __init__(self, test, number, seed):
        super().__init__(daemon=True)
        self.test, self.world, self.random = test, test.world, random.Random(seed)
        self.address = address_of(test.gate.api)
        self.sender = test.sender
        self.twilio = TwiliosWebhooks(PUBLIC, ACCOUNT, TOKEN)
        self.connection = http.client.HTTPConnection(*self.address, timeout=30)
        self.error = None

    def run(self):
        # Operations and how often each is done.
        operations = ([self.inbound] * 4 + [self.send_in_window] * 4 + [self.send_refused] * 2 +
                      [self.send_held] * 2 + [self.release] * 2 + [self.status] * 6)
        try:
            while True:
                self.world.begun.release()
                self.random.choice(operations)()
        except GONE:
            pass
        except Exception as error:  # told by the test
            self.error = error
        finally:
            self.connection.close()
            self.twilio.close()

    def inbound(self):
        number = self.world.next_number()
        one = Inbound(f"SM{0xabc << 64 | number:032x}", f"whatsapp:+1555{number:07}", self.sender, time.time())
        self.world.inbounds.append(one)
        status, _ = self.twilio.inbound(self.address, one.sid, one.user, one.sender)
        assert status == 204, status
        self.world.acknowledged_inbounds[one.sid] = time.time()
        self.world.users.append((one.user, one.sender))

    def send_in_window(self):
        if self.world.users:
            self.send(*self.random.choice(self.world.users), "pass")

    def send_refused(self):
        self.send(f"whatsapp:+1556{self.world.next_number():07}", self.sender, "reject")

    def send_held(self):
        self.send(f"whatsapp:+1557{self.world.next_number():07}", self.sender, "hold")

    def release(self):
        """A user for whom something waits writes."""
        with self.world.lock:
            waiting = [tag for tag, (sid, _, sender, wrote) in self.world.held.items()
                       if sid and not wrote and sender == self.sender]
            if not waiting:
                return
            one = self.world.held[self.random.choice(waiting)]
            one[3] = True
        number = self.world.next_number()
        inbound = Inbound(f"SM{0xabc << 64 | number:032x}", one[1], one[2], time.time())
        self.world.inbounds.append(inbound)
        one[3] = None  # nobody knows
        status, _ = self.twilio.inbound(self.address, inbound.sid, inbound.user, inbound.sender)
        assert status == 204, status
        self.world.acknowledged_inbounds[inbound.sid] = time.time()
        one[3] = True

    def send(self, user, sender, decision):
        one = Send(f"tag {self.world.next_number()}", user, sender, decision)
        self.world.sends.append(one)
        if decision == "hold":
            self.world.held[one.tag] = [None, user, sender, False]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Twindow-Campaign": one.tag,
                   "Authorization": "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}
        body = urllib.parse.urlencode({"To": user, "From": sender, "Body": one.tag,
                                       "StatusCallback": APP + "/status"})
        self.connection.request("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", body, headers)
        got = self.connection.getresponse()
        said = json.loads(got.read())
        assert (got.status, said.get("code")) == ((400, 63016) if decision == "reject" else (201, None)), said
        self.world.answered[one.tag] = said.get("sid")
        if decision == "hold":
            assert said["status"] == "accepted", said
            self.world.held[one.tag][0] = said["sid"]
        if decision == "pass":
            self.world.chains.append([said["sid"], one, 0])

    def status(self):
        """The next one of a message; one that was not acknowledged before is brought again."""
        with self.world.lock:
            if not self.world.chains:
                return
            chain = self.world.chains.pop(self.random.randrange(len(self.world.chains)))
        sid, send, count = chain
        try:
            status, _ = self.twilio.status(self.address, sid, send.user, send.sender, STATUSES[count],
                                           APP + "/status")
            assert status == 204, status
            chain[2] += 1
            self.test.acknowledged[sid] = chain[2]
        except GONE:
            self.test.brought_again.add((sid, STATUSES[count]))
            raise
        finally:
            if chain[2] < len(STATUSES):
                self.world.chains.append(chain)


class Kill(InFrontOfTwilio):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.app = App()
        self.addCleanup(self.app.server.down)
        (self.folder / "twindow.json").write_text(json.dumps({
            "mode": "proxy", "policy": str(self.folder / "policy.json"), "upstream": self.twilio.url, "public_url": PUBLIC,
            "store": f"sqlite:{self.folder}/db",
            "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN, "inbound_url": APP + "/in"}],
            "callbacks": {"deliver_to": {APP: self.app.server.url}}}))
        (self.folder / "policy.json").write_text(json.dumps({"version": 1, "rules": [
            {"name": "wait", "match": {"window": "closed", "To": {"matches": "^whatsapp:\\+1557"}},
             "action": "hold", "ttl": "24h"},
            {"name": "all else", "match": {"window": "closed", "kind": "freeform"}, "action": "reject"}]}))
        self.held_sent = collections.Counter()  # bodies of held sends that Twilio has got
        self.world = World()
        self.acknowledged = {}  # how many statuses of each message
        self.brought_again = set()  # those that Twilio has got no answer for
        self.gate = None
        self.addCleanup(lambda: self.gate and self.gate.stop())

    def start(self):
        self.gate = Twindow("--config", str(self.folder / "twindow.json"), "--data", str(self.folder))

    def kill(self):
        self.gate.process.send_signal(signal.SIGKILL)
        self.gate.stop()
        self.gate = None

    def load(self, chance):
        """Until a random number of things was begun, some of which will be under way."""
        workers = [Worker(self, number, chance.random()) for number in range(WORKERS)]
        for worker in workers:
            worker.start()
        for _ in range(chance.randrange(WORKERS, 150)):
            self.world.begun.acquire()
        self.kill()
        for worker in workers:
            worker.join()
            if worker.error:
                raise worker.error
        # What was on its way to them came in the life that has ended.
        self.app.server.wait_until_left_alone()
        self.twilio.server.wait_until_left_alone()
        self.app.life += 1

    def check(self):
        """What this process has of the last one's round."""
        self.check_windows()
        self.check_ledger()
        self.check_messages()
        self.check_twilio()

    def check_windows(self):
        sender = urllib.parse.quote(self.sender)
        windows = {each["user_spelling"]: each for each in
                   self.gate.ask("GET", f"/__admin/windows?sender={sender}")["windows"]}
        begun = {one.user: one for one in self.world.inbounds}
        self.assertLessEqual(set(windows), set(begun), "a window of nobody")
        for user, one in begun.items():
            acknowledged = self.world.acknowledged_inbounds.get(one.sid)
            if acknowledged:
                self.assertIn(user, windows, "an acknowledged message without its window")
            if user in windows:
                wrote = time.mktime(time.strptime(windows[user]["last_inbound"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
                self.assertEqual(windows[user]["state"], "open")
                self.assertGreaterEqual(wrote, int(one.began) - 1)
                self.assertLessEqual(wrote, acknowledged or time.time())

    def check_ledger(self):
        entries = self.gate.ask("GET", "/__admin/decisions?limit=1000")["decisions"]
        tags = collections.Counter(entry["campaign"] for entry in entries)
        self.assertEqual([tag for tag, count in tags.items() if count > 1], [], "a decision twice")
        of_tag = {entry["campaign"]: entry for entry in entries if entry["from"] == self.sender}
        begun = {send.tag: send for send in self.world.sends}
        self.assertLessEqual(set(of_tag), set(begun), "a decision on nothing")
        for tag, sid in self.world.answered.items():
            self.assertIn(tag, of_tag, "an acknowledged send without its decision")
            self.assertEqual((of_tag[tag]["decision"], of_tag[tag]["message_sid"], of_tag[tag]["to"]),
                             (begun[tag].decision, sid, begun[tag].user))

    def check_messages(self):
        sids = {each["sid"] for each in self.gate.ask("GET", "/__admin/messages?limit=1000")["messages"]}
        sent = {sid for sid in self.world.answered.values() if sid}
        self.assertEqual((sent | set(self.world.acknowledged_inbounds)) - sids, set(), "messages lost")

    def check_twilio(self):
        """Nothing is sent twice, nothing that was refused at all."""
        with self.twilio.lock:
            all_creates = collections.Counter(fields_of(each)["Body"] for each in self.twilio.creates)
            self.twilio.creates.clear()
        self.held_sent.update({tag: count for tag, count in all_creates.items() if tag in self.world.held})
        creates = {tag: count for tag, count in all_creates.items() if tag not in self.world.held}
        self.assertEqual([tag for tag, count in self.held_sent.items() if count > 1], [], "held, sent twice")
        passes = {send.tag for send in self.world.sends if send.decision == "pass"}
        self.assertLessEqual(set(creates), passes)
        self.assertEqual([tag for tag, count in creates.items() if count > 1], [])
        for tag in self.world.answered:
            if tag not in self.world.held:
                self.assertEqual(creates.get(tag, 0), 1 if tag in passes else 0)

    def check_held(self):
        """At the end: what was held is sent if its user has written, once, and waits else."""
        due = {tag for tag, (sid, _, _, wrote) in self.world.held.items() if sid and wrote}
        for _ in range(3000):
            self.check_twilio()
            if due <= set(self.held_sent):
                break
            self.gate.ask("GET", "/__admin/health")
        self.assertEqual(due - set(self.held_sent), set(), "held messages lost")
        waiting = [(tag, sid) for tag, (sid, _, _, wrote) in self.world.held.items() if sid and wrote is False]
        for tag, sid in waiting:
            self.assertNotIn(tag, self.held_sent, "sent before its user wrote")
            self.assertEqual(self.gate.ask("GET", f"/__admin/messages/{sid}")["status"], "accepted")
        return len(due), len(waiting)

    def check_relays(self):
        """At the end: every acknowledged status was told, in order. Twice only what was under way when a
        process was killed, at most IN_FLIGHT: of each message the last one of that life, and again in a
        later one; or when Twilio, whose call was cut off, brings it again."""
        def all_told(_):
            return all(len({status for status, _ in self.app.told[sid]}) >= count
                       for sid, count in self.acknowledged.items())
        self.app.wait_until(all_told, "every acknowledged status")
        cut_off = collections.Counter()
        for sid, told in self.app.told.items():
            once = []
            for status, life in told:
                if not once or once[-1][0] != status:
                    once.append((status, life))
                    continue
                self.assertGreater(life, once[-1][1], f"{sid} was told {told}")
                if (sid, status) not in self.brought_again:
                    cut_off[once[-1][1]] += 1
                once[-1] = status, life
            self.assertEqual([status for status, _ in once], list(STATUSES[:len(once)]), sid)
            self.assertIn(len(once) - self.acknowledged.get(sid, 0), (0, 1), f"{sid}: told what never came")
        self.assertLessEqual(max(cut_off.values(), default=0), IN_FLIGHT)
        return sum(cut_off.values())

    def test_nothing_acknowledged_is_lost(self):
        print(f"seed {SEED}, {KILLS} kills", flush=True)
        chance = random.Random(SEED)
        inbounds = sends = 0
        for number in range(KILLS):
            self.sender = f"whatsapp:+1415555{number:04}"
            self.world.new_round()
            self.start()
            self.load(chance)
            self.start()
            with self.subTest(seed=SEED, kill=number):
                self.check()
            self.kill()  # at rest, or at what it has to tell after a restart
            self.app.server.wait_until_left_alone()
            self.app.life += 1
            inbounds += len(self.world.acknowledged_inbounds)
            sends += len(self.world.answered)
            self.world.all_inbounds |= {one.sid for one in self.world.inbounds}
        self.start()
        again = self.check_relays()
        self.world.sends = []
        self.world.answered = {}
        released, waiting = self.check_held()
        self.assertLessEqual(set(self.app.inbounds), self.world.all_inbounds)
        self.assertEqual(set(self.app.inbounds.values()), {1}, "a message told twice")
        self.assertEqual(self.gate.stop(), 0)
        self.gate = None
        statuses = sum(self.acknowledged.values())
        print(f"acknowledged: {inbounds} messages of users, {sends} sends, {statuses} statuses; "
              f"{again} statuses told again after a kill; {released} held and released, {waiting} still held")


if __name__ == "__main__":
    unittest.main()
