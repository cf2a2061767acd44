"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import app.verse

MODULES = [module.name for module in pkgutil.iter_modules(app.verse.__path__, "app.verse.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
