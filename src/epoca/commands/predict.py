"""``epoca predict``: the target of every row of a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from epoca.commands.screen import _

if TYPE_CHECKING:
    from epoca.model import Model
    from epoca.tables.table import Table


def predict(
    model: Annotated[Path, typer.Argument(help=_("Model file."))],
    table: Annotated[Path, typer.Argument(help=_("CSV (also .gz, .zst), Parquet or Arrow file."))],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help=_("CSV or .parquet file. By default the screen."))
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help=_("Add the probability of every class."))] = False,
    encoding: Annotated[str | None, typer.Option(help=_("Character encoding of a CSV file."))] = None,
) -> None:
    """Predict the target of every row of a table."""
    from epoca.commands import screen
    from epoca.files import refuse_unwritable
    from epoca.messages import Message
    from epoca.model_file import load
    from epoca.tables.reading import read_table
    from epoca.tables.writing import write_table

    if output is not None:
        refuse_unwritable(output)
    found = load(model)
    rows = read_table(table, encoding=encoding)
    write_table(with_predictions(found, rows, probabilities=proba), output)
    if output is not None:
        screen.tell(Message("{rows} rows predicted: {file}", rows=rows.n_rows, file=str(output)))


def with_predictions(model: Model, table: Table, *, probabilities: bool) -> Table:
    """The table's rows in their order, the predictions added on the right.

    Parameters
    ----------
    model : Model
        Predicts.
    table : Table
        With the columns the model was trained on.
    probabilities : bool
        Whether to add the probability of every class too.

    Returns
    -------
    Table
        With a column ``predicted_<target>`` and perhaps ``probability_<label>`` for every label.
    """
    import pyarrow as pa

    from epoca.tables.arrays import arrow_floats, arrow_integers, arrow_texts

    if probabilities:
        model.refuse_without_probabilities()
    outputs = model.outputs(model.encoded(table))
    arrow = table.arrow
    predicted = f"predicted_{model.target.column}"
    if model.target.task == "regression":
        added = {predicted: arrow_floats(model.target.restored(outputs[:, 0]))}
    else:
        labels = list(model.target.labels)
        texts = [label for label in labels if isinstance(label, str)]
        known = arrow_texts(texts) if texts else pa.array(labels)  # labels are texts all or none
        added = {predicted: known.take(arrow_integers(model.codes(outputs)))}
        if probabilities:
            shares = zip(model.target.labels, outputs.T, strict=True)
            added |= {f"probability_{label}": arrow_floats(share) for label, share in shares}
    for name, values in added.items():
        while name in arrow.column_names:
            name += "_new"
        arrow = arrow.append_column(name, values)
    return replace(table, arrow=arrow)
