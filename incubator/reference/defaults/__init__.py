"""The default reference lists of the region."""

from functools import partial

from incubator.core.packaged import packaged

#: The contents of ``<name>.toml``.
default = partial(packaged, __name__)
