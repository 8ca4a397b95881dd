"""Figures of plotly, made from a history or a fitted model and nothing else.

Every figure says its texts in the language of the environment unless another is given, stands on light and dark pages
alike (see `relayout`), and carries what it says in words for those who cannot see it (see `Reading`).
"""

from epoca.plots.confusion_matrix import confusion_matrix
from epoca.plots.decision_map import decision_map, decision_maps
from epoca.plots.finishing import Reading
from epoca.plots.learning_curves import learning_curves
from epoca.plots.likelihoods import likelihoods
from epoca.plots.lines_of_epochs import lines_of_epochs
from epoca.plots.network_graph import network_graph
from epoca.plots.predictions import predictions
from epoca.plots.reliability_curve import reliability_curve
from epoca.plots.replay_chart import replay_chart
from epoca.plots.rows_by_epochs import rows_by_epochs
from epoca.plots.theme import CONFIG, relayout

__all__ = [
    "CONFIG",
    "Reading",
    "confusion_matrix",
    "decision_map",
    "decision_maps",
    "learning_curves",
    "likelihoods",
    "lines_of_epochs",
    "network_graph",
    "predictions",
    "relayout",
    "reliability_curve",
    "replay_chart",
    "rows_by_epochs",
]
