"""A fitted network as the files that the product loads."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from adscan.classify.linear import LinearModel
from adscan.classify.model import ModelCard
from adscan.training.linear import save_linear
from adscan.training.network import Network, Outputs

FILES = ("model.onnx", "tokenizer.json", "linear.npz")


class _Named(nn.Module):
    """The network with its answers as a plain tuple, as the exporter wants them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(self.network(ids, mask))


def export_network(network: Network, out: Path, base: Path) -> None:
    """`model.onnx` in int8 and `tokenizer.json` in the folder `out`; `base` has the tokenizer.

    Weights take seven of the eight bits: with all eight, processors without VNNI overflow, and the
    same text would get another answer on another machine.
    """
    out.mkdir(parents=True, exist_ok=True)
    exact = out / "exact.onnx"
    names = list(Outputs._fields)
    lengths = {0: "windows", 1: "pieces"}
    ids = torch.zeros((2, 16), dtype=torch.int64)
    torch.onnx.export(
        _Named(network.cpu().eval()),
        (ids, torch.ones_like(ids)),
        str(exact),
        input_names=["ids", "mask"],
        output_names=names,
        dynamic_axes={"ids": lengths, "mask": lengths, "words": lengths}
        | {name: {0: "windows"} for name in names if name != "words"},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        exact,
        out / "model.onnx",
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )
    exact.unlink()
    shutil.copyfile(base / "tokenizer.json", out / "tokenizer.json")


def export_linear(model: LinearModel, out: Path) -> None:
    """`linear.npz` in the folder `out`."""
    save_linear(model, out / "linear.npz")


def write_card(card: ModelCard, out: Path) -> None:
    """`model.json`, with the digests of the files beside it."""
    digests = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    signed = card.model_copy(update={"files": digests})
    (out / "model.json").write_text(signed.model_dump_json(indent=1) + "\n", encoding="utf-8")
