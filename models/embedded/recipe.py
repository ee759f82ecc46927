"""Trains the backbone by one command, and exports it.

    python3 recipe.py WORK_FOLDER [--from-nothing] [--seed S]

Continues first.pt twice, side by side, and averages both results with first.pt, which is how weights.pt was made; or begins
once with random weights. WORK_FOLDER gets the pools (3.2 GB), the weights and the exported file. What is already there is kept,
so the command can be repeated after an interruption. A GPU is used where torch finds one. README.md says what comes out.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import torch

HERE = Path(__file__).parent
POOL_SEEDS, MASK_SEED = range(301, 317), 201
FOLDERS, PICTURES, MASKS = 225, 8, 1200
CONTINUED = ({"--seed": 1, "--iterations": 1400, "--jpeg": 0}, {"--seed": 2, "--iterations": 900, "--jpeg": 0.4})
"""The two trainings that weights.pt was made of, begun with first.pt. The second was begun later: hence its length."""
HOW = {"--contrast": 0.3, "--lr": 1e-3, "--start": HERE / "first.pt"}
FROM_NOTHING = {"--contrast": 1, "--lr": 2e-3, "--iterations": 2000}


def run(result: Path, script: str, *arguments: object) -> None:
    """Run a script of this folder unless its result exists."""
    if not result.exists():
        subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def average(parts: list[Path], result: Path) -> None:
    """Write the mean of several states of one network, batch norm's statistics included."""
    states = [torch.load(part, map_location="cpu") for part in parts]
    torch.save({name: (sum(s[name].float() for s in states) / len(states)).to(first.dtype) for name, first in states[0].items()}, result)


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
    trainings = [{"--seed": args.seed, **FROM_NOTHING}] if args.from_nothing else [{**HOW, **training} for training in CONTINUED]
    results = [work / f"trained{training['--seed']}.pt" for training in trainings]
    with ThreadPoolExecutor(len(trainings)) as workers:
        threads = max(1, cores // len(trainings))
        begun = [workers.submit(run, result, "train.py", result, "--pools", *pools, "--masks", masks, "--threads", threads, *chain(*training.items()))
                 for result, training in zip(results, trainings)]
        for each in begun:
            each.result()
    weights = work / "weights.pt"
    average(results if args.from_nothing else [HERE / "first.pt", *results], weights)
    run(work / "musc-embedded.onnx", "export.py", weights, work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--from-nothing", action="store_true", help="begin with random weights")
    parser.add_argument("--seed", type=int, default=1, help="of a training from nothing")
    main(parser.parse_args())
