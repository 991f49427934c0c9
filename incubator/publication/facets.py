"""What the catalogue can be filtered by, and how a publication keeps its values. Pure."""

FACETS = ("stage", "season", "cluster", "municipality", "competency", "kind", "help", "award")
GRADUATED = "graduated"


def facets_text(**values: str | list[str] | None) -> str:
    """``name=value`` of each value that is not empty, a space apart."""
    said = []
    for name in FACETS:
        given = values.get(name)
        said += [f"{name}={value}" for value in (given if isinstance(given, list) else [given]) if value]
    return " ".join(said)


def values_in(text: str) -> dict[str, list[str]]:
    """What ``facets_text`` wrote, by name."""
    values: dict[str, list[str]] = {}
    for facet in text.split():
        name, _sep, value = facet.partition("=")
        values.setdefault(name, []).append(value)
    return values
