"""What the rules of app/studies/instrument.toml are called."""

from app.studies.instrument import rules

# By name, the rules that turn answers into expert or not, in words.
RULES = {rule.name: rule.title for rule in rules()}
