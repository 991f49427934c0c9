"""The catalogue's filters, and how a publication stores its values for them. Pure."""

FACETS = ("stage", "season", "cluster", "municipality", "competency", "kind", "help", "award")
GRADUATED = "graduated"


def facets_text(**values: str | list[str] | None) -> str:
    """Return ``name=value`` for each value that is not empty, separated by spaces."""
    said = []
    for name in FACETS:
        given = values.get(name)
        said += [f"{name}={value}" for value in (given if isinstance(given, list) else [given]) if value]
    return " ".join(said)


def values_in(text: str) -> dict[str, list[str]]:
    """Parse the output of ``facets_text``: values by name."""
    values: dict[str, list[str]] = {}
    for facet in text.split():
        name, _sep, value = facet.partition("=")
        values.setdefault(name, []).append(value)
    return values
