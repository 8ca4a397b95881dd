"""Asking memory for a row long before it is needed.

A shuffled row of a large table lies in no cache, and waiting for it takes longer than learning from it. A core can wait
for few lines at a time on behalf of its first cache, for more on behalf of its second: a row is asked for twice, into
the second cache early and into the first shortly before its use.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_CACHE_LINE = 64


@intrinsic
def prefetch_second(typing_context: Any, array: Any, row: Any) -> Any:
    """Ask for ``array[row]`` (first axis, C-contiguous) to come into the second cache, without waiting for it."""
    del typing_context
    return types.void(array, row), _asking(locality=2)


@intrinsic
def prefetch_first(typing_context: Any, array: Any, row: Any) -> Any:
    """Ask for ``array[row]`` (first axis, C-contiguous) to come into the first cache, without waiting for it."""
    del typing_context
    return types.void(array, row), _asking(locality=3)


def _asking(*, locality: int) -> Any:
    """LLVM's prefetch instruction for every cache line that a row touches."""

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = cgutils.unpack_tuple(builder, view.strides)[0]
        start = builder.add(builder.ptrtoint(view.data, stride.type), builder.mul(arguments[1], stride))
        stop = builder.add(start, stride)
        address, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address, flag, flag, flag])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [address], kind)
        read, data = flag(0), flag(1)
        with cgutils.for_range_slice(builder, start, stop, ir.Constant(stride.type, _CACHE_LINE)) as (at, _):
            builder.call(ask, [builder.inttoptr(at, address), read, flag(locality), data])
        last = builder.sub(stop, ir.Constant(stride.type, 1))
        builder.call(ask, [builder.inttoptr(last, address), read, flag(locality), data])
        return context.get_dummy_value()

    return instructions
