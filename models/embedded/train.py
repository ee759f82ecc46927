"""Trains the embedded backbone on procedural pictures.

    python3 train.py OUT.pt --pools A.npy [B.npy ...] --masks M.npy --iterations N [--seed S]

Every step draws a few folders and a few pictures of each, makes two views of every picture (moved, turned, scaled, lit
differently, some through JPEG), damages about half of the second views, and lowers the sum of

- a dense contrastive loss: the same place in both views must be alike, other places and pictures not;
- an episodic loss: mutual scoring inside the folder, as the product does it, must score damaged cells and pictures above
  whole ones.

The learning rate warms up, stays, and falls to zero over the last two fifths. It depends on the step only, so a seed gives
the same network on a fast and on a slow machine (up to rounding; a GPU draws other random numbers than a CPU).
OUT.pt gets an exponential moving average of the weights, at the end. OUT.state keeps what an interrupted run continues from,
when it's started again with the same arguments.
"""
from __future__ import annotations

import argparse
import copy
import ctypes
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from batches import Batches
from losses import contrastive, episodic, folder_scores, pool_to_grid
from network import EmbeddedNet, network_for

WARM_UP, FLAT = 200, 0.6
"""Steps of rising rate; share of the steps before it falls."""


def keep_freed_memory() -> None:
    """Tell glibc not to give large blocks back at once: saves half the time of many short-lived big tensors."""
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


def floats(module: nn.Module) -> list[torch.Tensor]:
    """The weights and statistics of a module that can be averaged; they stay the module's own."""
    return [t for t in module.state_dict().values() if t.is_floating_point()]


class Training:
    """The networks, the optimiser and one step."""

    def __init__(self, args: argparse.Namespace):
        self.args, self.done = args, 0
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        if self.device == "cuda":
            torch.set_default_device(self.device)
        self.layout = torch.channels_last if self.device == "cuda" else torch.contiguous_format  # each the faster one there
        torch.manual_seed(args.seed)
        self.batches = Batches(args.pools, args.masks, args.seed, args.folders, args.pictures, args.jpeg, self.device)
        self.net = network_for(torch.load(args.start, map_location=self.device)) if args.start else EmbeddedNet()
        heads = [nn.Sequential(nn.Conv2d(h.outputs, 128, 1), nn.ReLU(), nn.Conv2d(128, 64, 1)) for h in self.net.heads]
        self.projectors = nn.ModuleList(heads)
        self.average = copy.deepcopy(self.net)
        for module in (self.net, self.average):
            module.to(self.device, memory_format=self.layout)
        self.averaged, self.current = floats(self.average), floats(self.net)
        self.optimiser = torch.optim.AdamW([*self.net.parameters(), *self.projectors.parameters()], lr=args.lr, weight_decay=1e-3)

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        """What has a state to save."""
        return {"net": self.net, "projectors": self.projectors, "average": self.average, "optimiser": self.optimiser}

    def save(self, state: Path) -> None:
        """Write all that the next step depends on, in place of what was there."""
        kept = {name: part.state_dict() for name, part in self.parts().items()}
        fresh = state.with_suffix(".new")
        torch.save({**kept, "done": self.done, "drawn": self.batches.rng.bit_generator.state, "random": torch.get_rng_state()}, fresh)
        fresh.replace(state)

    def resume(self, state: Path) -> None:
        kept = torch.load(state, map_location="cpu")
        for name, part in self.parts().items():
            part.load_state_dict(kept[name])
        self.done, self.batches.rng.bit_generator.state = kept["done"], kept["drawn"]
        torch.set_rng_state(kept["random"])

    def rate(self) -> float:
        left = (1 - self.done / self.args.iterations) / (1 - FLAT)
        return self.args.lr * min(1.0, (self.done + 1) / WARM_UP, left)

    def step(self) -> torch.Tensor:
        """One descent. Returns both losses and the picture AUROC of the batch: [3]."""
        args, batch = self.args, self.batches.draw()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        views = torch.cat([batch["first"], batch["second"]]).to(memory_format=self.layout)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):  # CPUs may take twenty times as long
            taps = [t.float() for t in self.net(views, pool_to_grid)]
        loss_episodic, auroc = self.discriminate(taps, batch)
        projected = [p(t) for p, t in zip(self.projectors, taps)]
        loss_contrast = sum(contrastive(p, batch, args.pictures) for p in projected) / len(projected)
        self.optimiser.zero_grad()
        (args.contrast * loss_contrast + args.episodic * loss_episodic).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        decay = min(0.995, (self.done + 1) / (self.done + 20))
        with torch.no_grad():
            torch._foreach_mul_(self.averaged, decay)
            torch._foreach_add_(self.averaged, self.current, alpha=1 - decay)
        self.done += 1
        return torch.stack([loss_contrast.detach(), loss_episodic.detach(), auroc])

    def discriminate(self, taps: list[torch.Tensor], batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """The episodic loss on each tap and on the product's mean of both. Returns it and the mean's picture AUROC."""
        size = (self.args.folders, self.args.pictures, -1)
        cover = F.avg_pool2d(batch["shows"], 16).view(size)
        touched = F.max_pool2d(F.max_pool2d(batch["masks"], 16), 3, 1, 1).view(size) > 0.02
        degree, against = int(self.batches.rng.choice([1, 1, 1, 3])), int(self.batches.rng.integers(2))
        scores = [folder_scores(t, degree, *size[:2], against) for t in taps]
        parts = [episodic(s, cover, touched) for s in [*scores, sum(scores) / 2]]
        return sum(w * p[0] for w, p in zip((0.25, 0.25, 0.5), parts)), parts[-1][1]


def train(args: argparse.Namespace) -> None:
    """From where it was left, or from the start, to the end."""
    keep_freed_memory()
    torch.set_num_threads(args.threads)
    training, state = Training(args), args.out.with_suffix(".state")
    if state.exists():
        training.resume(state)
    started, log = time.time(), []
    while training.done < args.iterations:
        log.append(training.step())
        if training.done % 100 == 0:
            mean = " ".join(f"{v:.3f}" for v in torch.stack(log).nanmean(0).tolist())
            log = []
            print(f"step {training.done} {time.time() - started:.1f} s, {time.process_time():.0f} s of processor: "
                  f"contrastive, episodic, picture AUROC: {mean}", flush=True)
        if training.done % 100 == 0:
            training.save(state)
    torch.save({name: tensor.cpu() for name, tensor in training.average.state_dict().items()}, args.out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pools", nargs="+", required=True)
    parser.add_argument("--masks", required=True)
    parser.add_argument("--iterations", type=int, required=True)
    parser.add_argument("--start", type=Path, help="weights to begin with instead of random ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folders", type=int, default=12)
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--contrast", type=float, default=1.0)
    parser.add_argument("--episodic", type=float, default=1.0)
    parser.add_argument("--jpeg", type=float, default=0.4, help="share of the folders whose pictures pass through JPEG")
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())
