"""Trains the embedded backbone on procedural pictures.

    python3 train.py OUT.pt --pools A.npy [B.npy ...] --masks M.npy --iterations N [--seed S] [--resume STATE] [--anneal]

Every step draws a few folders and a few pictures of each, makes two views of every picture (moved, turned, scaled, lit
differently), damages about half of the second views, and lowers the sum of

- a dense contrastive loss: the same place in both views must be alike, other places and pictures not;
- an episodic loss: mutual scoring inside the folder, as the product does it, must score damaged cells and pictures above
  whole ones.

A run has two stages: at a flat learning rate for as long as one likes, then (--resume, --anneal) down to zero. The rate
depends on the step only, so a seed gives the same network on a fast and on a slow machine (up to rounding).
OUT.pt gets an exponential moving average of the weights, at the end; OUT.state, now and then, what a next stage resumes from.
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


def keep_freed_memory() -> None:
    """Tell glibc not to give large blocks back at once: saves half the time of many short-lived big tensors."""
    libc = ctypes.CDLL("libc.so.6")
    libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
    libc.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD


class Training:
    """The networks, the optimiser and one step."""

    def __init__(self, args: argparse.Namespace):
        self.args = args
        torch.manual_seed(args.seed)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.batches = Batches(args.pools, args.masks, args.seed, args.folders, args.pictures)
        self.net = network_for(torch.load(args.start)) if args.start else EmbeddedNet()
        heads = [nn.Sequential(nn.Conv2d(h.out_channels, 128, 1), nn.ReLU(), nn.Conv2d(128, 64, 1)) for h in self.net.heads]
        self.projectors = nn.ModuleList(heads)
        self.average = copy.deepcopy(self.net)
        for module in (self.net, self.average):
            module.to(self.device, memory_format=torch.channels_last)  # the losses stay on the CPU: they're small
        self.optimiser = torch.optim.AdamW([*self.net.parameters(), *self.projectors.parameters()], lr=args.lr, weight_decay=1e-3)

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        """What a later stage resumes from."""
        return {"net": self.net, "projectors": self.projectors, "average": self.average, "optimiser": self.optimiser}

    def save(self, state: Path) -> None:
        torch.save({name: part.state_dict() for name, part in self.parts().items()}, state)

    def resume(self, state: Path) -> None:
        for name, part in torch.load(state, map_location=self.device).items():
            self.parts()[name].load_state_dict(part)

    def rate(self, step: int) -> float:
        """Annealing: linear to zero. Otherwise flat after 100 steps of warm-up."""
        return self.args.lr * (1 - step / self.args.iterations if self.args.anneal else min(1.0, (step + 1) / 100))

    def step(self, step: int) -> list[float]:
        """One descent. Returns both losses, then cell and picture AUROC of the batch."""
        args, batch = self.args, self.batches.draw()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(step)
        views = torch.cat([batch["first"], batch["second"]]).to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device, torch.bfloat16):
            pooled = [pool_to_grid(t) for t in self.net.trunk(views)]
            taps = [head(t) for head, t in zip(self.net.heads, pooled)]  # linear, so pooling first is the same and cheaper
        taps = [t.float().cpu() for t in taps]
        loss_episodic, cells, images = self.discriminate(taps, batch)
        projected = [p(t) for p, t in zip(self.projectors, taps)]
        loss_contrast = sum(contrastive(p, batch, args.pictures) for p in projected) / len(projected)
        self.optimiser.zero_grad()
        (args.contrast * loss_contrast + args.episodic * loss_episodic).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        decay = 0.99 if args.anneal else min(0.995, (step + 1) / (step + 20))
        with torch.no_grad():
            for a, b in zip(self.average.state_dict().values(), self.net.state_dict().values()):
                a.lerp_(b, 1 - decay) if a.is_floating_point() else a.copy_(b)
        return [loss_contrast.item(), loss_episodic.item(), cells, images]

    def discriminate(self, taps: list[torch.Tensor], batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, float, float]:
        """The episodic loss on each tap and on the product's sum of strides 8 and 16."""
        size = (self.args.folders, self.args.pictures, -1)
        cover = F.avg_pool2d(batch["shows"], 16).view(size)
        touched = F.max_pool2d(F.max_pool2d(batch["masks"], 16), 3, 1, 1).view(size) > 0.02
        degrees, against = self.batches.rng.choice([1, 3, 5], 3), int(self.batches.rng.integers(2))
        scores = [folder_scores(t, int(d), *size[:2], against) for t, d in zip(taps, degrees)]
        parts = [episodic(s, cover, touched) for s in [*scores, (scores[1] + scores[2]) / 2]]
        return sum(w * p[0] for w, p in zip((0.1, 0.2, 0.2, 0.5), parts)), *parts[-1][1:]


def train(args: argparse.Namespace) -> None:
    """Run one stage."""
    keep_freed_memory()
    torch.set_num_threads(args.threads)
    training = Training(args)
    if args.resume:
        training.resume(args.resume)
    started, log = time.time(), []
    for step in range(args.iterations):
        log.append(training.step(step))
        if step % 25 == 24:
            mean = " ".join(f"{v:.3f}" for v in np.nanmean(log[-25:], 0))
            print(f"step {step + 1} {time.time() - started:.0f} s, {time.process_time():.0f} s of processor: "
                  f"contrastive, episodic, cell and picture AUROC: {mean}", flush=True)
        if step % 100 == 99 or step == args.iterations - 1:
            training.save(args.out.with_suffix(".state"))
    torch.save(training.average.state_dict(), args.out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pools", nargs="+", required=True)
    parser.add_argument("--masks", required=True)
    parser.add_argument("--iterations", type=int, required=True)
    parser.add_argument("--start", type=Path, help="weights to begin with instead of random ones")
    parser.add_argument("--resume", type=Path, help="the .state file of an earlier stage")
    parser.add_argument("--anneal", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folders", type=int, default=4)
    parser.add_argument("--pictures", type=int, default=6)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--contrast", type=float, default=1.0)
    parser.add_argument("--episodic", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=1)
    train(parser.parse_args())
