"""What PyTorch computes, as digests of all bits: torch_cases.py CASE... One line for each result, the same in
every run on the same machine.

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import os
import sys
import threading
import time

# Before torch is imported: cuBLAS then uses the same algorithm every time.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

import interposer

DEVICE = "cuda"


def deterministic():
    torch.manual_seed(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True


def digest(*tensors):
    """All bits of the values."""
    total = hashlib.sha256()
    for tensor in tensors:
        total.update(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    return total.hexdigest()[:16]


class Block(nn.Module):
    """Of a residual net."""

    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in range(2))

    def forward(self, x):
        y = torch.relu(self.norms[0](self.first(x)))
        return torch.relu(x + self.norms[1](self.second(y)))


def convolutional_net(blocks=6, channels=64):
    torch.manual_seed(2)
    return nn.Sequential(
        nn.Conv2d(3, channels, 7, stride=2, padding=3),
        nn.Conv2d(channels, channels, 3, stride=2, padding=1),
        *(Block(channels) for _ in range(blocks)),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(channels, 100),
    ).to(DEVICE)


def images(count=8, seed=3):
    return torch.randn(count, 3, 96, 96, generator=torch.Generator().manual_seed(seed)).to(DEVICE)


class Numbers(Dataset):
    def __init__(self, length=64):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return torch.full((3, 32, 32), float(index))


def data_loader():
    """Forked workers, which never use the device, and pinned batches."""
    total = torch.zeros(3, 32, 32, device=DEVICE)
    for _ in range(2):
        loader = DataLoader(
            Numbers(), batch_size=8, num_workers=2, pin_memory=True, multiprocessing_context="fork"
        )
        for batch in loader:
            total += batch.to(DEVICE, non_blocking=True).sum(0)
    return digest(total)


@torch.inference_mode()
def inference():
    model = convolutional_net().eval()
    outputs = [model(images(seed=seed)) for seed in range(10)]
    return digest(*outputs)


def training():
    """Steps with automatic mixed precision, scaled losses and an optimizer."""
    model = convolutional_net().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scaler = torch.amp.GradScaler("cuda")
    losses = []
    for step in range(5):
        x = images(seed=step)
        labels = torch.arange(len(x), device=DEVICE)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=torch.float16):
            loss = nn.functional.cross_entropy(model(x), labels)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss)
    return digest(*losses, *model.parameters())


@torch.inference_mode()
def compiled_transformer():
    """A block of a transformer whose kernels Triton makes."""
    torch.manual_seed(4)
    block = nn.TransformerEncoderLayer(256, 4, 1024, batch_first=True).to(DEVICE).eval()
    compiled = torch.compile(block, fullgraph=False, dynamic=False)
    x = torch.randn(4, 128, 256, generator=torch.Generator().manual_seed(5)).to(DEVICE)
    for _ in range(5):
        x = compiled(x)
    return digest(x)


@torch.inference_mode()
def graphs():
    """A net captured in a graph, launched with other data, between ordinary kernels."""
    model = convolutional_net().eval()
    x = images()
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            model(x)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        y = model(x)
    outputs = []
    for seed in range(10):
        x.copy_(images(seed=seed))
        graph.replay()
        outputs.append(y.clone())
    return digest(*outputs)


def threads():
    """Several threads, a stream each; with an interposer also a priority each, so that they are held."""
    model = convolutional_net().eval()
    results = {}
    queues = []

    @torch.inference_mode()
    def serve(index):
        stream = torch.cuda.Stream()
        queues.append(interposer.Queue(stream.cuda_stream, priority=1 + index % 2 * 9))
        with torch.cuda.stream(stream):
            outputs = []
            for seed in range(20):
                outputs.append(model(images(seed=seed)))
                if index % 2:  # an important one answers requests, the others are flat out
                    stream.synchronize()
                    time.sleep(0.002)
            stream.synchronize()
            results[index] = digest(*outputs)

    torch.cuda.synchronize()
    workers = [threading.Thread(target=serve, args=(index,)) for index in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if interposer.hook_stats() is not None:
        print("# suspends:", sum(queue.suspends() for queue in queues))
    return " ".join(results[index] for index in sorted(results))


CASES = {
    case.__name__: case
    for case in (data_loader, inference, training, compiled_transformer, graphs, threads)
}


def main():
    deterministic()
    for name in sys.argv[1:] or CASES:
        begin = time.monotonic()
        result = CASES[name]()
        torch.cuda.synchronize()
        print(name, result, flush=True)
        print(f"# {name} took {time.monotonic() - begin:.1f} s", flush=True)
    # Forked workers once more, now that this process uses the device.
    if "data_loader" in (sys.argv[1:] or CASES):
        print("data_loader again", data_loader(), flush=True)
    interposer.report()


if __name__ == "__main__":
    main()
