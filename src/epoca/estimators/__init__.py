"""The scikit-learn face: estimators that take the raw table; thin: check, train, keep the model."""
