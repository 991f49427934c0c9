"""What a section can hold: a kind is one module here, one template in ``templates/kinds/`` and one line in ``registry.py``. Pure."""
