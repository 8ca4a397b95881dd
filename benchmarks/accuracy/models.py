"""The models that are compared: each takes the training rows' inputs and targets and gives what it predicts by.

What a model needs is imported when it is made, since not every environment has all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Fitted = Callable[[pd.DataFrame], NDArray[np.float64]]
"""Inputs of m rows in; probabilities (m, c) out, or numbers (m,)."""


def _numbers_and_texts(inputs: pd.DataFrame) -> tuple[list[str], list[str]]:
    numbers = [name for name in inputs if inputs[name].dtype == np.float64]
    return numbers, [name for name in inputs if name not in numbers]


def _scikit_learn(estimator: Any) -> Callable[..., Fitted]:
    """With the usual preprocessing: medians for missing numbers, standardised; categories one-hot."""

    def fit(inputs: pd.DataFrame, targets: NDArray[Any], _cores: int) -> Fitted:
        from sklearn.compose import ColumnTransformer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler

        numbers, texts = _numbers_and_texts(inputs)
        one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2)
        missing = SimpleImputer(strategy="constant", fill_value="missing", missing_values=None)
        encoder = ColumnTransformer(
            [
                ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
                ("texts", make_pipeline(missing, one_hot), texts),
            ],
            sparse_threshold=0,
        )
        pipeline = make_pipeline(encoder, estimator)
        pipeline.fit(inputs, targets)
        predict: Fitted = pipeline.predict_proba if hasattr(pipeline, "predict_proba") else pipeline.predict
        return predict

    return fit


def _linear(*, is_regression: bool) -> Callable[..., Fitted]:
    from sklearn.linear_model import LogisticRegression, Ridge

    return _scikit_learn(Ridge() if is_regression else LogisticRegression(max_iter=1000))


def _mlp(*, is_regression: bool, early_stopping: bool) -> Callable[..., Fitted]:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    kind = MLPRegressor if is_regression else MLPClassifier
    return _scikit_learn(kind(early_stopping=early_stopping, random_state=0))


def _boosting(*, is_regression: bool) -> Callable[..., Fitted]:
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    kind = HistGradientBoostingRegressor if is_regression else HistGradientBoostingClassifier

    def fit(inputs: pd.DataFrame, targets: NDArray[Any], _cores: int) -> Fitted:
        numbers, texts = _numbers_and_texts(inputs)
        codes = OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan, max_categories=254
        )
        encoder = ColumnTransformer([("texts", codes, texts), ("numbers", "passthrough", numbers)])
        boosting = kind(categorical_features=list(range(len(texts))), random_state=0)
        pipeline = make_pipeline(encoder, boosting)
        pipeline.fit(inputs, targets)
        predict: Fitted = pipeline.predict if is_regression else pipeline.predict_proba
        return predict

    return fit


def _catboost(*, is_regression: bool) -> Callable[..., Fitted]:
    from catboost import CatBoostClassifier, CatBoostRegressor

    def filled(inputs: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
        return inputs.assign(**{name: inputs[name].fillna("missing").astype(str) for name in texts})

    def fit(inputs: pd.DataFrame, targets: NDArray[Any], cores: int) -> Fitted:
        texts = _numbers_and_texts(inputs)[1]
        kind = CatBoostRegressor if is_regression else CatBoostClassifier
        model = kind(cat_features=texts, thread_count=cores, random_seed=0, verbose=False, allow_writing_files=False)
        model.fit(filled(inputs, texts), targets)
        predict = model.predict if is_regression else model.predict_proba
        return lambda rows: np.asarray(predict(filled(rows, texts)))

    return fit


def _pytabkit(name: str, *, is_regression: bool, **options: Any) -> Callable[..., Fitted]:
    def fit(inputs: pd.DataFrame, targets: NDArray[Any], cores: int) -> Fitted:
        import torch
        from pytabkit.models.sklearn import sklearn_interfaces

        torch.set_num_threads(cores)
        numbers, texts = _numbers_and_texts(inputs)
        medians = inputs[numbers].median()
        kind = getattr(sklearn_interfaces, f"{name}_{'Regressor' if is_regression else 'Classifier'}")
        model = kind(device="cpu", random_state=0, n_threads=cores, **options)

        def filled(rows: pd.DataFrame) -> pd.DataFrame:  # it takes no missing numbers
            return rows.assign(**{name: rows[name].fillna(medians[name]) for name in numbers})

        model.fit(filled(inputs), targets, cat_col_names=texts)
        predict = model.predict if is_regression else model.predict_proba
        return lambda rows: np.asarray(predict(filled(rows)), np.float64)

    return fit


def _epoca(*, is_regression: bool) -> Callable[..., Fitted]:
    import epoca

    def fit(inputs: pd.DataFrame, targets: NDArray[Any], _cores: int) -> Fitted:
        model = (epoca.MLPRegressor if is_regression else epoca.MLPClassifier)()
        model.fit(inputs, targets)
        return model.predict if is_regression else model.predict_proba

    return fit


def model(name: str, *, is_regression: bool) -> Callable[..., Fitted]:
    """The model of this name; called with inputs, targets and a number of cores, it learns."""
    cross_entropy = {} if is_regression else {"use_ls": False, "val_metric_name": "cross_entropy"}
    tabm = {} if is_regression else {"val_metric_name": "cross_entropy"}
    makers: dict[str, Callable[[], Callable[..., Fitted]]] = {
        "linear": lambda: _linear(is_regression=is_regression),
        "mlp": lambda: _mlp(is_regression=is_regression, early_stopping=False),
        "mlp_early_stopping": lambda: _mlp(is_regression=is_regression, early_stopping=True),
        "boosting": lambda: _boosting(is_regression=is_regression),
        "catboost": lambda: _catboost(is_regression=is_regression),
        "realmlp": lambda: _pytabkit("RealMLP_TD", is_regression=is_regression),
        "realmlp_ce": lambda: _pytabkit("RealMLP_TD", is_regression=is_regression, **cross_entropy),
        "tabm": lambda: _pytabkit("TabM_D", is_regression=is_regression, **tabm),
        "epoca": lambda: _epoca(is_regression=is_regression),
    }
    return makers[name]()
