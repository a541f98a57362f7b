#!/usr/bin/env python3
"""PyTorch models with and without libxsched_cuda.so preloaded, nobody competing.

One process for each way lives all the time, and they take turns in short rounds, so that a drift of the
machine is in all of them: native, native again (which shows the noise) and preloaded. Writes one report
for each way and round; xsched-report --medians makes a table of them.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import ctypes
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

BATCHES = (1, 16, 64)
TRAINING_BATCH = 32


def processor_s():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def admitted():
    """Commands that a preloaded libxsched admitted; 0 without one."""
    try:
        get = ctypes.CDLL(None).XSchedGetHookStats
    except AttributeError:
        return 0
    counters = (ctypes.c_int64 * 16)()
    get(ctypes.byref(counters))
    return counters[1]


class Torch:
    """The workloads: each is a function that returns when the device has done all of it."""

    def __init__(self):
        import torch
        import torchvision

        torch.manual_seed(0)
        properties = torch.cuda.get_device_properties(0)
        self.machine = {
            "device": properties.name,
            "driver": int(torch.version.cuda.replace(".", "")) * 100,
            "stand_in": False,
            "torch": torch.__version__,
        }
        model = torchvision.models.resnet50().cuda().eval()
        self.workloads = {
            f"ResNet-50 inference, batch {batch}": self.inference(torch, model, batch)
            for batch in BATCHES
        }
        self.workloads[f"ResNet-50 training, batch {TRAINING_BATCH}"] = self.training(
            torch, torchvision.models.resnet50().cuda().train()
        )

    @staticmethod
    def inference(torch, model, batch):
        images = torch.randn(batch, 3, 224, 224, device="cuda")

        def run():
            with torch.inference_mode():
                model(images)
            torch.cuda.synchronize()

        return run

    @staticmethod
    def training(torch, model):
        images = torch.randn(TRAINING_BATCH, 3, 224, 224, device="cuda")
        labels = torch.randint(0, 1000, (TRAINING_BATCH,), device="cuda")
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

        def run():
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
            torch.cuda.synchronize()

        return run


class Dry:
    """Needs neither PyTorch nor a device: what is tried is this script."""

    machine = {"device": "none", "driver": 0, "stand_in": True, "torch": "none"}
    workloads = {"sleep 1 ms": lambda: time.sleep(0.001)}


def timed(run, seconds):
    begin, processor, count = time.perf_counter(), processor_s(), 0
    while time.perf_counter() - begin < seconds:
        run()
        count += 1
    elapsed = time.perf_counter() - begin
    return {"per_s": count / elapsed, "cores": (processor_s() - processor) / elapsed}


def work(dry):
    """A process that does what its standard input says, one line each, and answers in JSON."""
    models = Dry() if dry else Torch()
    for run in models.workloads.values():
        timed(run, 0.1 if dry else 1.0)
    print(json.dumps({"machine": models.machine, "names": list(models.workloads)}), flush=True)
    for line in sys.stdin:
        name, seconds = json.loads(line)
        if name is None:
            answer = timed(lambda: time.sleep(seconds), seconds)
        else:
            answer = timed(models.workloads[name], seconds)
        answer["admitted"] = admitted()
        print(json.dumps(answer), flush=True)


class Worker:
    def __init__(self, mode, preload, dry):
        self.mode = mode
        environment = dict(os.environ)
        if preload:
            environment["LD_PRELOAD"] = preload
            environment.setdefault("XLOG_LEVEL", "WARN")
        command = [sys.executable, __file__, "--work"] + (["--dry-run"] if dry else [])
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"overhead: the process '{self.mode}' ended: {self.process.wait()}")
        return json.loads(line)

    def ask(self, name, seconds):
        self.process.stdin.write(json.dumps([name, seconds]) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def one_round(worker, names, seconds):
    workloads = [{"name": name, **worker.ask(name, seconds)} for name in names]
    resting = worker.ask(None, seconds)
    return {"workloads": workloads, "resting_cores": resting["cores"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--preload", help="libxsched_cuda.so; without it, only native and its noise")
    parser.add_argument("--results", type=pathlib.Path, help="folder of the reports")
    parser.add_argument("--rounds", type=int, default=8, help="how often they take turns [8]")
    parser.add_argument("--seconds", type=float, default=0.5, help="of each workload [0.5]")
    parser.add_argument(
        "--limit", type=float, default=600, help="no further round begins after so many seconds [600]"
    )
    parser.add_argument("--dry-run", action="store_true", help=Dry.__doc__)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.dry_run)
    if options.results is None:
        parser.error("--results is needed")

    begin = time.monotonic()
    ways = [("native", None), ("native again", None)]
    if options.preload:
        ways.append(("preloaded", os.path.abspath(options.preload)))
    workers = [Worker(mode, preload, options.dry_run) for mode, preload in ways]
    greetings = [worker.answer() for worker in workers]
    for number in range(1, options.rounds + 1):
        if number > 1 and time.monotonic() - begin > options.limit:
            print(f"overhead: no time for more than {number - 1} rounds", file=sys.stderr)
            break
        print(f"overhead: round {number} of {options.rounds}", file=sys.stderr)
        # Whoever comes first finds the device as the last round left it: they take turns in that too.
        for at in range(len(workers)):
            worker = workers[(at + number) % len(workers)]
            report = {
                "report": "cuda_overhead",
                "mode": worker.mode,
                "repetition": number,
                **greetings[0]["machine"],
                **one_round(worker, greetings[0]["names"], options.seconds),
            }
            name = f"overhead-{worker.mode.replace(' ', '_')}-{number}.json"
            (options.results / name).write_text(json.dumps(report) + "\n")
    for worker in workers:
        count = worker.ask(None, 0.001)["admitted"]
        if (count > 0) != (worker.mode == "preloaded") and not options.dry_run:
            sys.exit(f"overhead: {count} commands were admitted in the process '{worker.mode}'")
        worker.stop()
    return None


if __name__ == "__main__":
    main()
