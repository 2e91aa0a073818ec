"""The engines by name. Modules are imported when one is asked for."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from adscan.scan.engine import Engine, GiveUp
from adscan.scan.recipe import Recipe

ENGINES = {
    "local": ("adscan.scan.engines.local", "LocalEngine"),
    "ray": ("adscan.scan.engines.ray_cluster", "RayEngine"),
}


@dataclass(frozen=True)
class Resources:
    """What an engine may use."""

    workers: int  # 0: every core of the cluster (ray)
    memory_bytes: int | None  # for all workers together, shared evenly; None: no limit
    time_limit_s: float  # for one ad


def load_engine(name: str, recipe: Recipe, resources: Resources, give_up: GiveUp) -> Engine:
    """The named engine. Raises SetupError if what it needs is not installed."""
    module, kind = ENGINES[name]
    engine: Engine = getattr(importlib.import_module(module), kind)(recipe, resources, give_up)
    return engine
