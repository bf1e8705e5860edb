"""The colours of the block families on the screen, for dark and for light themes.

The colours of reports and exports are in `workshop/export/palette.py`.
"""

# Each colour has a contrast of at least 4.5 to 1 against the background of every theme of its kind.
DARK = {
    "family-infrastructure": "#7ccf8a",
    "family-offering": "#f2c14e",
    "family-customer": "#6cb6ff",
    "family-finance": "#d99cf0",
    "family-context": "#a3adba",
    "quiet": "#98a2ad",
    "bar": "#2b323b",
}
"""CSS variables for dark themes: one a family, `quiet` for secondary text, `bar` behind titles."""

LIGHT = {
    "family-infrastructure": "#1f7a3a",
    "family-offering": "#8a5a00",
    "family-customer": "#0b5cad",
    "family-finance": "#8a2fb0",
    "family-context": "#57606a",
    "quiet": "#59626c",
    "bar": "#dfe5ec",
}
"""The same variables for light themes."""
