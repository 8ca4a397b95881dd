from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_nothing_in_the_users_folder_is_imported(tmp_path: Path) -> None:
    for name in ("numpy", "random", "csv"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w').close()")
    work = "from epoca.learners import preparing as p; p._beside('prepare_predicting(numpy.float32)').wait()"
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    subprocess.run([sys.executable, "-P", "-c", work], cwd=tmp_path, env=environment, check=True)
    assert any((tmp_path / "kept").rglob("*.nbi"))  # the other process came to its end
    assert not (tmp_path / "imported").exists()
