"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import app.analysis

MODULES = [module.name for module in pkgutil.iter_modules(app.analysis.__path__, "app.analysis.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
