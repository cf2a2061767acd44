"""How long the app's work takes, beside the least that it could take on the same machine.

A time alone says little: every one is given with a floor, measured in the same run, turn by turn.
"""
