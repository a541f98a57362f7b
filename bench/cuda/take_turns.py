#!/usr/bin/env python3
"""Ways of running a program, compared where a single process differs from itself by more than they do.

Sets of processes live at the same time, one of each way in a set, and take short turns on the same
processor cores: what drifts is in all of them. A process keeps what it got at its start, as its addresses:
so there are several sets, and fresh ones in each repetition. A process is compared with the native one of its
set, turn by turn. Writes one report for each process; xsched-report makes tables of them.

A program is told on its standard input, line by line, what to do, and answers each line with one of JSON:

  (its start)      {"machine": {..}, "loads": [NAME, ..]}
  SECONDS LOAD     {"values": {NAME: NUMBER, ..}, "processor_s": .., "admitted": ..}
  (empty)          the same, with no values

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import os
import pathlib
import random
import shlex
import subprocess
import sys
import time

RESTING_S = 1.0


class Worker:
    def __init__(self, way, number, command):
        self.way, self.number = way, number
        self.process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.turns = {}
        self.resting_cores = None

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"take_turns: a process '{self.way}' ended: {self.process.wait()}")
        return json.loads(line)

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.answer()

    def turn(self, load, seconds):
        self.turns.setdefault(load, []).append(self.ask(f"{seconds} {load}")["values"])

    def pin(self, launching, others):
        """The thread that launches to a core of its own, so that what others do there is seen."""
        for thread in map(int, os.listdir(f"/proc/{self.process.pid}/task")):
            core = launching if thread == self.process.pid else others
            try:
                os.sched_setaffinity(thread, {core})
            except ProcessLookupError:
                pass  # It has ended meanwhile.

    def stop(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            sys.exit(f"take_turns: a process '{self.way}' failed: {self.process.returncode}")


def cores_of(repetition):
    """Two cores for all processes of a repetition; other ones in the next."""
    cores = sorted(os.sched_getaffinity(0))
    first = len(cores) - 1 - 2 * (repetition - 1)
    return cores[first % len(cores)], cores[(first - 1) % len(cores)]


def rest(workers):
    """What they take while all of them wait for something to do."""
    begin, before = time.perf_counter(), [worker.ask("")["processor_s"] for worker in workers]
    time.sleep(RESTING_S)
    after = [worker.ask("")["processor_s"] for worker in workers]
    elapsed = time.perf_counter() - begin
    for worker, was, now in zip(workers, before, after):
        worker.resting_cores = (now - was) / elapsed


def one_round(sets, loads, seconds, order):
    """Each process has a turn of each load, next to those of its set, in an order that is new each time."""
    for load in loads:
        for members in order.sample(sets, len(sets)):
            for worker in order.sample(members, len(members)):
                worker.turn(load, seconds)


def check_admitted(worker):
    """libxsched is in all ways but those that are called native."""
    count = worker.ask("")["admitted"]
    if (count > 0) == worker.way.startswith("native"):
        sys.exit(f"take_turns: {count} commands were admitted in a process '{worker.way}'")


def repetition(number, options, end):
    """Starts fresh sets, which take turns until the time is over."""
    order = random.Random(number)
    ways = [way.split(": ", 1) for way in options.way]
    sets = [
        [Worker(way, (number - 1) * options.sets + at, command) for way, command in ways]
        for at in range(1, options.sets + 1)
    ]
    workers = [worker for members in sets for worker in members]
    greetings = [worker.answer() for worker in workers]
    machine, loads = greetings[0]["machine"], greetings[0]["loads"]
    cores = cores_of(number)
    for worker in workers:
        worker.pin(*cores)
    rest(workers)
    rounds, longest = 0, 0.0
    while rounds == 0 or (rounds < options.rounds and time.monotonic() + longest < end):
        begin = time.monotonic()
        one_round(sets, loads, options.turn, order)
        longest = max(longest, time.monotonic() - begin)
        rounds += 1
    for worker in workers:
        if not options.unchecked:
            check_admitted(worker)
        worker.stop()
        report = {
            "report": f"cuda_{options.part}",
            "mode": worker.way,
            "repetition": worker.number,
            **machine,
            "cores": cores,
            "loads": [{"name": load, "turns": worker.turns[load]} for load in loads],
            "resting_cores": worker.resting_cores,
        }
        name = f"{options.part}-{worker.way.replace(' ', '_')}-{worker.number}.json"
        (options.results / name).write_text(json.dumps(report) + "\n")
    return rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--part", required=True, help="what the reports are of")
    parser.add_argument("--results", type=pathlib.Path, required=True, help="folder of the reports")
    parser.add_argument(
        "--way", action="append", required=True, help="'NAME: COMMAND', one of them called native"
    )
    parser.add_argument("--repetitions", type=int, default=5, help="with fresh processes [5]")
    parser.add_argument("--sets", type=int, default=2, help="of processes in a repetition [2]")
    parser.add_argument("--turn", type=float, default=0.1, help="seconds of a turn [0.1]")
    parser.add_argument("--rounds", type=int, default=1000, help="at most, in a repetition [1000]")
    parser.add_argument("--limit", type=float, default=600, help="seconds for all of it [600]")
    parser.add_argument(
        "--unchecked", action="store_true", help="the programs use no device: nothing is admitted"
    )
    options = parser.parse_args()

    begin, longest = time.monotonic(), 0.0
    for number in range(1, options.repetitions + 1):
        started = time.monotonic()
        if number > 1 and started + longest / 2 > begin + options.limit:
            print(f"take_turns: no time for more than {number - 1} repetitions", file=sys.stderr)
            break
        # What the starts took longer than planned is taken from the turns of all that are left.
        left = options.repetitions - number + 1
        rounds = repetition(number, options, started + (begin + options.limit - started) / left)
        longest = max(longest, time.monotonic() - started)
        took = time.monotonic() - started
        print(
            f"take_turns: repetition {number} of {options.repetitions}: {rounds} rounds, {took:.1f} s",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
