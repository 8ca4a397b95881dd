"""Every choice that a page can make, its bounds, and the settings it stands for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeAlias, final

from epoca.errors import OptionError
from epoca.lab.reading import is_number, is_whole, shown
from epoca.locales import Code
from epoca.messages import Message
from epoca.settings import Settings

Held: TypeAlias = Mapping[str, float | str]
"""At what the slice of the map holds columns, by name."""

LAYERS, WIDTH = 6, 128
"""Hidden layers at most, and neurons of each: more than anybody can look at."""

SPEEDS = (1, 5, 20, 100, 0)
"""Epochs a second; 0 stands for as many as there can be."""

NOT_TRAINED_BY = frozenset({"axes", "held", "speed", "member", "map_of", "language", "learning_rate"})
"""Choices that do not begin the run anew."""


@final
@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a page has chosen; each field is told in ``docs/lab.md``.

    Examples
    --------
    >>> Choices().changed({"hidden": [4, 2]}).hidden
    (4, 2)
    """

    table: str = "moons"
    rows: int | None = None
    noise: float | None = None
    classes: int | None = None
    data_seed: int = 0
    target: str = ""
    left_out: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    held: Held = field(default_factory=dict)
    model: str = "network"
    hidden: tuple[int, ...] = (4, 4)
    activation: str = "tanh"
    members: int = 8
    learning_rate: float = 0.01
    batch_size: int = 16
    weight_decay: float = 0.0
    dropout: float = 0.0
    early_stopping: bool = True
    stopping: str = "patience(32)"
    epochs: int = 500
    test_size: float = 0.2
    scaling: bool = True
    shuffle: bool = True
    seed: int = 0
    speed: int = 20
    member: int = 0
    map_of: str = "all"
    language: Code = "en"

    def changed(self, changes: Mapping[str, Any]) -> Choices:
        """The choices with some of them made anew.

        Parameters
        ----------
        changes : mapping
            Values as JSON has them, by the names of the fields.

        Returns
        -------
        Choices

        Raises
        ------
        OptionError
            If there is no such choice, or a value is none of those that it may have.
        """
        read: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in _READERS:
                raise OptionError('There is nothing called "{name}" to choose in the lab.', name=str(name)[:40])
            read[name] = _READERS[name](_NAMES.get(name, name), value)
        changed = replace(self, **read)
        return changed if changed.member < changed.members else replace(changed, member=0)

    def settings(self) -> Settings:
        """The settings they stand for.

        Raises
        ------
        OptionError
            If the stopping rule is none.
        """
        online = self.model != "network"
        return Settings(
            model=self.model,  # type: ignore[arg-type]  # read as one of them
            hidden=() if online else self.hidden,
            activation=self.activation,
            members=self.members,
            learning_rate=self.learning_rate,
            batch_size=None if online else self.batch_size,
            weight_decay=0.0 if online else self.weight_decay,
            dropout=0.0 if online else self.dropout,
            gains=False,
            pieces=0,
            early_stopping=self.early_stopping,
            stopping=(self.stopping or f"limit({self.epochs})") if self.early_stopping else None,
            epochs=self.epochs,
            test_size=self.test_size,
            scaling=self.scaling,
            shuffle=self.shuffle,
            seed=self.seed,
            leave_out=self.left_out,
            threads=1,
        )

    def to_json(self) -> dict[str, Any]:
        """All of them by name, as `changed` reads them."""
        return {
            name: list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            for name, value in asdict(self).items()
        }


Name: TypeAlias = str | Message
Reader: TypeAlias = Callable[[Name, Any], Any]

_NAMES = {
    "rows": Message("Points"),
    "noise": Message("Noise"),
    "classes": Message("Classes"),
    "data_seed": Message("Seed of the points"),
    "hidden": Message("Neurons"),
    "members": Message("Members"),
    "learning_rate": Message("Learning rate"),
    "batch_size": Message("Batch"),
    "weight_decay": Message("Weight decay (L2)"),
    "dropout": Message("Dropout"),
    "stopping": Message("Stopping rule"),
    "epochs": Message("Limit of epochs"),
    "test_size": Message("Set aside for the test"),
    "seed": Message("Seed"),
}
"""What the page calls those that a person can write."""


_BETWEEN = Message("{name} must be a number from {low} to {high}, not {value}.")
_ABOVE = Message("{name} must be a number above {low} and at most {high}, not {value}.")


def _whole(low: int, high: int) -> Reader:
    def read(name: Name, value: Any) -> int:
        if not is_whole(value) or not low <= value <= high:
            raise OptionError(
                "{name} must be a whole number from {low} to {high}, not {value}.",
                name=name,
                low=low,
                high=high,
                value=shown(value),
            )
        return value

    return read


def _number(low: float, high: float, *, above: bool = False) -> Reader:
    def read(name: Name, value: Any) -> float:
        if not is_number(value) or not low <= value <= high or (above and value == low):
            message = _ABOVE if above else _BETWEEN
            raise OptionError(
                message.template,
                name=name,
                low=low,
                high=high,
                value=shown(value),
            )
        return float(value)

    return read


def _one_of(*known: str | int) -> Reader:
    def read(name: Name, value: Any) -> str | int:
        if isinstance(value, bool) or value not in known:
            raise OptionError(
                "{name} must be one of {known}, not {value}.",
                name=name,
                known=", ".join(map(str, known)),
                value=shown(value),
            )
        return next(one for one in known if one == value)

    return read


def _truth(name: Name, value: Any) -> bool:
    if not isinstance(value, bool):
        raise OptionError("{name} must be true or false, not {value}.", name=name, value=shown(value))
    return value


def _text(name: Name, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise OptionError("{name} must be a text, not {value}.", name=name, value=shown(value))
    return value


def _texts(name: Name, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > 10_000:
        raise OptionError("{name} must be a list of texts, not {value}.", name=name, value=shown(value))
    return tuple(_text(name, one) for one in value)


def _widths(name: Name, value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or len(value) > LAYERS:
        raise OptionError(
            "A network has at most {layers} hidden layers here, given as a list of their neurons, not {value}.",
            layers=LAYERS,
            value=shown(value),
        )
    return tuple(_whole(1, WIDTH)(name, one) for one in value)


def _held(name: Name, value: Any) -> Held:
    if not isinstance(value, Mapping) or len(value) > 10_000:
        raise OptionError("{name} must give columns their values, not {value}.", name=name, value=shown(value))
    for one in value.values():
        if not (isinstance(one, str) or (is_number(one) and abs(one) <= sys.float_info.max)):
            raise OptionError("{name} must give columns their values, not {value}.", name=name, value=shown(one))
    return {_text(name, key): one if isinstance(one, str) else float(one) for key, one in value.items()}


def _perhaps(reader: Reader) -> Reader:
    return lambda name, value: None if value is None else reader(name, value)


_READERS: dict[str, Reader] = {
    "table": _text,
    "rows": _perhaps(_whole(4, 2000)),
    "noise": _perhaps(_number(0, 1)),
    "classes": _perhaps(_whole(2, 6)),
    "data_seed": _whole(0, 10**9),
    "target": _text,
    "left_out": _texts,
    "axes": _texts,
    "held": _held,
    "model": _one_of("perceptron", "neuron", "network"),
    "hidden": _widths,
    "activation": _one_of("relu", "tanh", "logistic", "silu"),
    "members": _whole(1, 16),
    "learning_rate": _number(0, 10, above=True),
    "batch_size": _whole(1, 1024),
    "weight_decay": _number(0, 100),
    "dropout": _number(0, 0.9),
    "early_stopping": _truth,
    "stopping": _text,
    "epochs": _whole(1, 10_000),
    "test_size": _number(0, 0.9),
    "scaling": _truth,
    "shuffle": _truth,
    "seed": _whole(0, 10**9),
    "speed": _one_of(*SPEEDS),
    "member": _whole(0, 15),
    "map_of": _one_of("all", "member"),
    "language": _one_of("en", "pt_BR"),
}

assert {*_READERS} == {one.name for one in fields(Choices)}
