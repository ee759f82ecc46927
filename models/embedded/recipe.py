"""Trains the backbone by one command, and exports it.

    python3 recipe.py WORK_FOLDER [--from-nothing] [--seed S]

Continues first.pt three times, side by side, and averages the results with it, which is how weights.pt was made; or begins once
with random weights. WORK_FOLDER gets the pools (3.2 GB), the weights and the exported file. What is already there is kept,
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
CONTINUED = {2: 900, 3: 1100, 4: 1100}
"""Seed -> steps of the trainings that weights.pt was made of, begun with first.pt."""
HOW = {"--contrast": 0.3, "--lr": 1e-3, "--start": HERE / "first.pt"}
SHARE_OF_FIRST = 1 / 3
"""What first.pt counts in the mean; the trainings share the rest evenly."""
FROM_NOTHING = {"--contrast": 1, "--lr": 2e-3}


def run(result: Path, script: str, *arguments: object) -> None:
    """Run a script of this folder unless its result exists."""
    if not result.exists():
        subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def run_all(at_once: int, commands: list[tuple[object, ...]]) -> None:
    """Run many, so many at once. When all have ended, the first failure is raised."""
    with ThreadPoolExecutor(at_once) as workers:
        for begun in [workers.submit(run, *command) for command in commands]:
            begun.result()


def average(parts: dict[Path, float], result: Path) -> None:
    """Write the weighted mean of several states of one network, batch norm's statistics included. The weights add up to 1."""
    states = [(torch.load(part, map_location="cpu"), share) for part, share in parts.items()]
    mean = lambda name: sum(state[name].double() * share for state, share in states)
    torch.save({name: mean(name).to(tensor.dtype) for name, tensor in states[0][0].items()}, result)


def main(args: argparse.Namespace) -> None:
    """Every step in order."""
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    pools, masks, cores = [work / f"pool{seed}.npy" for seed in POOL_SEEDS], work / "masks.npy", os.cpu_count() or 1
    made = [(pool, "generator.py", "pool", seed, FOLDERS, PICTURES, pool) for seed, pool in zip(POOL_SEEDS, pools)]
    run_all(cores, [*made, (masks, "generator.py", "masks", MASK_SEED, MASKS, masks)])
    steps, how = ({args.seed: 2000}, FROM_NOTHING) if args.from_nothing else (CONTINUED, HOW)
    results = [work / f"trained{seed}.pt" for seed in steps]
    at_once = 1 if torch.cuda.is_available() else len(steps)  # each takes the pools to a GPU
    given = ["--pools", *pools, "--masks", masks, "--threads", max(1, cores // at_once), *chain(*how.items())]
    run_all(at_once, [(result, "train.py", result, "--seed", seed, "--iterations", steps[seed], *given) for seed, result in zip(steps, results)])
    weights = work / "weights.pt"
    first = {} if args.from_nothing else {HERE / "first.pt": SHARE_OF_FIRST}
    average(first | dict.fromkeys(results, (1 - sum(first.values())) / len(results)), weights)
    run(work / "musc-embedded.onnx", "export.py", weights, work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--from-nothing", action="store_true", help="begin with random weights")
    parser.add_argument("--seed", type=int, default=1, help="of a training from nothing")
    main(parser.parse_args())
