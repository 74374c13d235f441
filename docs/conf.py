"""How the documentation is built: Sphinx, MyST and Furo, offline, warnings are errors."""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]

project = "Witnessmark"
author = "The Witnessmark authors"
copyright = author
version = release = _PROJECT["version"]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True
smartquotes = False  # an option is written --case, with two hyphens

html_theme = "furo"
html_title = "Witnessmark"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
