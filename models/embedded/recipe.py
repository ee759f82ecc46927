"""Trains a backbone from nothing by one command, and exports it.

    python3 recipe.py WORK_FOLDER [--start WEIGHTS.pt] [--flat STEPS] [--anneal STEPS]

WORK_FOLDER gets the pools (1 GB), the weights of both stages and the exported file. What is already there is kept, so the
command can be repeated after an interruption. README.md says what has been run.
"""
from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
POOL_SEEDS, MASK_SEED = (301, 302), 201
FOLDERS, PICTURES, MASKS = 700, 6, 1200


def run(result: Path, script: str, *arguments: object) -> None:
    """Run a script of this folder unless its result exists."""
    if not result.exists():
        subprocess.run([sys.executable, str(HERE / script), *map(str, arguments)], check=True)


def main(args: argparse.Namespace) -> None:
    """Every step in order."""
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    pools, masks = [work / f"pool{seed}.npy" for seed in POOL_SEEDS], work / "masks.npy"
    for seed, pool in zip(POOL_SEEDS, pools):
        run(pool, "generator.py", "pool", seed, FOLDERS, PICTURES, pool)
    run(masks, "generator.py", "masks", MASK_SEED, MASKS, masks)
    data = ["--pools", *pools, "--masks", masks, "--lr", 1e-3 if args.start else 2e-3]
    flat, annealed = work / "flat.pt", work / "annealed.pt"
    start = ["--start", args.start] if args.start else []
    run(flat, "train.py", flat, *data, *start, "--iterations", args.flat, "--seed", 1)
    run(annealed, "train.py", annealed, *data, "--iterations", args.anneal, "--seed", 2, "--resume", flat.with_suffix(".state"), "--anneal")
    run(work / "musc-embedded.onnx", "export.py", annealed, work)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--start", type=Path, help="continue these weights, at half the rate")
    parser.add_argument("--flat", type=int, default=3000)
    parser.add_argument("--anneal", type=int, default=1500)
    main(parser.parse_args())
