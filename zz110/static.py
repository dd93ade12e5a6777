"""Static files in production: hashed names, also inside JavaScript imports (style trap 20)."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class ModuleStorage(ManifestStaticFilesStorage):
    """Manifest storage that follows `import "./x.js";`."""

    support_js_module_import_aggregation = True
    manifest_strict = True
