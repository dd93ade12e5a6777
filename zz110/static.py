"""Static files in production: hashed names, also inside JavaScript imports (style trap 20)."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class ModuleStorage(ManifestStaticFilesStorage):
    """Manifest storage that follows `import "./x.js";`."""

    support_js_module_import_aggregation = True
    manifest_strict = True

    def _post_process(self, paths: Any, adjustable_paths: list[str], hashed_files: Any) -> Iterator[Any]:
        """Leave the chart library as it is: a bundle imports nothing, but text in it looks like imports."""
        ours = [path for path in adjustable_paths if not path.startswith("vendor/echarts/")]
        for name, hashed, was_saved, has_changed in super()._post_process(paths, ours, hashed_files):  # type: ignore[misc]
            yield name, hashed, was_saved, has_changed and name in ours
