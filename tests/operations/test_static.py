"""Static files as production serves them: collected, named by their content, imports of modules included."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

IMPORT = re.compile(r"""^(?:import|export)\s[^;]*?from\s+["'](\.[^"']+)["'];?""", re.MULTILINE)


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "zz110.static.ModuleStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_import_of_our_modules_names_a_file_by_its_content(collected: Path) -> None:
    files: dict[str, str] = json.loads((collected / "staticfiles.json").read_text())["paths"]
    ours = [hashed for name, hashed in files.items() if name.startswith("js/") and name.endswith(".js")]
    assert len(ours) > 50
    plain = [
        f"{hashed}: {target}"
        for hashed in ours
        for target in IMPORT.findall((collected / hashed).read_text(encoding="utf-8"))
        if not re.search(r"\.[0-9a-f]{12}\.js$", target) or not (collected / hashed).parent.joinpath(target).exists()
    ]
    assert plain == []


def test_of_the_libraries_only_what_pages_load_is_published(collected: Path) -> None:
    vendors = {path.relative_to(collected / "vendor").parts[0] for path in (collected / "vendor").rglob("*.js")}
    assert vendors == {"echarts", "idb"}
