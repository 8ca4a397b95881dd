"""Tiles of a matrix product and of a transposition, each held in the registers of a core.

A compiler that turns loops into vector instructions guards each of them against overlapping memory and keeps sums in
memory between their terms; on the small matrices of a batch that costs more than the product. So the two innermost
parts are written as LLVM's vector instructions, for whatever width this processor has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.registry import cpu_target
from numba.extending import intrinsic


def _registers() -> tuple[int, int]:
    machine, _processor, features = cpu_target.target_context.codegen().magic_tuple()
    available = features.split(",")
    n_bytes = 64 if "+avx512f" in available else 32 if "+avx" in available else 16
    return n_bytes, 16 if machine.startswith("x86") and n_bytes < 64 else 32


REGISTER, _N_REGISTERS = _registers()
"""Bytes of a vector register of the processor that numba compiles for."""

ROWS, VECTORS = (4, 4) if _N_REGISTERS == 32 else (6, 2)
"""A tile's size: as many sums as registers hold beside their factors, for each waits long for its last term."""

NARROW_ROWS = 6
"""Rows of a tile where all columns together do not fill a vector."""

HALF = 32
"""Bytes of those registers of which every processor multiplies two at a time."""

_INT32, _INT64 = ir.IntType(32), ir.IntType(64)


@intrinsic
def multiply_tile(
    typing_context: Any,
    a: Any,  # (m, p), or (p, m) where transposed
    transposed: Any,  # bool
    b: Any,  # (p, n), C-contiguous
    out: Any,  # (m, n), C-contiguous
    i: Any,  # first row of the tile
    j: Any,  # first column of the tile
    vectors: Any,  # of columns, side by side but for the last: 1 to VECTORS
    last: Any,  # first column of the last vector
) -> Any:
    """Write one tile of ``a @ b`` (``a.T @ b``): every sum begins at 0 and takes its terms in their order."""
    del typing_context

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *factors, row, column, n_vectors, last_column = arguments
        for beside in range(1, VECTORS + 1):
            with builder.if_then(builder.icmp_signed("==", n_vectors, _INT64(beside))):
                product = _Product(context, builder, signature, factors, width=REGISTER)
                columns = [builder.add(column, _INT64(k * product.out.lanes)) for k in range(beside - 1)]
                product.tile(row, ROWS, [*columns, last_column])
        return context.get_dummy_value()

    return types.void(a, transposed, b, out, i, j, vectors, last), instructions


@intrinsic
def multiply_narrow_tile(
    typing_context: Any,
    a: Any,  # (m, p), or (p, m) where transposed
    transposed: Any,  # bool
    b: Any,  # (p, n), C-contiguous, too few columns for a whole vector
    out: Any,  # (m, n), C-contiguous
    i: Any,  # first row of the tile
) -> Any:
    """The same where no column lies beyond the first vector, of which some lanes are left out."""
    del typing_context

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *factors, row = arguments
        half = _Product(context, builder, signature, factors, width=min(HALF, REGISTER))
        whole = _Product(context, builder, signature, factors, width=REGISTER)
        fits = builder.icmp_signed("<=", half.out.shape[1], _INT64(half.out.lanes))
        with builder.if_else(fits) as (into_half, into_whole):
            with into_half:
                half.tile(row, NARROW_ROWS, [_INT64(0)], masked=True)
            with into_whole:
                whole.tile(row, NARROW_ROWS, [_INT64(0)], masked=True)
        return context.get_dummy_value()

    return types.void(a, transposed, b, out, i), instructions


@intrinsic
def transpose_tile(
    typing_context: Any,
    a: Any,  # (m, n), C-contiguous
    out: Any,  # (n, m), C-contiguous
    i: Any,  # first row in a
    j: Any,  # first column in a
) -> Any:
    """Write a square of ``a.T``, as many rows as a vector has lanes.

    Shuffling the first half of the vectors into the second, lane by lane, as one shuffles cards, doubles the length of
    the runs that stand right; after log2(lanes) times all do.
    """
    del typing_context

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _a, _out, row, column = arguments
        given, result = (_Matrix(context, builder, signature.args[k], arguments[k], width=REGISTER) for k in (0, 1))
        lanes = given.lanes
        vectors = [given.load(given.address(builder.add(row, _INT64(k)), column)) for k in range(lanes)]
        interleaved = [place for pair in zip(range(lanes), range(lanes, 2 * lanes), strict=True) for place in pair]
        halves = [_constants(interleaved[:lanes]), _constants(interleaved[lanes:])]
        for _time in range(lanes.bit_length() - 1):
            pairs = zip(vectors[: lanes // 2], vectors[lanes // 2 :], strict=True)
            vectors = [builder.shuffle_vector(*pair, half) for pair in pairs for half in halves]
        for k, vector in enumerate(vectors):
            result.store(vector, result.address(builder.add(column, _INT64(k)), row))
        return context.get_dummy_value()

    return types.void(a, out, i, j), instructions


class _Product:
    """``out = a @ b`` (``a.T @ b``) by vectors of one width."""

    def __init__(self, context: Any, builder: Any, signature: Any, factors: Any, *, width: int) -> None:
        self._builder = builder
        self.a, self.b, self.out = (
            _Matrix(context, builder, signature.args[k], factors[k], width=width) for k in (0, 2, 3)
        )
        across = self.a.strides
        self._down, self._along = (builder.select(factors[1], across[1 - k], across[k]) for k in (0, 1))

    def tile(self, first: Any, n_rows: int, columns: list[Any], *, masked: bool = False) -> None:
        """The rows from the first on, of some vectors of columns; beyond the last row, that one once more."""
        builder, mask = self._builder, self.b.columns_in_use() if masked else None
        last = builder.sub(self.out.shape[0], _INT64(1))
        rows = [_least(builder, builder.add(first, _INT64(k)), last) for k in range(n_rows)]
        starts = [builder.add(self.a.start, builder.mul(row, self._down)) for row in rows]
        zero = ir.Constant(self.out.vector, None)
        sums = [[cgutils.alloca_once_value(builder, zero) for _ in columns] for _ in rows]
        with cgutils.for_range(builder, self.b.shape[0]) as loop:
            values = [self.b.load(self.b.address(loop.index, column), mask) for column in columns]
            along = builder.mul(loop.index, self._along)
            for start, sums_of_row in zip(starts, sums, strict=True):
                factor = self.a.load_everywhere(builder.add(start, along))
                for place, value in zip(sums_of_row, values, strict=True):
                    added = builder.fmul(factor, value, flags=("contract",))
                    builder.store(builder.fadd(builder.load(place), added, flags=("contract",)), place)
        for row, sums_of_row in zip(rows, sums, strict=True):
            for place, column in zip(sums_of_row, columns, strict=True):
                self.out.store(builder.load(place), self.out.address(row, column), mask)


class _Matrix:
    """A matrix as LLVM sees it: where it begins, how it steps, and its elements by vectors of some bytes' width."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any, *, width: int) -> None:
        view = context.make_array(kind)(context, builder, value)
        self._builder = builder
        self._element = context.get_data_type(kind.dtype)
        self._size = context.get_abi_sizeof(self._element)
        self.start = builder.ptrtoint(view.data, _INT64)
        self.shape = cgutils.unpack_tuple(builder, view.shape)
        self.strides = cgutils.unpack_tuple(builder, view.strides)
        self.lanes = width // self._size
        self.vector = ir.VectorType(self._element, self.lanes)

    def address(self, row: Any, column: Any) -> Any:
        """Of an element in a C-contiguous matrix."""
        across = self._builder.mul(column, _INT64(self._size))
        return self._builder.add(self._builder.add(self.start, self._builder.mul(row, self.strides[0])), across)

    def load(self, address: Any, mask: Any = None) -> Any:
        """A vector; 0 where the mask says no."""
        if mask is None:
            return self._builder.load(self._pointer(address, self.vector), align=self._size)
        zero = ir.Constant(self.vector, None)
        return self._masked("load", self.vector, self._pointer(address, self.vector), _INT32(self._size), mask, zero)

    def load_everywhere(self, address: Any) -> Any:
        """A vector of one element again and again."""
        return self._everywhere(self._builder.load(self._pointer(address, self._element), align=self._size))

    def store(self, vector: Any, address: Any, mask: Any = None) -> None:
        """Write a vector, but where the mask says no."""
        if mask is None:
            self._builder.store(vector, self._pointer(address, self.vector), align=self._size)
        else:
            pointer = self._pointer(address, self.vector)
            self._masked("store", ir.VoidType(), vector, pointer, _INT32(self._size), mask)

    def columns_in_use(self) -> Any:
        """The mask of a matrix with fewer columns than a vector has lanes."""
        width = self._everywhere(self._builder.trunc(self.shape[1], _INT32))
        return self._builder.icmp_signed("<", _constants(range(self.lanes)), width)

    def _pointer(self, address: Any, kind: Any) -> Any:
        return self._builder.inttoptr(address, kind.as_pointer())

    def _everywhere(self, value: Any) -> Any:
        nothing = ir.Constant(ir.VectorType(value.type, self.lanes), ir.Undefined)
        one = self._builder.insert_element(nothing, value, _INT32(0))
        return self._builder.shuffle_vector(one, nothing, _constants([0] * self.lanes))

    def _masked(self, verb: str, result: Any, *arguments: Any) -> Any:
        name = f"llvm.masked.{verb}.v{self.lanes}f{8 * self._size}.p0"
        kind = ir.FunctionType(result, [argument.type for argument in arguments])
        return self._builder.call(cgutils.get_or_insert_function(self._builder.module, kind, name), arguments)


def _least(builder: Any, one: Any, other: Any) -> Any:
    return builder.select(builder.icmp_signed("<", one, other), one, other)


def _constants(numbers: Iterator[int] | range | list[int]) -> Any:
    each = list(numbers)
    return ir.Constant(ir.VectorType(_INT32, len(each)), [_INT32(number) for number in each])
