"""The packaged texts of consents."""

from functools import partial

from incubator.core.packaged import packaged

#: The contents of ``<name>.toml``.
default = partial(packaged, __name__)
