#!/usr/bin/env python3
"""ResNet-50 of torchvision as a load of take_turns.py, which says how the two talk.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import ctypes
import gc
import json
import resource
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
    """The loads: each is a function that returns when the device has done all of it."""

    def __init__(self, device):
        import torch
        import torchvision

        torch.manual_seed(0)
        self.torch, self.device = torch, device
        self.machine = self.describe()
        # The processor is only there to try this script, and is slow.
        self.size = 224 if device == "cuda" else 32
        with torch.device(device):
            model = torchvision.models.resnet50().eval()
            trained = torchvision.models.resnet50().train()
        self.loads = {
            f"ResNet-50 inference, batch {batch}": self.inference(model, batch) for batch in BATCHES
        }
        self.loads[f"ResNet-50 training, batch {TRAINING_BATCH}"] = self.training(trained)

    def describe(self):
        version = self.torch.__version__
        if self.device != "cuda":
            return {"device": "processor", "driver": 0, "stand_in": True, "torch": version}
        return {
            "device": self.torch.cuda.get_device_properties(0).name,
            "driver": int(self.torch.version.cuda.replace(".", "")) * 100,
            "stand_in": False,
            "torch": version,
        }

    def synchronize(self):
        if self.device == "cuda":
            self.torch.cuda.synchronize()

    def images(self, batch):
        return self.torch.randn(batch, 3, self.size, self.size, device=self.device)

    def inference(self, model, batch):
        images = self.images(batch)

        def run():
            with self.torch.inference_mode():
                model(images)
            self.synchronize()

        return run

    def training(self, model):
        torch = self.torch
        images = self.images(TRAINING_BATCH)
        labels = torch.randint(0, 1000, (TRAINING_BATCH,), device=self.device)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

        def run():
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
            self.synchronize()

        return run


class Nothing:
    """Needs neither PyTorch nor a device: what is tried is the scripts."""

    machine = {"device": "none", "driver": 0, "stand_in": True}
    loads = {"sleep 1 ms": lambda: time.sleep(0.001)}


def timed(run, seconds):
    begin, processor, count = time.perf_counter(), processor_s(), 0
    while time.perf_counter() - begin < seconds:
        run()
        count += 1
    elapsed = time.perf_counter() - begin
    return {"ms": elapsed * 1000 / count, "cores": (processor_s() - processor) / elapsed}


def turn(run, seconds):
    """The processor's caches and the device are left by another process: a part in front does not count."""
    timed(run, seconds / 4)
    return timed(run, seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--device", choices=("cuda", "cpu", "none"), default="cuda",
        help="cpu and none only try the scripts, none without PyTorch",
    )
    device = parser.parse_args().device
    load = Nothing() if device == "none" else Torch(device)
    for run in load.loads.values():
        for _ in range(5):
            run()
    # A collection takes longer than what is looked for, and comes when it likes.
    gc.collect()
    gc.freeze()
    gc.disable()
    print(json.dumps({"machine": load.machine, "loads": list(load.loads)}), flush=True)
    for line in sys.stdin:
        values = {}
        if line.strip():
            seconds, name = line.rstrip("\n").split(" ", 1)
            values = turn(load.loads[name], float(seconds))
        answer = {"values": values, "processor_s": processor_s(), "admitted": admitted()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
