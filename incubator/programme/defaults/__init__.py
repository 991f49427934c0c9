"""The default programme, from which a new season is filled."""

from functools import partial

from incubator.core.packaged import packaged

#: The contents of ``<name>.toml``.
default = partial(packaged, __name__)
