#!/usr/bin/env python3
"""migratekills.py ROOST_CLI FOLDER: moves an instance of the practice account again and again, and interrupts it in every way.

The program is killed with SIGKILL as each step begins, in its middle and as it is done, and stopped for a while; the database server
is killed, the API fails, the network is cut, a disk is full. After each interruption the move is resumed. In the end of every round the
same has to be true: one instance, the new one; the old one gone or suspended, and never before everything was proven; every database
equal, by its fingerprints; the service live on the new one; nothing half made left over; the journal whole.

It needs a Secret Service (tests/support/with-keyring.sh unlocked), psql, and some minutes. FOLDER is made, and holds what failed. Exit
code 0: always the same final state; 1: not.
"""

import argparse
import glob
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zlib

STEPS = ["freeze", "backup", "prove", "compare-live", "second-copy", "gate", "retire-old", "create-new", "await-new", "restore", "compare",
         "analyze", "variables", "deploy", "call", "resume", "connections", "report"]
INSTANCE = "school-db"
ODD = 'odd "birds"'
PATIENCE = 400  # seconds for one command
TRIES = 12  # resumes that end by themselves before a round is given up

ODD_SQL = '''
CREATE SCHEMA "Odd place";
CREATE TYPE "Odd place".mood AS ENUM ('calm', 'singing');
CREATE TABLE "Odd place"."a ""table""" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text NOT NULL, m "Odd place".mood,
    twice int GENERATED ALWAYS AS (length(v) * 2) STORED);
INSERT INTO "Odd place"."a ""table""" (v, m) SELECT md5(n::text), 'calm' FROM generate_series(1, 20000) n;
CREATE SEQUENCE ticket START 5 INCREMENT 3; SELECT nextval('ticket'), nextval('ticket');
CREATE TABLE days (day date NOT NULL, n int) PARTITION BY RANGE (day);
CREATE TABLE days_old PARTITION OF days FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE TABLE days_rest PARTITION OF days DEFAULT;
INSERT INTO days SELECT date '2025-06-01' + n, n FROM generate_series(1, 400) n;
CREATE INDEX days_n ON days (n);
CREATE VIEW calm AS SELECT * FROM "Odd place"."a ""table""" WHERE m = 'calm';
CREATE VIEW calm_few AS SELECT id FROM calm WHERE id < 10;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER touched BEFORE UPDATE ON days FOR EACH ROW EXECUTE FUNCTION touch();
SELECT lo_from_bytea(700001, decode(repeat('00ff', 5000), 'hex'));
COMMENT ON TABLE days IS 'it''s one of each';
'''


def psql_program():
    found = shutil.which("psql") or next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin/psql"), reverse=True)), None)
    if not found:
        sys.exit("migratekills.py needs psql.")
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def end_process(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


class Stage:
    """One home of Roost with its practice account."""

    def __init__(self, cli, home, log):
        self.cli, self.home, self.log = cli, home, log
        self.environment = dict(os.environ, ROOST_HOME=home, LC_ALL="C.UTF-8")

    def run(self, *arguments, text=None, check=True):
        done = subprocess.run([self.cli, *arguments], env=self.environment, input=text, capture_output=True, text=True, timeout=PATIENCE,
                              errors="replace")
        self.say("$ roost-cli " + " ".join(arguments) + f"  -> {done.returncode}\n" + done.stderr)
        if check and done.returncode != 0:
            raise RuntimeError(f"roost-cli {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()[-600:]}")
        return done

    def say(self, text):
        with open(self.log, "a") as log:
            log.write(text.rstrip() + "\n")

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json").stdout)

    def psql(self, database, sql):
        url = self.run("uri", f"{INSTANCE}/{database}", "--reveal").stdout.strip()
        done = subprocess.run([psql_program(), "-XAtq", "-v", "ON_ERROR_STOP=1", url], input=sql, capture_output=True, text=True,
                              timeout=PATIENCE)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout.strip()

    # The practice account

    def start(self):
        self.run("practice", "start", "--render")

    def stop(self):
        self.run("practice", "stop", check=False)

    def note(self):
        with open(f"{self.home}/practice/render/running.json") as file:
            return json.load(file)

    def ask(self, method, path, body=None, timeout=30):
        note = self.note()
        root = note["url"].removesuffix("/v1")
        request = urllib.request.Request(root + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + note["key"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def state(self):
        return self.ask("GET", "/practice/state")

    def services(self):
        return [each["service"] for each in self.ask("GET", "/v1/services?limit=100")]

    def variables(self, service):
        return {each["envVar"]["key"]: each["envVar"]["value"]
                for each in self.ask("GET", f"/v1/services/{service}/env-vars?limit=100")}

    def get(self, url):
        deadline = time.time() + 60
        while True:
            try:
                with urllib.request.urlopen(url, timeout=30) as answer:
                    return answer.status, answer.read()
            except (urllib.error.URLError, OSError) as error:
                if time.time() > deadline:
                    return getattr(error, "code", 0), str(error).encode()
                time.sleep(0.3)

    def postmaster(self, folder):
        for file in glob.glob(folder + "/**/postmaster.pid", recursive=True):
            with open(file) as lines:
                return int(lines.readline())
        return 0


class Journal:
    """Follows the file, as it grows."""

    def __init__(self, home):
        self.home = home

    def file(self):
        files = glob.glob(self.home + "/migrations/*.journal")
        return files[0] if len(files) == 1 else None

    def events(self):
        """All whole lines; raises where one in the middle is damaged."""
        file = self.file()
        if not file:
            return []
        with open(file, "rb") as content:
            lines = content.read().split(b"\n")
        events = []
        for line in lines[:-1]:
            if len(line) < 10 or b"%08x" % zlib.crc32(line[9:]) != line[:8]:
                raise ValueError(f"line {len(events) + 1} of the journal is damaged")
            event = json.loads(line[9:])
            if event["seq"] != len(events) + 1:
                raise ValueError(f"line {len(events) + 1} of the journal has number {event['seq']}")
            events.append(event)
        return events

    def follow(self, is_over):
        """Yields each new event until is_over() says so; None when nothing is new."""
        seen = 0
        size = -1
        while not is_over():
            file = self.file()
            now = os.path.getsize(file) if file else -1
            if now != size:
                size = now
                events = self.events()
                for event in events[seen:]:
                    yield event
                seen = len(events)
            else:
                yield None
                time.sleep(0.001)


def facts(events, step):
    merged = {}

    def take(into, new):
        for key, value in new.items():
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                take(into[key], value)
            else:
                into[key] = value
    for event in events:
        if event["step"] == step and event["kind"] == "note":
            take(merged, event["data"])
        elif event["step"] == step and event["kind"] == "undone":
            merged.clear()
    return merged


class Interruption:
    """What happens when a step begins, `after` seconds later, or when it is done."""

    def __init__(self, step, when, act="kill", after=0.0):
        self.step, self.when, self.act, self.after = step, when, act, after

    def __str__(self):
        return f"{self.act} at {self.step} ({self.when})"


class Round:
    def __init__(self, base, name, interruptions=(), faults=(), setup=None):
        self.base, self.name = base, name
        self.waiting = list(interruptions)
        self.faults = list(faults)
        self.setup = setup
        self.count = 0
        self.missed = 0
        self.resumes = 0
        self.hits = []
        self.problems = []
        self.durations = {}
        self.stage = None
        self.mayFail = bool(faults or setup or any(each.act not in ("kill", "stop", "second") for each in interruptions))

    def wrong(self, text):
        if text not in self.problems:
            self.problems.append(text)

    # One run of the program, to its end or to the next interruption

    def program(self, resumes):
        extra = ["--confirm-delete", INSTANCE]
        if resumes:
            self.resumes += 1
            arguments = ["migrate", "resume", os.path.basename(self.journal.file()).removesuffix(".journal"), *extra]
        else:
            arguments = ["migrate", "run", INSTANCE, *extra, "--path", "one-slot", "--backups", self.backups, "--second-copy", self.second]
        self.output = open(self.stage.log, "a")
        self.output.write("$ roost-cli " + " ".join(arguments) + "\n")
        self.output.flush()
        return subprocess.Popen([self.stage.cli, *arguments], env=self.stage.environment, stdin=subprocess.DEVNULL,
                                stdout=self.output, stderr=self.output)

    def due(self, kind, step):
        for each in self.waiting:
            if each.step == step and each.when == kind:
                return each
        return None

    def attempt(self, resumes):
        """The exit code; None when it was killed."""
        known = len(self.journal.events())
        process = self.program(resumes)
        began = {}
        middle = None
        deadline = time.time() + PATIENCE
        over = lambda: process.poll() is not None or time.time() > deadline
        number = 0
        for event in self.journal.follow(over):
            if event is None:
                if middle and time.time() >= middle[0]:
                    hit, middle = middle[1], None
                    if self.interrupt(process, hit):
                        return None
                continue
            number += 1
            if number <= known or event["step"] == "plan":
                continue
            step, kind = event["step"], event["kind"]
            if kind == "begin":
                began[step] = time.time()
                self.guard(event)
                hit = self.due("begin", step)
                if hit and self.interrupt(process, hit):
                    return None
                inside = self.due("middle", step)
                middle = (began[step] + inside.after, inside) if inside else None
            elif kind == "done":
                self.durations[step] = time.time() - began.get(step, time.time())
                hit = middle[1] if middle and middle[1].step == step else self.due("done", step)
                middle = None
                if hit and self.interrupt(process, hit):
                    return None
        if process.poll() is None:
            self.wrong(f"it did not end within {PATIENCE} s")
            process.kill()
        return process.wait()

    def guard(self, event):
        """Nothing happens to the old instance before the gate is passed."""
        if event["step"] == "retire-old" and not any(e["step"] == "gate" and e["kind"] == "done" for e in self.journal.events()):
            self.wrong("the old instance was to go before the gate was passed")

    # What interrupts; True when the program is gone with it

    def interrupt(self, process, hit):
        self.waiting.remove(hit)
        self.hits.append(hit)
        self.count += 1
        self.stage.say(f"--- {hit}")
        return getattr(self, "do_" + hit.act)(process)

    def do_kill(self, process):
        process.kill()
        process.wait()
        return True

    def do_stop(self, process):
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        process.send_signal(signal.SIGCONT)
        return False

    def do_second(self, process):
        process.send_signal(signal.SIGSTOP)
        other = self.stage.run("migrate", "resume", "--confirm-delete", INSTANCE, check=False)
        process.send_signal(signal.SIGCONT)
        if other.returncode != 1:
            self.wrong(f"a second program on the same journal ended with {other.returncode} instead of being refused")
        return False

    def do_cut(self, process):
        """The network: the stand-in is gone with everything in it, and comes back when it is resumed."""
        end_process(self.stage.note()["pid"], signal.SIGKILL)
        return False

    def do_server(self, process):
        """The server of the instance that is used in this step dies."""
        events = self.journal.events()
        new = facts(events, "create-new").get("id")
        for instance in self.stage.state()["instances"]:
            if instance["id"] == (new or self.base.old):
                pid = self.stage.postmaster(instance["folder"])
                if pid > 1:
                    end_process(pid, signal.SIGKILL)
        return False

    def do_scratch(self, process):
        """The practice server that backups are proven on dies."""
        for folder in glob.glob(self.stage.home + "/practice/*"):
            if not folder.endswith("/render"):
                pid = self.stage.postmaster(folder)
                if pid > 1:
                    end_process(pid, signal.SIGKILL)
        return False

    def repair(self):
        """Whoever interrupted puts it right, as Render or the user would."""
        if not is_alive(self.stage.note()["pid"]):
            self.stage.start()
        for instance in self.stage.state()["instances"]:
            pid = self.stage.postmaster(instance["folder"])
            wants = instance["suspended"] == "not_suspended"
            if wants and not (pid > 1 and is_alive(pid)):
                self.stage.ask("POST", f"/v1/postgres/{instance['id']}/restart")
        deadline = time.time() + 60
        while time.time() < deadline:
            if all(each["status"] != "creating" and (each["suspended"] != "not_suspended" or each["status"] == "available")
                   for each in self.stage.state()["instances"]):
                break
            time.sleep(0.2)
        if self.setup:
            self.setup.repair(self)

    # The whole round

    def go(self):
        started = time.time()
        home = os.path.join(self.base.folder, "h")
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run(["cp", "-a", self.base.stage.home, home], check=True)
        self.stage = Stage(self.base.stage.cli, home, os.path.join(self.base.folder, f"round-{self.name}.log"))
        self.backups, self.second = home + "/b1", home + "/b2"
        self.journal = Journal(home)
        try:
            self.stage.start()
            self.stage.run("instances", "connect", INSTANCE)
            if self.setup:
                self.setup.prepare(self)
            if self.faults:
                self.stage.ask("POST", "/practice/faults", self.faults)
            self.move()
            if self.faults:
                left = self.stage.state()["faults"]
                self.count += len(self.faults) - left
                self.stage.ask("DELETE", "/practice/faults")
            self.missed = len(self.waiting)  # a step may be over before the interruption comes
            self.check()
        except (RuntimeError, ValueError, OSError, KeyError, StopIteration, subprocess.TimeoutExpired) as error:
            self.wrong(f"{type(error).__name__}: {error}")
        finally:
            self.stage.stop()
            if self.setup:
                self.setup.clean(self)
        self.seconds = time.time() - started
        if self.problems:
            shutil.rmtree(os.path.join(self.base.folder, "failed-" + self.name), ignore_errors=True)
            os.rename(home, os.path.join(self.base.folder, "failed-" + self.name))
        else:
            shutil.rmtree(home, ignore_errors=True)
            os.remove(self.stage.log)
        return not self.problems

    def move(self):
        code = self.attempt(False)
        ended = 0
        while code != 0:
            if code is not None:
                ended += 1
                if not self.mayFail:
                    self.wrong(f"it ended with {code} by itself; see {self.stage.log}")
                if ended > TRIES or not self.journal.file():
                    raise RuntimeError(f"it does not come to its end: {ended} times it ended by itself, last with {code}")
            if self.mayFail:
                self.repair()
            resumes = self.journal.file() is not None
            code = self.attempt(resumes)

    # The final state

    def check(self):
        events = self.journal.events()
        if not events or events[-1]["kind"] != "end" or events[-1]["data"].get("how") != "finished":
            self.wrong("the journal does not end with its end")
        status = self.stage.json("migrate", "status")
        if len(status) != 1 or status[0]["state"] != "finished" or status[0]["process_id"]:
            self.wrong(f"migrate status says {[(s['state'], s.get('process_id')) for s in status]}")
        new = facts(events, "create-new").get("id")
        self.check_instances(events, new)
        self.check_databases(new)
        self.check_service(new)
        self.check_files(events)

    def check_instances(self, events, new):
        instances = self.stage.state()["instances"]
        active = [each["id"] for each in instances if each["suspended"] == "not_suspended"]
        if active != [new]:
            self.wrong(f"the instances that run are {active}, not {[new]}")
        others = [each["id"] for each in instances if each["id"] not in (new, self.base.old)]
        if others:
            self.wrong(f"instances nobody asked for: {others}")
        gate = [e["seq"] for e in events if e["step"] == "gate" and e["kind"] == "done"]
        retire = [e["seq"] for e in events if e["step"] == "retire-old"]
        if not gate or not retire or min(retire) < min(gate):
            self.wrong("the old instance went without the gate")
        backups = facts(events, "backup").get("databases", {})
        proofs = facts(events, "prove").get("databases", {})
        for name in self.base.databases:
            if not backups.get(name, {}).get("sha256") or proofs.get(name, {}).get("sha256") != backups[name]["sha256"]:
                self.wrong(f"{name} was never proven")

    def check_databases(self, new):
        for name, file in self.base.databases.items():
            done = self.stage.run("compare", file, f"{INSTANCE}/{name}", check=False)
            if done.returncode != 0:
                self.wrong(f"{name} is not equal: {(done.stdout + done.stderr).strip()[-500:]}")
        made = next((i for i in self.stage.state()["instances"] if i["id"] == new), {})
        first = next(iter(self.base.databases))
        there = self.stage.psql(first, "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").split("\n")
        extra = set(there) - set(self.base.databases) - {"postgres", made.get("databaseName")}
        if extra:
            self.wrong(f"databases left over on the new instance: {sorted(extra)}")
        if self.stage.run("databases", "practice", check=False).returncode != 0:
            self.stage.run("practice", "start")
        scratch = {row["name"] for row in self.stage.json("databases", "practice")}
        if scratch - {"postgres", "my_database", "bird_app_db"}:
            self.wrong(f"scratch databases left over: {sorted(scratch - {'postgres', 'my_database', 'bird_app_db'})}")

    def check_service(self, new):
        for service in self.stage.services():
            if service["suspended"] != "not_suspended":
                self.wrong(f"{service['name']} is suspended")
            values = self.stage.variables(service["id"])
            uri = values.get("DATABASE_URI", "")
            if not new or new not in uri or self.base.old in uri or not uri.endswith("/bird_app_db"):
                self.wrong(f"DATABASE_URI of {service['name']} does not lead to the new instance")
            if set(values) != set(self.base.variables):
                self.wrong(f"the variables of {service['name']} are {sorted(values)}")
            status, body = self.stage.get(service["serviceDetails"]["url"] + "/birds")
            if status != 200 or json.loads(body) != self.base.birds:
                self.wrong(f"{service['name']} answers {status}: {body[:200]!r}")

    def check_files(self, events):
        for folder in (self.backups, self.second, self.stage.home + "/migrations", self.stage.home + "/backups"):
            for path, _, files in os.walk(folder):
                for name in files:
                    if ".part" in name or name.endswith("~"):
                        self.wrong(f"left over: {os.path.join(path, name)}")
        copies = facts(events, "second-copy").get("databases", {})
        for name in self.base.databases:
            if not os.path.isfile(copies.get(name, {}).get("file", "")):
                self.wrong(f"there is no second copy of {name}")
        report = facts(events, "report").get("markdown", "")
        text = open(report).read() if os.path.isfile(report) else ""
        if not text or os.stat(report).st_mode & 0o077:
            self.wrong("there is no report, or others can read it")
        for name in self.base.databases:
            if name not in text and name.replace('"', '\\"') not in text and name.replace('"', "&quot;") not in text:
                self.wrong(f"the report does not name {name}")


class FullDisk:
    """A file system of its own that is full for a while."""

    def __init__(self, place, fill, first, then):
        self.place, self.fill, self.first, self.then = place, fill, first, then

    def folder(self, round_):
        return {"journal": round_.stage.home + "/migrations", "backups": round_.backups, "second": round_.second}[self.place]

    def prepare(self, round_):
        os.makedirs(self.folder(round_), mode=0o700, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.first},mode=0700", "roost-kills", self.folder(round_)], check=True)
        if self.fill:
            self.filler = os.path.join(self.folder(round_), "filler")
            threading.Thread(target=self.fill_up, args=(round_,), daemon=True).start()

    def fill_up(self, round_):
        """Once the step has begun that it is meant for."""
        while not any(e["step"] == self.fill and e["kind"] == "begin" for e in round_.journal.events()):
            time.sleep(0.005)
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                round_.count += 1

    def repair(self, round_):
        if not self.fill and not round_.count:
            round_.count = 1
        subprocess.run(["mount", "-o", f"remount,size={self.then}", self.folder(round_)], check=True)
        if self.fill and os.path.exists(self.filler):
            os.remove(self.filler)

    def clean(self, round_):
        subprocess.run(["umount", "-l", self.folder(round_)], check=False)


class Base:
    """The home that each round begins with: made once, and copied."""

    def __init__(self, cli, folder):
        self.folder = os.path.abspath(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.stage = Stage(os.path.abspath(cli), os.path.join(self.folder, "base"), os.path.join(self.folder, "base.log"))
        shutil.rmtree(self.stage.home, ignore_errors=True)

    def make(self):
        stage = self.stage
        stage.start()
        stage.ask("POST", "/practice/settings", {"creating_ms": 300, "build_ms": 100, "update_ms": 50, "latency_ms": 15})
        stage.run("instances", "connect", INSTANCE)
        stage.run("create", f"{INSTANCE}/{ODD}")
        stage.psql(ODD, ODD_SQL)
        self.old = next(iter(stage.state()["instances"]))["id"]
        own = next(iter(stage.state()["instances"]))["databaseName"]
        stage.psql(own, "CREATE TABLE own (id int PRIMARY KEY, v text); INSERT INTO own SELECT n, md5(n::text) FROM generate_series(1, 5000) n")
        # The practice server, which backups are proven on, is made beforehand, too.
        stage.run("practice", "start")
        service = stage.services()[0]
        self.variables = stage.variables(service["id"])
        status, body = stage.get(service["serviceDetails"]["url"] + "/birds")
        if status != 200:
            raise RuntimeError(f"the practice service answers {status}")
        self.birds = json.loads(body)
        self.databases = {}
        for name in (own, "bird_app_db", ODD):
            file = os.path.join(self.folder, f"reference-{len(self.databases)}.dump")
            for old in glob.glob(file + "*"):
                os.remove(old)
            stage.run("backup", f"{INSTANCE}/{name}", "--to", file)
            self.databases[name] = file
        stage.ask("POST", "/practice/clock", {"days": 29})
        stage.stop()


def fault(method, path, kind, **more):
    return dict({"method": method, "path": path, "kind": kind, "count": 1}, **more)


WRITES = [("POST", "/services/*/suspend"), ("POST", "/postgres/*/suspend"), ("POST", "/postgres"), ("DELETE", "/postgres/*"),
          ("PUT", "/services/*/env-vars/*"), ("POST", "/services/*/resume"), ("POST", "/services/*/deploys")]
READS = [("GET", "/services/*"), ("GET", "/postgres/*"), ("GET", "/postgres"), ("GET", "/postgres/*/connection-info"),
         ("GET", "/services/*/env-vars"), ("GET", "/services/*/deploys/*")]


def rounds_of(base, part, wanted, durations):
    """The rounds, in an order in which cheap ones come first."""
    chance = random.Random(20261128)

    def middle(step, fraction):
        return max(0.02, durations.get(step, 0.3) * fraction)

    if part == "ci":
        three = [Interruption(step, when) for step, when in
                 (("freeze", "begin"), ("backup", "middle"), ("prove", "middle"), ("second-copy", "begin"), ("gate", "done"),
                  ("retire-old", "begin"), ("create-new", "middle"), ("await-new", "begin"), ("restore", "middle"), ("variables", "done"),
                  ("deploy", "middle"), ("connections", "begin"))]
        for each in three:
            each.after = 0.15
        return [Round(base, "ci", three)]

    def everywhere(name, fraction):
        return Round(base, name, [i for step in STEPS for i in (Interruption(step, "begin"), Interruption(step, "done"),
                                                                Interruption(step, "middle", after=middle(step, fraction)))])
    rounds = []
    if "everywhere" in wanted:
        rounds += [everywhere(f"everywhere-{int(fraction * 100)}", fraction) for fraction in (0.2, 0.5, 0.8)]
    if "single" in wanted:
        for step in STEPS:
            for when in ("begin", "middle", "done"):
                rounds.append(Round(base, f"single-{step}-{when}", [Interruption(step, when, after=middle(step, chance.uniform(0.2, 0.9)))]))
    if "stop" in wanted:
        rounds.append(Round(base, "stop", [Interruption(step, "middle", "stop", middle(step, 0.5)) for step in
                                           ("backup", "prove", "create-new", "restore", "deploy")]))
        rounds.append(Round(base, "second", [Interruption(step, "begin", "second") for step in ("freeze", "gate", "restore", "report")]))
    if "server" in wanted:
        for step in ("backup", "compare-live", "gate", "await-new", "restore", "compare", "analyze"):
            rounds.append(Round(base, f"server-{step}", [Interruption(step, "middle", "server", middle(step, 0.4))]))
        rounds.append(Round(base, "server-prove", [Interruption("prove", "middle", "scratch", middle("prove", 0.4))]))
    if "cut" in wanted:
        for step in ("freeze", "backup", "gate", "retire-old", "create-new", "await-new", "restore", "variables", "deploy", "call"):
            rounds.append(Round(base, f"cut-{step}", [Interruption(step, "middle", "cut", middle(step, 0.4))]))
    if "api" in wanted:
        for name, more in (("drop_before", {}), ("drop_after", {}), ("error", {"status": 500}), ("error_after", {"status": 502}),
                           ("bad_json", {}), ("cut_body", {}), ("stall_after", {})):
            rounds.append(Round(base, f"api-{name}", faults=[fault(m, p, name, **more) for m, p in WRITES]))
        rounds.append(Round(base, "api-limited", faults=[fault(m, p, "error", status=429, retryAfter=1) for m, p in WRITES + READS]))
        for name, more in (("drop_before", {}), ("bad_json", {}), ("error", {"status": 503})):
            rounds.append(Round(base, f"api-reads-{name}", faults=[fault(m, p, name, skip=2, **more) for m, p in READS]))
    if "disk" in wanted and can_mount(base.folder):
        for step in ("freeze", "backup", "gate", "create-new", "restore", "variables"):
            rounds.append(Round(base, f"disk-journal-{step}", setup=FullDisk("journal", step, "2m", "8m")))
        rounds.append(Round(base, "disk-backups", setup=FullDisk("backups", "freeze", "200m", "200m")))
        rounds.append(Round(base, "disk-second", setup=FullDisk("second", "prove", "200m", "200m")))
    if "random" in wanted:
        for number in range(4):
            steps = chance.sample(STEPS, 6)
            rounds.append(Round(base, f"random-{number}", [Interruption(step, "middle", after=middle(step, chance.random())) for step in steps]))
    return rounds


def can_mount(folder):
    place = os.path.join(folder, "mount")
    os.makedirs(place, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "roost-kills", place], capture_output=True)
    if done.returncode == 0:
        subprocess.run(["umount", place], check=True)
    else:
        print("full disks: skipped, because only root may mount one")
    return done.returncode == 0


def main():
    kinds = ["everywhere", "single", "stop", "server", "cut", "api", "disk", "random"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli", metavar="ROOST_CLI")
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--rounds", default=",".join(kinds), help="which kinds of interruptions, with commas; all: " + ",".join(kinds))
    parser.add_argument("--only", default="", help="only rounds whose name begins so")
    parser.add_argument("--part", choices=["ci"], help="ci: one round with twelve kills")
    options = parser.parse_args()

    began = time.time()
    base = Base(options.cli, options.folder)
    base.make()
    print(f"prepared in {time.time() - began:.0f} s", flush=True)
    durations = {}
    total, resumes, missed, failed, hits = 0, 0, 0, 0, {}
    plain = [] if options.part == "ci" else [Round(base, "plain")]
    queue = plain if plain else rounds_of(base, options.part, [], durations)
    is_planned = not plain
    number = 0
    while number < len(queue):
        one = queue[number]
        number += 1
        fine = one.go()
        print(f"{one.name:28} {one.count:3} interruptions {one.resumes:3} resumes {one.seconds:6.1f} s  {'same end' if fine else 'WRONG'}",
              flush=True)
        for problem in one.problems:
            print(f"    {problem}", flush=True)
        total, resumes, missed, failed = total + one.count, resumes + one.resumes, missed + one.missed, failed + (not fine)
        for hit in one.hits:
            hits[(hit.step, hit.when)] = hits.get((hit.step, hit.when), 0) + 1
        if not is_planned:
            is_planned = True
            if not fine:
                print("Without any interruption it does not come to its end, so the rest is spared.")
                return 1
            durations = one.durations
            queue += [r for r in rounds_of(base, None, options.rounds.split(","), durations) if r.name.startswith(options.only)]
    print(f"\n{'step':14} {'began':>6} {'middle':>7} {'done':>6}")
    for step in STEPS:
        print(f"{step:14} {hits.get((step, 'begin'), 0):6} {hits.get((step, 'middle'), 0):7} {hits.get((step, 'done'), 0):6}")
    print(f"\n{total} interruptions, {resumes} resumes, {number} moves, {missed} too late, {failed} with another end, {time.time() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
