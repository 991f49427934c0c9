"""Both stores, as tests of stored files have them."""

from tests.files.conftest import files, folder, s3_server, store

__all__ = ["files", "folder", "s3_server", "store"]
