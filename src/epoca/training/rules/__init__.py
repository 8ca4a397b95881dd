"""When to stop: each rule a short file; it sees the history, holds no model, and says stop or nothing."""

from epoca.training.rules.callbacks import Callbacks
from epoca.training.rules.deadline import Deadline
from epoca.training.rules.divergence import Divergence
from epoca.training.rules.generalization_loss import GeneralizationLoss
from epoca.training.rules.limit import Limit
from epoca.training.rules.one_standard_error import OneStandardError
from epoca.training.rules.patience import Patience
from epoca.training.rules.progress_quotient import ProgressQuotient
from epoca.training.rules.reading import rule_of
from epoca.training.rules.refined import Refined
from epoca.training.rules.rising import Rising
from epoca.training.rules.rule import EarlyStopping, Rule
from epoca.training.rules.solved import Solved

__all__ = [
    "Callbacks",
    "Deadline",
    "Divergence",
    "EarlyStopping",
    "GeneralizationLoss",
    "Limit",
    "OneStandardError",
    "Patience",
    "ProgressQuotient",
    "Refined",
    "Rising",
    "Rule",
    "Solved",
    "rule_of",
]
