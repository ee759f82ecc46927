"""Trains the backbone by one command, and exports it.

    python3 recipe.py WORK_FOLDER [--from-nothing] [--seed S]

Continues first.pt and averages three parts of the result with one of first.pt, which is how weights.pt was made; or begins
with random weights. WORK_FOLDER gets the pools (3.2 GB), the weights and the exported file. What is already there is kept, so
the command can be repeated after an interruption. A GPU is used where torch finds one. README.md says what comes out.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

HERE = Path(__file__).parent
POOL_SEEDS, MASK_SEED = range(301, 317), 201
FOLDERS, PICTURES, MASKS = 225, 8, 1200
STEPS = 2000
SHARE = 0.75
"""Of the trained weights in the average with those it began with."""


def run(result: Path, script: str, *arguments: object) -> None:
    """Run a script of this folder unless its result exists."""
    if not result.exists():
        subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def average(first: Path, trained: Path, result: Path) -> None:
    """Write the weighted mean of two states of one network, batch norm's statistics included."""
    a, b = (torch.load(path, map_location="cpu") for path in (first, trained))
    torch.save({name: ((1 - SHARE) * a[name].float() + SHARE * b[name].float()).to(b[name].dtype) for name in b}, result)


def main(args: argparse.Namespace) -> None:
    """Every step in order."""
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    pools, masks, cores = [work / f"pool{seed}.npy" for seed in POOL_SEEDS], work / "masks.npy", os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as workers:
        made = [workers.submit(run, pool, "generator.py", "pool", seed, FOLDERS, PICTURES, pool) for seed, pool in zip(POOL_SEEDS, pools)]
        made.append(workers.submit(run, masks, "generator.py", "masks", MASK_SEED, MASKS, masks))
        for each in made:
            each.result()
    trained, weights, first = work / f"trained{args.seed}.pt", work / f"weights{args.seed}.pt", HERE / "first.pt"
    how = ["--contrast", 1, "--lr", 2e-3] if args.from_nothing else ["--contrast", 0.3, "--lr", 1e-3, "--start", first]
    run(trained, "train.py", trained, "--pools", *pools, "--masks", masks, "--iterations", STEPS, "--seed", args.seed, "--threads", cores, *how)
    if args.from_nothing:
        weights = trained
    else:
        average(first, trained, weights)
    run(work / "musc-embedded.onnx", "export.py", weights, work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--from-nothing", action="store_true", help="begin with random weights")
    parser.add_argument("--seed", type=int, default=1)
    main(parser.parse_args())
